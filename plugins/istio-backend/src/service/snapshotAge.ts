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

import type {
  ClusterStatus,
  SnapshotStatus,
} from '@mesh-portal/backstage-plugin-istio-common';

/**
 * How old the state is that a view was made from: the age of the cluster that was heard of longest ago, in seconds.
 * A cluster that never answered has no age: it makes the view stale and gives no number, least of all 0.
 */
export function snapshotAge(
  statuses: readonly ClusterStatus[],
): Pick<SnapshotStatus, 'ageSeconds' | 'stale'> {
  const ages = statuses.flatMap(({ ageSeconds }) => ageSeconds ?? []);
  return {
    ...(ages.length > 0 && { ageSeconds: Math.max(...ages) }),
    stale: statuses.some(
      ({ state }) => state !== 'synced' && state !== 'disabled',
    ),
  };
}
