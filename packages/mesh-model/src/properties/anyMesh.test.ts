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
import type { MeshObject } from '../objects';
import { workloadOf, workloadsOf } from '../membership';
import {
  keptPerKey,
  snapshotOf,
  SnapshotStore,
  type MeshSnapshot,
} from '../snapshot';
import { projectWithRefusals } from '../validation';
import { BASE_MESH } from './__testUtils__/baseMesh';
import { clusterObject } from './__testUtils__/clusterArbitrary';
import {
  canonical,
  everyAnswer,
  SERVICE_QUESTIONS,
  WORKLOAD_QUESTIONS,
} from './__testUtils__/everyAnswer';
import {
  meshObject,
  strangeObject,
  unique,
} from './__testUtils__/meshArbitrary';

function projected(raws: readonly unknown[]): MeshObject[] {
  return raws.map(raw => {
    const object = projectWithRefusals(raw);
    if (object === undefined) {
      throw new Error(`The model must read ${JSON.stringify(raw)}.`);
    }
    return object;
  });
}

const base = projected(BASE_MESH);

/** Configuration mostly, and what it acts on. */
const anyObject = fc.oneof(
  { weight: 3, arbitrary: meshObject },
  { weight: 1, arbitrary: clusterObject },
);

/** Where an answer lists what does not act: objects out of scope may be named there, and only there. */
const WHAT_DOES_NOT_ACT = new Set([
  'losers',
  'overrides',
  'notActing',
  'idle',
  'ignored',
  'serviceEntries',
  'broken',
  'dropped',
  'sentences',
  'gatewayApi',
]);

describe('the answers of any mesh', () => {
  it('do not depend on the order in which its objects arrive', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyObject, { maxLength: 12 })
          .map(raws => unique([...BASE_MESH, ...raws]))
          .chain(raws =>
            fc.tuple(
              fc.constant(raws),
              fc.shuffledSubarray(raws, { minLength: raws.length }),
            ),
          ),
        ([raws, shuffled]) => {
          expect(canonical(everyAnswer(snapshotOf(projected(shuffled))))).toBe(
            canonical(everyAnswer(snapshotOf(projected(raws)))),
          );
        },
      ),
      { numRuns: 80, seed: 20265 },
    );
  });

  it('do not depend on objects that stand outside every scope', () => {
    fc.assert(
      fc.property(
        fc.array(anyObject, { maxLength: 8 }).map(unique),
        fc.array(strangeObject, { minLength: 1, maxLength: 6 }).map(unique),
        (raws, strangers) => {
          const inside = [...base, ...projected(raws)];
          const decisions = (objects: readonly MeshObject[]) =>
            canonical(everyAnswer(snapshotOf(objects)), WHAT_DOES_NOT_ACT);
          expect(decisions([...inside, ...projected(strangers)])).toBe(
            decisions(inside),
          );
        },
      ),
      { numRuns: 80, seed: 20266 },
    );
  });

  it('after any sequence of changes are those of a mesh that is built anew', () => {
    const change = fc.record({ object: anyObject, remove: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 6 }),
        batches => {
          const store = new SnapshotStore();
          store.apply(base.map(object => ({ type: 'upsert', object })));
          for (const batch of batches) {
            everyAnswer(store);
            store.apply(
              batch.flatMap(({ object: raw, remove }) =>
                projected([raw]).map(object =>
                  remove
                    ? {
                        type: 'delete' as const,
                        kind: object.kind,
                        namespace: object.metadata.namespace,
                        name: object.metadata.name,
                      }
                    : { type: 'upsert' as const, object },
                ),
              ),
            );
          }
          const objects = new Map<string, MeshObject>();
          for (const object of [
            ...base,
            ...batches
              .flat()
              .flatMap(({ object: raw, remove }) =>
                projected([raw]).map(each => ({ each, remove })),
              )
              .map(({ each, remove }) => ({ ...each, remove })),
          ]) {
            const { kind, metadata } = object;
            const key = `${kind} ${metadata.namespace}/${metadata.name}`;
            if ('remove' in object && object.remove === true) {
              objects.delete(key);
            } else {
              objects.set(key, object);
            }
          }
          expect(canonical(everyAnswer(store))).toBe(
            canonical(everyAnswer(snapshotOf(objects.values()))),
          );
        },
      ),
      { numRuns: 50, seed: 20267 },
    );
  });

  it('that are kept are those that would be computed, whatever changed in between', () => {
    const askService = (snapshot: MeshSnapshot, key: string) => {
      const [namespace, name, question] = key.split('/');
      const service = snapshot.get('Service', namespace, name);
      return (
        service && canonical(SERVICE_QUESTIONS[question](snapshot, service))
      );
    };
    const askWorkload = (snapshot: MeshSnapshot, key: string) => {
      const [namespace, kind, name, question] = key.split('/');
      const workload = workloadOf(snapshot, namespace, kind, name);
      return (
        workload && canonical(WORKLOAD_QUESTIONS[question](snapshot, workload))
      );
    };
    const keptService = keptPerKey(askService);
    const keptWorkload = keptPerKey(askWorkload);
    const keysOfServices = (snapshot: MeshSnapshot) =>
      snapshot
        .list('Service')
        .flatMap(({ metadata: { namespace, name } }) =>
          Object.keys(SERVICE_QUESTIONS).map(
            question => `${namespace}/${name}/${question}`,
          ),
        );
    const keysOfWorkloads = (snapshot: MeshSnapshot) =>
      workloadsOf(snapshot).flatMap(({ namespace, name, ref }) =>
        Object.keys(WORKLOAD_QUESTIONS).map(
          question => `${namespace}/${ref.kind}/${name}/${question}`,
        ),
      );
    fc.assert(
      fc.property(
        fc.array(fc.record({ raw: anyObject, remove: fc.boolean() }), {
          maxLength: 10,
        }),
        changes => {
          const store = snapshotOf(base);
          for (const { raw, remove } of changes) {
            const [object] = projected([raw]);
            const { namespace, name } = object.metadata;
            store.apply([
              remove
                ? { type: 'delete', kind: object.kind, namespace, name }
                : { type: 'upsert', object },
            ]);
            for (const key of keysOfServices(store)) {
              expect([key, keptService(store, key)]).toEqual([
                key,
                askService(store, key),
              ]);
            }
            for (const key of keysOfWorkloads(store)) {
              expect([key, keptWorkload(store, key)]).toEqual([
                key,
                askWorkload(store, key),
              ]);
            }
          }
        },
      ),
      { numRuns: 60, seed: 20268 },
    );
  });
});
