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

import fc from 'fast-check';
import { projectObject, type MeshObject } from '../objects';
import {
  snapshotOf,
  SnapshotStore,
  type MeshSnapshot,
  type ObjectChange,
} from '../snapshot';
import { controlPlaneView } from './controlPlaneView';

function projected(raw: object): MeshObject {
  const object = projectObject(raw);
  if (object === undefined) {
    throw new Error('The model must read the object.');
  }
  return object;
}

const names = fc.constantFrom('a', 'b');
const namespaces = fc.constantFrom('shop', 'web');
const revision = fc.constantFrom('', 'r1', 'r2', 'stable');
const labelled = (value: string) =>
  value === '' ? {} : { 'istio.io/rev': value };

const object = fc.oneof(
  fc.record({ name: names, namespace: namespaces, revision }).map(item =>
    projected({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: {
        name: item.name,
        namespace: item.namespace,
        labels: labelled(item.revision),
      },
      spec: {},
    }),
  ),
  fc.record({ name: names, namespace: namespaces }).map(item =>
    projected({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: item.name, namespace: item.namespace },
      spec: {},
    }),
  ),
  fc.record({ name: namespaces, seen: fc.boolean() }).map(item =>
    projected({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: item.name, labels: { mesh: item.seen ? 'on' : 'off' } },
    }),
  ),
  fc.constantFrom('r1', 'r2').map(target =>
    projected({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: {
        name: 'tag',
        labels: { 'istio.io/tag': 'stable', 'istio.io/rev': target },
      },
    }),
  ),
  fc
    .constantFrom('{}', "discoverySelectors: [{matchLabels: {mesh: 'on'}}]")
    .map(config =>
      projected({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'istio', namespace: 'istio-system' },
        data: { mesh: config },
      }),
    ),
);

const change: fc.Arbitrary<ObjectChange> = fc.oneof(
  object.map(each => ({ type: 'upsert' as const, object: each })),
  object.map(({ kind, metadata: { namespace, name } }) => ({
    type: 'delete' as const,
    kind,
    namespace,
    name,
  })),
);

const KINDS = ['PeerAuthentication', 'Service'] as const;

function seen(snapshot: MeshSnapshot, of: string) {
  const view = controlPlaneView(snapshot, of);
  return KINDS.flatMap(kind => [
    view.list(kind).map(({ metadata }) => metadata),
    view.list(kind, 'shop').map(({ metadata }) => metadata),
    ['a', 'b'].map(name => view.get(kind, 'web', name)?.metadata),
  ]);
}

describe('the view of a control plane', () => {
  it('after any sequence of changes is what a new one would be', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }),
        revision,
        (batches, of) => {
          const store = new SnapshotStore();
          for (const batch of batches) {
            store.apply(batch);
            seen(store, of);
          }
          const all = (
            [
              ...KINDS,
              'Namespace',
              'ConfigMap',
              'MutatingWebhookConfiguration',
            ] as const
          ).flatMap((kind): readonly MeshObject[] => store.list(kind));
          expect(seen(store, of)).toEqual(seen(snapshotOf(all), of));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never holds what another revision asked for, and never lets its version shrink', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), changes => {
        const store = new SnapshotStore();
        // Of the same view only: as long as nothing is left out, the view is the snapshot itself.
        const versions = new Map<MeshSnapshot, number>();
        for (const each of changes) {
          store.apply([each]);
          const view = controlPlaneView(store, 'r1');
          expect(
            view
              .list('PeerAuthentication')
              .filter(
                ({ metadata }) => metadata.labels['istio.io/rev'] === 'r2',
              ),
          ).toEqual([]);
          const version = view.versionOf('PeerAuthentication');
          expect(version).toBeGreaterThanOrEqual(versions.get(view) ?? 0);
          versions.set(view, version);
        }
      }),
    );
  });
});
