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

import type { MeshSnapshot } from '../snapshot/types';
import { booleanFlag, controlPlaneFlagsOf } from './controlPlaneFlags';
import { systemNamespaceOf } from './network';

function isOn(snapshot: MeshSnapshot, flag: string): boolean {
  const flags = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    snapshot.revision,
  );
  return booleanFlag(flags, flag, true);
}

/** Does the selector of a Service select WorkloadEntries, too? On, unless `PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES` says no. R2.15 */
export function servicesSelectMachines(snapshot: MeshSnapshot): boolean {
  return isOn(snapshot, 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES');
}

/** Does the selector of a ServiceEntry select pods, too? On, unless `PILOT_ENABLE_SERVICEENTRY_SELECT_PODS` says no. R8.12 */
export function serviceEntriesSelectPods(snapshot: MeshSnapshot): boolean {
  return isOn(snapshot, 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS');
}
