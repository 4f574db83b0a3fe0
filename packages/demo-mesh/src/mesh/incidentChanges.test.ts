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

import { startDemoMesh, type DemoMesh } from '..';
import { demoTopology } from './demoTopology';

const START = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;

describe('the past of the objects that began incidents', () => {
  let mesh: DemoMesh;

  beforeAll(async () => {
    mesh = await startDemoMesh({ now: () => START });
  });
  afterAll(() => mesh.stop());

  const changed = demoTopology.incidents.filter(
    ({ cause }) => cause.before.length > 0,
  );

  it.each(changed)(
    '$cause.name was written when $id began, and is older',
    ({ cause, startMinutesAgo }) => {
      const { resource, namespace, name, by } = cause;
      const { metadata } = mesh.store.get(resource, namespace, name) ?? {};
      const begun = START - startMinutesAgo * MINUTE;
      expect(metadata?.managedFields).toContainEqual(
        expect.objectContaining({
          manager: by,
          time: new Date(begun).toISOString().replace('.000', ''),
        }),
      );
      expect(metadata?.generation).toBe(2);
      expect(Date.parse(metadata?.creationTimestamp ?? '')).toBeLessThan(begun);
    },
  );

  it('the bad release came with a new ReplicaSet', () => {
    const [, latest] = mesh.store
      .list('replicasets.apps', 'bookinfo')
      .filter(({ metadata }) => metadata.name.startsWith('reviews-v3-'))
      .sort((a, b) =>
        (a.metadata.creationTimestamp ?? '') <
        (b.metadata.creationTimestamp ?? '')
          ? -1
          : 1,
      );
    expect(Date.parse(latest?.metadata.creationTimestamp ?? '')).toBe(
      START - 42 * MINUTE,
    );
    expect(latest?.spec?.replicas).toBe(1);
  });
});
