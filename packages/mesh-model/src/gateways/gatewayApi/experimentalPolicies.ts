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
  booleanFlag,
  controlPlaneFlagsOf,
  systemNamespaceOf,
} from '../../identity';
import type { SlimObjectByKind } from '../../objects';
import type { MeshSnapshot } from '../../snapshot';

/**
 * The XBackendTrafficPolicies that istiod reads: none, unless its setting `PILOT_ENABLE_ALPHA_GATEWAY_API` switches
 * experimental kinds on. R7.25
 *
 * @param namespace - all of the mesh when left out
 */
export function trafficPoliciesRead(
  snapshot: MeshSnapshot,
  namespace?: string,
): readonly SlimObjectByKind['XBackendTrafficPolicy'][] {
  const written = snapshot.list('XBackendTrafficPolicy', namespace);
  return written.length > 0 &&
    booleanFlag(
      controlPlaneFlagsOf(snapshot, systemNamespaceOf(snapshot)),
      'PILOT_ENABLE_ALPHA_GATEWAY_API',
      false,
    )
    ? written
    : [];
}
