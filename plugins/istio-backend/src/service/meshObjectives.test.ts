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
  projectObject,
  snapshotOf,
  type MeshObject,
} from '@mesh-portal/mesh-model';
import type { ClusterSync } from '../cluster';
import type { CachedResult, PrometheusSource } from '../prometheus';
import { BUILT_IN_SLO_DEFAULTS, type EntitySlo } from '../slo';
import { meshObjectives } from './meshObjectives';

const SERVICES = 5000;

function service(index: number): MeshObject {
  const object = projectObject(
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `service-${index}`, namespace: 'shop' },
      spec: {},
    },
    'Service',
  );
  if (!object) throw new Error('not a service');
  return object;
}

function row(name: string, part: string, value: number) {
  return {
    labels: {
      part,
      reporter: 'destination',
      destination_service_namespace: 'shop',
      destination_service_name: name,
    },
    samples: [{ at: 0, value }],
  };
}

const indexes = Array.from({ length: SERVICES }, (_, index) => index);
const snapshot = snapshotOf(indexes.map(service));
// Of a cluster only its name and snapshot are read here.
const sync = { name: 'east', snapshot } as unknown as ClusterSync;

function sourceOf(answer: CachedResult): PrometheusSource {
  return {
    explicit: true,
    queries: {
      name: 'fake',
      lastError: undefined,
      ofSource: async () => answer,
      ofSubjects: () => Promise.reject(new Error('not asked')),
    },
  };
}

const answer: CachedResult = {
  evaluatedAt: 0,
  warnings: [],
  series: indexes.flatMap(index => [
    row(`service-${index}`, 'all5m', 100),
    row(`service-${index}`, 'all1h', 100),
    row(`service-${index}`, 'bad5m', index === 7 ? 20 : 0.01),
    row(`service-${index}`, 'bad1h', index === 7 ? 20 : 0.01),
  ]),
};

describe('objectives of the whole mesh', () => {
  const strict: EntitySlo = {
    definition: {
      origin: 'annotation',
      originWords: 'annotation',
      availability: 99.99,
      periodDays: 30,
      view: 'server',
      exclude: [],
    },
  };
  const own: EntitySlo = {
    definition: {
      origin: 'annotation',
      originWords: 'annotation',
      availability: 99.9,
      periodDays: 30,
      view: 'client',
      exclude: [],
    },
  };
  const owners = new Map([
    ['shop/service-1', { entityRef: 'component:default/one', slo: strict }],
    ['shop/service-2', { entityRef: 'component:default/two', slo: own }],
  ]);

  function objectives(of: CachedResult) {
    return meshObjectives(sync, sourceOf(of), owners, BUILT_IN_SLO_DEFAULTS);
  }

  it('hold each service against its own target, others against the default', async () => {
    const briefs = await objectives(answer);
    expect(briefs.size).toBe(SERVICES);
    expect(briefs.get('shop/service-0')).toMatchObject({
      state: 'ok',
      origin: 'default',
      target: 99.5,
      burn: expect.closeTo(0.02),
    });
    expect(briefs.get('shop/service-1')).toMatchObject({
      origin: 'annotation',
      burn: expect.closeTo(1),
    });
    expect(briefs.get('shop/service-7')?.state).toBe('page');
  });

  it('do not claim what the list cannot count', async () => {
    const briefs = await objectives(answer);
    expect(briefs.get('shop/service-2')).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('see its page'),
    });
  });

  it('are the same ones as long as they follow from the same', async () => {
    const first = await objectives(answer);
    expect(await objectives(answer)).toBe(first);
    const others = await meshObjectives(
      sync,
      sourceOf(answer),
      new Map(),
      BUILT_IN_SLO_DEFAULTS,
    );
    expect(others.get('shop/service-1')).toMatchObject({ origin: 'default' });
    expect((await objectives(answer)).get('shop/service-1')).toMatchObject({
      origin: 'annotation',
    });
    snapshot.apply([{ type: 'upsert', object: service(SERVICES) }]);
    const grown = await objectives(answer);
    expect(grown.size).toBe(SERVICES + 1);
    expect(grown.get('shop/service-0')).toBe(first.get('shop/service-0'));
  });

  it('on partial numbers are not well', async () => {
    const briefs = await objectives({
      ...answer,
      warnings: ['a store is missing'],
    });
    expect(briefs.get('shop/service-0')?.state).toBe('unknown');
    expect(briefs.get('shop/service-7')?.state).toBe('page');
  });
});
