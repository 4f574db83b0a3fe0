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

export {
  clientTlsFor,
  destinationRuleFor,
  resilienceOf,
  type ClientTlsChoice,
  type DestinationRuleChoice,
} from './destinationRules';
export {
  inboundConnectionPoolOf,
  type InboundConnectionPool,
  type InboundPort,
} from './inboundConnectionPool';
export { localityPlanFor } from './localityPlanFor';
export type { LocalityPlan } from './localityPlan';
export type { Place } from './localityWeights';
export type { DestinationRuleStep } from './destinationRuleLookup';
export type { MergedDestinationRule, Sourced } from './mergedDestinationRule';
export type {
  EffectiveSetting,
  ResilienceSettings,
  SettingOrigin,
} from './resilience';
export {
  countEndpoints,
  countReadyOutsideCluster,
  hasCountableEndpoints,
  type EndpointCount,
} from './subsets';
export {
  endpointTlsModeFor,
  trafficPolicyFor,
  type EffectiveTrafficPolicy,
} from './trafficPolicy';
