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

export { confidenceOf } from './confidence';
export type { Confidence, ConfidenceReason } from './confidence';
export type { AnswerTopic } from './decidingFlags';
export { envoyFiltersOf } from './envoyFilters';
export type {
  AppliedEnvoyFilter,
  AppliedPatch,
  EnvoyFilters,
  IdleEnvoyFilter,
} from './envoyFilters';
export { envoyProxyOfClient, envoyProxyOfWorkload } from './envoyProxy';
export type { EnvoyProxy } from './envoyProxy';
export type { PatchArea } from './patchAreas';
export type { PatchWeakness } from './patchWeaknesses';
export { trafficExtensionsOf } from './trafficExtensions';
export type {
  AppliedExtension,
  ExtensionListeners,
  ExtensionPhase,
  IdleExtension,
  TrafficExtensions,
} from './trafficExtensions';
export { serverVerificationOf } from './serverVerification';
export type { ServerVerification } from './serverVerification';
