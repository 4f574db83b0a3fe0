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

import { controlPlaneView, meshConfigOf } from '../identity';
import type { Client } from '../membership';
import { scopeOf } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import { destinationRuleFor } from './destinationRules';
import { localityPlanOf, type LocalityPlan } from './localityPlan';
import { trafficPolicyFor } from './trafficPolicy';

/** How a client prefers the endpoints of a port of a host by where they run. R6.14 */
export function localityPlanFor(
  mesh: MeshSnapshot,
  client: Client,
  host: string,
  port: number,
): LocalityPlan {
  const snapshot = controlPlaneView(mesh, client.revision);
  const { rule } = destinationRuleFor(snapshot, client, host);
  const policy = trafficPolicyFor(rule, port);
  const config = meshConfigOf(snapshot);
  const outlierDetection =
    policy.outlierDetection ?? config.defaultTrafficPolicy?.outlierDetection;
  return localityPlanOf(
    snapshot,
    policy,
    config,
    scopeOf(snapshot, client).serviceOf(host)?.object,
    outlierDetection !== undefined,
  );
}
