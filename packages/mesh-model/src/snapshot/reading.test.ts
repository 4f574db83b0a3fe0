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

import { projectObject, type MeshObject } from '../objects';
import { derivation } from './derivation';
import { AskedTable, lookUpTable } from './AskedTable';
import { differentElements } from './listDifference';
import { keptPerKey, keptPerObject } from './reading';
import { snapshotOf } from './SnapshotStore';
import type { MeshSnapshot } from './types';

function object(kind: string, namespace: string, name: string, more = {}) {
  const found = projectObject({
    apiVersion: 'v1',
    kind,
    metadata: { namespace, name, ...more },
  });
  if (found === undefined) {
    throw new Error(`${kind} must be projected`);
  }
  return found;
}

const upsert = (changed: MeshObject) => [
  { type: 'upsert' as const, object: changed },
];

const deletion = ({ kind, metadata: { namespace, name } }: MeshObject) => [
  { type: 'delete' as const, kind, namespace, name },
];

function counted<T>(compute: (snapshot: MeshSnapshot, key: string) => T) {
  const calls: string[] = [];
  const kept = keptPerKey((snapshot, key) => {
    calls.push(key);
    return compute(snapshot, key);
  });
  return { calls, kept };
}

describe('an answer that is kept', () => {
  it('is computed once as long as nothing changes', () => {
    const { calls, kept } = counted(
      (snapshot, key) => snapshot.list('Pod', key).length,
    );
    const store = snapshotOf([object('Pod', 'shop', 'a')]);
    expect([kept(store, 'shop'), kept(store, 'shop')]).toEqual([1, 1]);
    expect(calls).toEqual(['shop']);
  });

  it('is computed again after a change of the kind and namespace that it read, and of no other', () => {
    const { calls, kept } = counted(
      (snapshot, key) => snapshot.list('Pod', key).length,
    );
    const store = snapshotOf([object('Pod', 'shop', 'a')]);
    kept(store, 'shop');
    store.apply(upsert(object('Pod', 'pay', 'b')));
    store.apply(upsert(object('Service', 'shop', 'c')));
    expect(kept(store, 'shop')).toBe(1);
    expect(calls).toHaveLength(1);
    store.apply(upsert(object('Pod', 'shop', 'b')));
    expect(kept(store, 'shop')).toBe(2);
    expect(calls).toHaveLength(2);
  });

  it('depends on one object only where it read only one', () => {
    const { calls, kept } = counted(
      (snapshot, key) => snapshot.get('Pod', 'shop', key)?.metadata.labels.app,
    );
    const store = snapshotOf([]);
    expect(kept(store, 'a')).toBeUndefined();
    store.apply(upsert(object('Pod', 'shop', 'b')));
    expect(kept(store, 'a')).toBeUndefined();
    expect(calls).toHaveLength(1);
    store.apply(upsert(object('Pod', 'shop', 'a', { labels: { app: 'x' } })));
    expect(kept(store, 'a')).toBe('x');
  });

  it('depends on the pods that a selector finds, not on the others of the namespace', () => {
    const { calls, kept } = counted((snapshot, app) =>
      snapshot.podsBySelector('shop', { app }).map(pod => pod.metadata.name),
    );
    const store = snapshotOf([
      object('Pod', 'shop', 'a', { labels: { app: 'x' } }),
    ]);
    kept(store, 'x');
    store.apply(upsert(object('Pod', 'shop', 'b', { labels: { app: 'y' } })));
    kept(store, 'x');
    expect(calls).toHaveLength(1);
    store.apply(upsert(object('Pod', 'shop', 'c', { labels: { app: 'x' } })));
    expect(kept(store, 'x')).toEqual(['a', 'c']);
    store.apply(deletion(object('Pod', 'shop', 'a')));
    expect(kept(store, 'x')).toEqual(['c']);
  });

  it('depends on another answer by its value: what that one read does not count', () => {
    const inner = keptPerKey(snapshot => snapshot.list('Pod').length > 1);
    const { calls, kept } = counted(snapshot =>
      inner(snapshot, '') ? 'many' : 'few',
    );
    const store = snapshotOf([]);
    expect(kept(store, '')).toBe('few');
    store.apply(upsert(object('Pod', 'shop', 'a')));
    expect(kept(store, '')).toBe('few');
    expect(calls).toHaveLength(1);
    store.apply(upsert(object('Pod', 'shop', 'b')));
    expect(kept(store, '')).toBe('many');
    store.apply(deletion(object('Pod', 'shop', 'b')));
    expect(kept(store, '')).toBe('few');
  });

  it('follows another answer that begins to read something else', () => {
    const inner = keptPerKey(snapshot =>
      snapshot.get('Namespace', '', 'other')
        ? snapshot.list('Pod', 'other').length
        : 0,
    );
    const { kept } = counted(snapshot => `${inner(snapshot, '')} pods`);
    const store = snapshotOf([]);
    expect(kept(store, '')).toBe('0 pods');
    store.apply(upsert(object('Namespace', '', 'other')));
    expect(kept(store, '')).toBe('0 pods');
    store.apply(upsert(object('Pod', 'other', 'a')));
    expect(kept(store, '')).toBe('1 pods');
  });

  it('depends on a derivation by its value, and on a list by its elements', () => {
    const named = derivation(
      () => [{ kind: 'Pod' }],
      snapshot =>
        snapshot.list('Pod').filter(pod => pod.metadata.labels.app === 'x'),
    );
    const { calls, kept } = counted(snapshot => named(snapshot).length);
    const store = snapshotOf([]);
    expect(kept(store, '')).toBe(0);
    store.apply(upsert(object('Pod', 'shop', 'a')));
    expect(kept(store, '')).toBe(0);
    expect(calls).toHaveLength(1);
    store.apply(upsert(object('Pod', 'shop', 'b', { labels: { app: 'x' } })));
    expect(kept(store, '')).toBe(1);
  });

  it('depends on the entry of a table that it looked up, missing ones too, not on the table', () => {
    const byApp = derivation(
      () => [{ kind: 'Pod' }],
      (snapshot): ReadonlyMap<string, MeshObject> =>
        new Map(
          snapshot
            .list('Pod')
            .map(pod => [pod.metadata.labels.app ?? '', pod] as const),
        ),
    );
    const table = new AskedTable(byApp);
    const { calls, kept } = counted(
      (snapshot, app) =>
        lookUpTable(snapshot, table, 'pods', pods => pods).get(app)?.metadata
          .name,
    );
    const store = snapshotOf([]);
    expect(kept(store, 'x')).toBeUndefined();
    store.apply(upsert(object('Pod', 'shop', 'b', { labels: { app: 'y' } })));
    expect(kept(store, 'x')).toBeUndefined();
    expect(calls).toHaveLength(1);
    store.apply(upsert(object('Pod', 'shop', 'a', { labels: { app: 'x' } })));
    expect(kept(store, 'x')).toBe('a');
    store.apply(deletion(object('Pod', 'shop', 'a')));
    expect(kept(store, 'x')).toBeUndefined();
  });

  it('depends on the answer of a question to a table', () => {
    const pods = new AskedTable(snapshot => snapshot.list('Pod').length);
    const { calls, kept } = counted(snapshot =>
      pods.ask(
        snapshot,
        undefined,
        () => 'more than one',
        count => count > 1,
      ),
    );
    const store = snapshotOf([]);
    expect(kept(store, '')).toBe(false);
    store.apply(upsert(object('Pod', 'shop', 'a')));
    expect(kept(store, '')).toBe(false);
    expect(calls).toHaveLength(1);
    store.apply(upsert(object('Pod', 'shop', 'b')));
    expect(kept(store, '')).toBe(true);
  });

  it('asks a table again only about topics that changed there', () => {
    const names = derivation(
      () => [{ kind: 'Pod' }],
      snapshot => snapshot.list('Pod').map(({ metadata }) => metadata.name),
    );
    const table = new AskedTable(names, (before, after) => {
      const changed = differentElements(before, after);
      return changed === undefined ? 'any' : new Set(changed);
    });
    const asked: string[] = [];
    const isThere = (snapshot: MeshSnapshot, name: string) =>
      table.ask(
        snapshot,
        name,
        () => name,
        all => {
          asked.push(name);
          return all.includes(name);
        },
      );
    const isAlone = (snapshot: MeshSnapshot) =>
      table.ask(
        snapshot,
        undefined,
        () => 'alone',
        all => all.length === 1,
      );
    const { calls, kept } = counted((snapshot, name) =>
      [isThere(snapshot, name), isAlone(snapshot)].join(' '),
    );
    const store = snapshotOf([object('Pod', 'shop', 'a')]);
    expect([kept(store, 'a'), kept(store, 'b'), kept(store, 'c')]).toEqual([
      'true true',
      'false true',
      'false true',
    ]);
    asked.length = 0;
    calls.length = 0;
    store.apply(upsert(object('Pod', 'shop', 'b')));
    expect([kept(store, 'a'), kept(store, 'b'), kept(store, 'c')]).toEqual([
      'true false',
      'true false',
      'false false',
    ]);
    expect(asked).toEqual(['b']);
    store.apply(upsert(object('Pod', 'shop', 'c')));
    calls.length = 0;
    expect([kept(store, 'a'), kept(store, 'b'), kept(store, 'c')]).toEqual([
      'true false',
      'true false',
      'true false',
    ]);
    expect(calls).toEqual(['c']);
  });

  it('depends on a list that is given on as it is', () => {
    const all = derivation(
      () => [{ kind: 'Pod' }],
      snapshot => snapshot.list('Pod'),
    );
    const { kept } = counted(snapshot => all(snapshot).length);
    const store = snapshotOf([object('Pod', 'shop', 'a')]);
    expect(kept(store, '')).toBe(1);
    store.apply(upsert(object('Pod', 'shop', 'b')));
    expect(kept(store, '')).toBe(2);
  });

  it('hangs on its object and on its snapshot', () => {
    const labels = keptPerObject(
      (snapshot, pod: MeshObject) =>
        `${pod.metadata.name} of ${snapshot.list('Pod').length}`,
    );
    const pod = object('Pod', 'shop', 'a');
    const one = snapshotOf([pod]);
    const two = snapshotOf([pod, object('Pod', 'shop', 'b')]);
    expect([labels(one, pod), labels(two, pod), labels(one, pod)]).toEqual([
      'a of 1',
      'a of 2',
      'a of 1',
    ]);
  });

  it('that throws is asked again and does not disturb who asks next', () => {
    const { calls, kept } = counted((snapshot, key) => {
      if (snapshot.list('Pod').length === 0) {
        throw new Error('nothing there');
      }
      return key;
    });
    const store = snapshotOf([]);
    expect(() => kept(store, 'x')).toThrow('nothing there');
    store.apply(upsert(object('Pod', 'shop', 'a')));
    expect(kept(store, 'x')).toBe('x');
    expect(calls).toHaveLength(2);
  });
});
