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
import { BASE_MESH } from '../properties/__testUtils__/baseMesh';
import { meshObject, unique } from '../properties/__testUtils__/meshArbitrary';
import { snapshotOf } from '../snapshot';
import { endpointsFor } from './endpointReach';
import {
  hostnamesAcrossClusters,
  serviceAcrossClusters,
} from './serviceAcrossClusters';

function projected(raws: readonly unknown[]): MeshObject[] {
  return raws.flatMap(raw => projectObject(raw) ?? []);
}

const objects = fc.array(meshObject, { maxLength: 10 }).map(unique);

function answers(here: readonly MeshObject[], there: readonly MeshObject[]) {
  const clusters = [
    { cluster: 'here', snapshot: snapshotOf(here) },
    { cluster: 'there', snapshot: snapshotOf(there) },
  ];
  const hosts = [...hostnamesAcrossClusters(clusters)];
  return hosts.map(([host, names]) => {
    const service = serviceAcrossClusters(clusters, host);
    return {
      host,
      names,
      clusters: service?.services.map(({ cluster }) => cluster),
      endpoints: service?.endpoints.length,
      reach: (['sidecar', 'ambient'] as const).map(proxy =>
        service
          ? endpointsFor(clusters, service, { cluster: 'here', proxy }).map(
              ({ reach, says }) => `${reach}: ${says}`,
            )
          : [],
      ),
    };
  });
}

describe('services of any two clusters', () => {
  const base = projected(BASE_MESH);

  it('are joined the same in whatever order their objects arrive', () => {
    fc.assert(
      fc.property(objects, objects, (some, more) => {
        const here = [...base, ...projected(some)];
        const there = projected(more);
        expect(answers([...here].reverse(), [...there].reverse())).toEqual(
          answers(here, there),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('are named by exactly the clusters that have them, and each endpoint is answered for once', () => {
    fc.assert(
      fc.property(objects, objects, (some, more) => {
        for (const answer of answers(
          [...base, ...projected(some)],
          [...base, ...projected(more)],
        )) {
          expect(answer.clusters).toEqual(answer.names);
          for (const reach of answer.reach) {
            expect(reach).toHaveLength(answer.endpoints ?? -1);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
