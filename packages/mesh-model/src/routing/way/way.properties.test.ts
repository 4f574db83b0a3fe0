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
import { clientOfWorkload, workloadsOf } from '../../membership';
import { projectObject, type MeshObject } from '../../objects';
import { BASE_MESH } from '../../properties/__testUtils__/baseMesh';
import { clusterObject } from '../../properties/__testUtils__/clusterArbitrary';
import {
  meshObject,
  unique,
} from '../../properties/__testUtils__/meshArbitrary';
import { snapshotOf } from '../../snapshot';
import { wayOfRequest, type WayBranch, type WayStep } from '.';

const meshes = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: meshObject },
      { weight: 1, arbitrary: clusterObject },
    ),
    { maxLength: 12 },
  )
  .map(raws =>
    snapshotOf(
      unique([...BASE_MESH, ...raws]).flatMap((raw): MeshObject[] => {
        const object = projectObject(raw);
        return object === undefined ? [] : [object];
      }),
    ),
  );

const request = fc.record({
  host: fc.constantFrom(
    'a',
    'b.web',
    'a.shop.svc.cluster.local',
    'api.example.com',
    'nowhere',
  ),
  port: fc.constantFrom(80, 81, 443),
  path: fc.constantFrom('/', '/a', '/admin?x=1'),
});

/** Every path from the start to an end, with its steps. */
function walks(
  branch: WayBranch,
  before: readonly WayStep[] = [],
): { steps: readonly WayStep[]; ending: string | undefined }[] {
  const steps = [...before, ...branch.steps];
  return branch.branches.length === 0
    ? [{ steps, ending: branch.outcome?.ending }]
    : branch.branches.flatMap(next => walks(next, steps));
}

/** No end, delivered in spite of a step that stops it, or stopped by none. */
function contradictsItself({
  steps,
  ending,
}: ReturnType<typeof walks>[number]): boolean {
  const states = steps
    .filter(({ stage }) => stage !== 'locality' && stage !== 'server-retries')
    .map(({ state }) => state);
  switch (ending) {
    case undefined:
      return true;
    case 'delivered':
      return states.includes('fail') || states.includes('unknown');
    case 'failed':
    case 'denied':
      return states.at(-1) !== 'fail';
    default:
      return false;
  }
}

describe('the way of any request through any mesh', () => {
  it('ends somewhere for every request, and is delivered only where every step lets it pass', () => {
    const endings = new Set<string>();
    fc.assert(
      fc.property(meshes, request, (snapshot, asked) => {
        for (const workload of workloadsOf(snapshot)) {
          const way = wayOfRequest(
            snapshot,
            clientOfWorkload(snapshot, workload),
            asked,
          );
          const total = way.ends.reduce((sum, { share }) => sum + share, 0);
          expect(total).toBeCloseTo(100, 6);
          const all = walks(way);
          expect(all.filter(contradictsItself)).toEqual([]);
          for (const { ending } of all) {
            endings.add(ending ?? 'none');
          }
        }
      }),
      { numRuns: 300, seed: 20265 },
    );
    // The meshes must be of a kind in which much can happen, else this proves nothing.
    expect([...endings].sort()).toEqual(
      expect.arrayContaining(['delivered', 'denied', 'failed', 'outside']),
    );
  });
});
