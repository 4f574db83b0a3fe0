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
import { snapshotAge } from './snapshotAge';

function cluster(
  state: ClusterStatus['state'],
  ageSeconds?: number,
): ClusterStatus {
  return {
    name: 'demo',
    state,
    missingKinds: [],
    istioVersions: [],
    ...(ageSeconds !== undefined && { ageSeconds }),
  };
}

describe('snapshotAge', () => {
  it('is of the cluster that was heard of longest ago', () => {
    expect(snapshotAge([cluster('synced', 2), cluster('stale', 90)])).toEqual({
      ageSeconds: 90,
      stale: true,
    });
  });

  it('has no number where no cluster was ever read, and is stale', () => {
    expect(snapshotAge([cluster('unreachable')])).toEqual({ stale: true });
  });

  it('a cluster that was never read makes the view stale, whatever the others are', () => {
    expect(snapshotAge([cluster('synced', 1), cluster('syncing')])).toEqual({
      ageSeconds: 1,
      stale: true,
    });
  });

  it('clusters that are switched off make nothing stale', () => {
    expect(snapshotAge([cluster('synced', 1), cluster('disabled')])).toEqual({
      ageSeconds: 1,
      stale: false,
    });
  });
});
