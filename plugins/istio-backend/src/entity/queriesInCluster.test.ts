/*
 * Copyright 2026 The Istio for Backstage Authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

import type { Entity } from '@backstage/catalog-model';
import {
  type MeshObject,
  projectObject,
  snapshotOf,
} from '@mesh-portal/mesh-model';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { resolveEntity } from './entityResolution';
import type { ClusterMatch } from './clusterMatches';
import {
  matchQueries,
  queryOf,
  servicesOfQueries,
  type ServicesOfQueries,
} from './queriesInCluster';

const NAMES = ['a', 'b', 'c'];
const NAMESPACES = ['shop', 'bank'];
const ID = 'backstage.io/kubernetes-id';

function object(
  kind: string,
  metadata: object,
  spec: object,
  apiVersion = 'v1',
): MeshObject {
  const found = projectObject({ apiVersion, kind, metadata, spec });
  if (!found) throw new Error(`${kind} is not read`);
  return found;
}

const labels = fc.record(
  {
    app: fc.constantFrom(...NAMES),
    tier: fc.constantFrom(...NAMES),
    [ID]: fc.constantFrom(...NAMES),
  },
  { requiredKeys: [] },
);

const meta = fc.record({
  name: fc.constantFrom(...NAMES),
  namespace: fc.constantFrom(...NAMESPACES),
  labels,
});

const KINDS = ['StatefulSet', 'DaemonSet'];

const service = fc
  .tuple(meta, fc.constantFrom('ClusterIP', 'ClusterIP', 'ExternalName'))
  .map(([metadata, type]) =>
    object('Service', metadata, {
      selector: { run: metadata.name },
      type,
      ...(type === 'ExternalName' && { externalName: 'example.com' }),
    }),
  );

const pod = fc
  .tuple(
    meta,
    fc.constantFrom(...NAMES),
    fc.constantFrom(...KINDS, undefined),
    fc.constantFrom(...NAMES),
  )
  .map(([metadata, run, kind, name]) =>
    object(
      'Pod',
      {
        ...metadata,
        labels: { run, ...metadata.labels },
        ...(kind && { ownerReferences: [{ kind, name, controller: true }] }),
      },
      { containers: [] },
    ),
  );

const workload = fc
  .tuple(fc.constantFrom(...KINDS), meta)
  .map(([kind, metadata]) => object(kind, metadata, {}, 'apps/v1'));

const serviceEntry = fc
  .tuple(meta, fc.subarray(['api.example.com', 'db.example.com']))
  .map(([metadata, hosts]) =>
    object('ServiceEntry', metadata, { hosts }, 'networking.istio.io/v1'),
  );

/** Services of each kind, pods with and without owners, and the owners: they come, change and go. */
const change = fc.record({
  gone: fc.constantFrom(false, false, true),
  object: fc.oneof(service, pod, workload, serviceEntry),
});

const annotations = fc.oneof(
  fc.record(
    {
      [ID]: fc.constantFrom(...NAMES),
      'backstage.io/kubernetes-namespace': fc.constantFrom(...NAMESPACES),
    },
    { requiredKeys: [ID] },
  ),
  fc.record(
    {
      'backstage.io/kubernetes-label-selector': fc.constantFrom(
        'app=a',
        'app=a,tier=b',
        'app in (a, b)',
        'app!=a',
        'tier',
      ),
      'backstage.io/kubernetes-namespace': fc.constantFrom(...NAMESPACES),
    },
    { requiredKeys: ['backstage.io/kubernetes-label-selector'] },
  ),
  fc.record({
    'backstage.io/istio-services': fc.constantFrom(
      'shop/a',
      'shop/a,bank/b',
      'shop/a,host:api.example.com',
      'not a name',
    ),
  }),
);

const NOTHING: ClusterMatch = {
  services: [],
  serviceEntries: [],
  workloads: [],
};

function namesIn({ services, serviceEntries, workloads }: ClusterMatch) {
  return {
    services: services
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
      .sort(),
    entries: serviceEntries
      .map(({ entry, host }) => `${entry.metadata.name} ${host}`)
      .sort(),
    workloads: workloads
      .map(({ namespace, kind, name }) => `${namespace}/${kind}/${name}`)
      .sort(),
  };
}

describe('The services of many entities', () => {
  it('are those that each entity is resolved to, whatever changed before', () => {
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 10, maxLength: 40 }),
        fc.array(annotations, { minLength: 1, maxLength: 6 }),
        (changes, annotated) => {
          const snapshot = snapshotOf(
            NAMESPACES.map(name => object('Namespace', { name }, {})),
          );
          const cluster = { name: 'demo', snapshot, complete: true };
          const entities = annotated.map(
            (each, index): Entity => ({
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Component',
              metadata: {
                name: `e${index}`,
                annotations: each as Record<string, string>,
              },
            }),
          );
          const readable = entities.flatMap(entity => {
            const query = queryOf(entity);
            return query ? [{ entity, query }] : [];
          });
          const queries = readable.map(({ query }) => query);
          let last: ServicesOfQueries | undefined;
          for (const each of changes) {
            const { kind, metadata } = each.object;
            const { namespace, name } = metadata;
            snapshot.apply([
              each.gone
                ? { type: 'delete', kind, namespace, name }
                : { type: 'upsert', object: each.object },
            ]);
            const now = servicesOfQueries(snapshot, queries, last);
            const resolved = readable.map(
              ({ entity }) =>
                resolveEntity(entity, [cluster], undefined).matches.get(
                  'demo',
                ) ?? NOTHING,
            );
            const servicesOf = resolved.map(match => namesIn(match).services);
            expect(now.found.map(({ keys }) => [...keys].sort())).toEqual(
              servicesOf,
            );
            // The list stays the same exactly as long as what is found does.
            expect(now.found === last?.found).toBe(
              isDeepStrictEqual(now.found, last?.found),
            );
            const matchOf = matchQueries(snapshot);
            expect(queries.map(query => namesIn(matchOf(query)))).toEqual(
              resolved.map(namesIn),
            );
            last = now;
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('are none for an entity whose annotations ask for nothing, or cannot be read', () => {
    const annotated = (written: Record<string, string>): Entity => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'cart', annotations: written },
    });
    expect(queryOf(annotated({}))).toBeUndefined();
    expect(
      queryOf(annotated({ 'backstage.io/istio-services': 'not a name' })),
    ).toBeUndefined();
  });
});
