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

import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import {
  type MeshObject,
  type MeshSnapshot,
  projectObject,
  snapshotOf,
} from '@mesh-portal/mesh-model';
import fc from 'fast-check';
import { meshServicesView } from './meshServicesView';
import type { ServiceTraffic } from './meshTraffic';

function object(kind: string, name: string, body: object): MeshObject {
  const projected = projectObject({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'shop', labels: { app: 'cart' } },
    ...body,
  });
  if (!projected) throw new Error(`${kind} is not read`);
  return projected;
}

const snapshot = snapshotOf([
  object('Service', 'cart', {
    spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80 }] },
  }),
  object('Pod', 'cart-1', {
    spec: { containers: [{ name: 'cart', image: 'cart' }] },
    status: { phase: 'Running' },
  }),
]);

function row(missingKinds: ClusterStatus['missingKinds']) {
  const [service] = meshServicesView([
    {
      name: 'demo',
      snapshot,
      status: { name: 'demo', state: 'synced', missingKinds },
      traffic: undefined,
      owners: new Map(),
    },
  ]).services;
  return service;
}

describe('the list of services', () => {
  it('says unknown, with the reason, where a kind it rests on is forbidden', () => {
    const message = 'cannot list peerauthentications: forbidden';
    const { mtls } = row([
      { kind: 'PeerAuthentication', reason: 'forbidden', message },
    ]);
    expect(mtls.state).toBe('unknown');
    expect(mtls.reason).toBe(message);
  });

  it('judges where everything could be read, as the service’s own page does', () => {
    expect(row([]).mtls).toEqual({
      state: 'not-applicable',
      reason:
        'The service is not in the mesh: Istio encrypts nothing of its traffic',
    });
  });

  it('names a service in the domain of its cluster', () => {
    expect(row([]).service.host).toBe('cart.shop.svc.cluster.local');
    snapshot.apply([
      {
        type: 'upsert',
        object: object('Deployment', 'istiod', {
          apiVersion: 'apps/v1',
          metadata: { name: 'istiod', namespace: 'istio-system' },
          spec: {
            template: {
              metadata: { labels: { app: 'istiod' } },
              spec: {
                containers: [
                  {
                    name: 'discovery',
                    args: ['discovery', '--domain', 'corp.internal'],
                  },
                ],
              },
            },
          },
        }),
      },
    ]);
    expect(row([]).service.host).toBe('cart.shop.svc.corp.internal');
  });
});

describe('lists one after the other', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const service = (name: string, namespace: string) =>
    object('Service', name, {
      metadata: { name, namespace },
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
    });
  const denial = (name: string, namespace: string) =>
    object('AuthorizationPolicy', name, {
      apiVersion: 'security.istio.io/v1',
      metadata: { name, namespace },
      spec: { selector: { matchLabels: { app: name } } },
    });

  interface State {
    objects: readonly MeshObject[];
    traffic: ReadonlyMap<string, ServiceTraffic> | undefined;
    owners: ReadonlyMap<string, { entityRef: string }>;
    missingKinds: ClusterStatus['missingKinds'];
  }

  const viewOf = (
    cluster: MeshSnapshot,
    { traffic, owners, missingKinds }: State,
  ) =>
    meshServicesView([
      {
        name: 'demo',
        snapshot: cluster,
        status: { name: 'demo', state: 'synced', missingKinds },
        traffic,
        owners,
      },
    ]);

  /** What may change between two lists: an object, the traffic, who asks, what may be read. */
  const step = fc.oneof(
    fc.record({
      object: fc
        .tuple(
          fc.constantFrom(service, denial),
          fc.constantFrom(...names),
          fc.constantFrom('shop', 'bank'),
        )
        .map(([make, name, namespace]) => make(name, namespace)),
      gone: fc.boolean(),
    }),
    fc.record({
      traffic: fc.option(
        fc
          .dictionary(
            fc.constantFrom(...names),
            fc.double({ min: 0, max: 1, noNaN: true }),
          )
          .map(
            shares =>
              new Map(
                Object.entries(shares).map(
                  ([name, share5xx]): [string, ServiceTraffic] => [
                    `shop/${name}`,
                    {
                      requestsPerSecond: 1,
                      share5xx,
                      seen: { reason: 'nothing was seen' },
                    },
                  ],
                ),
              ),
          ),
        { nil: undefined },
      ),
    }),
    fc.record({
      owners: fc
        .subarray(names)
        .map(
          owned =>
            new Map(
              owned.map(name => [
                `bank/${name}`,
                { entityRef: `component:default/${name}` },
              ]),
            ),
        ),
    }),
    fc.record({
      missingKinds: fc.constantFrom<ClusterStatus['missingKinds']>(
        [],
        [{ kind: 'Pod', reason: 'forbidden', message: 'forbidden' }],
      ),
    }),
  );

  it('say what one that is made anew says, in the same order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        const start = names.flatMap(name => [
          service(name, 'shop'),
          service(name, 'bank'),
        ]);
        const kept = snapshotOf(start);
        const keyOf = ({ kind, metadata }: MeshObject) =>
          `${kind} ${metadata.namespace}/${metadata.name}`;
        const there = new Map(start.map(each => [keyOf(each), each]));
        let state: State = {
          objects: start,
          traffic: undefined,
          owners: new Map(),
          missingKinds: [],
        };
        // One after the other: a list that is made anew in between would take the place of the last one.
        const lists = steps.map(each => {
          if ('object' in each) {
            const { kind, metadata } = each.object;
            const { namespace, name } = metadata;
            kept.apply([
              each.gone
                ? { type: 'delete', kind, namespace, name }
                : { type: 'upsert', object: each.object },
            ]);
            if (each.gone) there.delete(keyOf(each.object));
            else there.set(keyOf(each.object), each.object);
          }
          state = {
            ...state,
            ...('object' in each ? {} : each),
            objects: [...there.values()],
          };
          return { state, view: viewOf(kept, state) };
        });
        for (const { state: at, view } of lists) {
          expect(view).toEqual(viewOf(snapshotOf(at.objects), at));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('do not mix up their orders when one shows some of the clusters', () => {
    const clusters = ['east', 'west'].map(name => ({
      name,
      snapshot: snapshotOf(names.map(each => service(each, name))),
      status: { name, state: 'synced' as const, missingKinds: [] },
      traffic: undefined,
      owners: new Map(),
    }));
    const both = meshServicesView(clusters);
    expect(meshServicesView([clusters[1]]).services).toEqual(
      both.services.filter(each => each.service.cluster === 'west'),
    );
    expect(meshServicesView(clusters)).toEqual(both);
  });
});
