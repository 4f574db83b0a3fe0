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

import {
  type MeshObject,
  type ObjectChange,
  projectObject,
  SnapshotStore,
} from '@mesh-portal/mesh-model';
import { ChangeLog } from './ChangeLog';

function route(weight: number, more: object = {}): MeshObject {
  const object = projectObject(
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews', namespace: 'bookinfo', ...more },
      spec: {
        hosts: ['reviews'],
        http: [
          {
            route: [{ destination: { host: 'reviews', subset: 'v1' }, weight }],
          },
        ],
      },
    },
    'VirtualService',
  );
  if (!object) throw new Error('not an object');
  return object;
}

const DELETED: ObjectChange = {
  type: 'delete',
  kind: 'VirtualService',
  namespace: 'bookinfo',
  name: 'reviews',
};

describe('the log of changes', () => {
  let time = 0;
  let store: SnapshotStore;
  let log: ChangeLog;

  function apply(...changes: ObjectChange[]) {
    time += 1000;
    log.note(store, changes);
    store.apply(changes);
  }

  beforeEach(() => {
    time = 0;
    store = new SnapshotStore();
    log = new ChangeLog(() => time);
  });

  it('keeps what was created, changed and deleted, latest first', () => {
    apply({ type: 'upsert', object: route(90) });
    apply({ type: 'upsert', object: route(50) });
    apply(DELETED);
    expect(log.latest()).toEqual([
      expect.objectContaining({ what: 'deleted', at: 3000, name: 'reviews' }),
      expect.objectContaining({
        what: 'changed',
        at: 2000,
        fields: ['spec.http[0].route[0].weight: 90 → 50'],
      }),
      expect.objectContaining({ what: 'created', at: 1000, fields: [] }),
    ]);
  });

  it('leaves out updates that change nothing a person wrote', () => {
    apply({ type: 'upsert', object: route(90) });
    apply({ type: 'upsert', object: route(90, { resourceVersion: '7' }) });
    expect(log.latest()).toHaveLength(1);
  });

  it('leaves out the deletion of what was not known', () => {
    apply(DELETED);
    expect(log.latest()).toEqual([]);
  });

  it('leaves out pods, which come and go', () => {
    const pod = projectObject(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: {} },
      'Pod',
    );
    if (!pod) throw new Error('not a pod');
    apply({ type: 'upsert', object: pod });
    expect(log.latest()).toEqual([]);
  });

  it('is bounded', () => {
    for (let weight = 0; weight < 1100; weight++) {
      apply({ type: 'upsert', object: route(weight) });
    }
    expect(log.latest()).toHaveLength(1000);
    expect(log.latest()[0].fields[0]).toContain('→ 1099');
  });
});
