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
import { snapshotOf, SnapshotStore } from './SnapshotStore';
import type { ObjectChange } from './types';

const pod = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    namespace: fc.constantFrom('x', 'y'),
    labels: fc.dictionary(
      fc.constantFrom('app', 'version'),
      fc.constantFrom('1', '2'),
    ),
    second: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ second, ...metadata }): MeshObject => {
    const object = projectObject({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        creationTimestamp: `2024-01-01T00:00:0${second}Z`,
        ownerReferences: [{ kind: 'DaemonSet', name: 'd', controller: true }],
      },
    });
    if (object === undefined) {
      throw new Error('A named pod must be projected.');
    }
    return object;
  });

const change: fc.Arbitrary<ObjectChange> = fc.oneof(
  pod.map(object => ({ type: 'upsert' as const, object })),
  pod.map(({ metadata: { namespace, name } }) => ({
    type: 'delete' as const,
    kind: 'Pod' as const,
    namespace,
    name,
  })),
);

function answers(snapshot: SnapshotStore) {
  return {
    all: snapshot.list('Pod'),
    x: snapshot.list('Pod', 'x'),
    selected: snapshot.podsBySelector('x', { app: '1' }),
    both: snapshot.podsBySelector('y', { app: '1', version: '2' }),
    owned: snapshot.podsOfWorkload('x', 'DaemonSet', 'd'),
  };
}

describe('the indexes of the store', () => {
  it('answer after any sequence of changes as if built anew', () => {
    fc.assert(
      fc.property(fc.array(fc.array(change), { maxLength: 60 }), batches => {
        const store = new SnapshotStore();
        for (const batch of batches) {
          store.apply(batch);
          store.list('Pod');
        }
        expect(answers(store)).toEqual(answers(snapshotOf(store.list('Pod'))));
      }),
      { numRuns: 100 },
    );
  });

  it('do not depend on the order in which objects arrive', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(pod, {
          selector: ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
        }),
        pods => {
          expect(answers(snapshotOf([...pods].reverse()))).toEqual(
            answers(snapshotOf(pods)),
          );
        },
      ),
    );
  });
});
