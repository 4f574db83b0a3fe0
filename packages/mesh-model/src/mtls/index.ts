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
  assumedServerMode,
  effectivePolicies,
  peerAuthenticationScopes,
  type ActiveMode,
  type EffectivePolicies,
  type PeerAuthenticationScopes,
} from './peerAuthentication';
export {
  ambientServerMode,
  serverModeOfPod,
  sidecarServerMode,
  type ServerMode,
} from './serverMode';
export { type SentTransport, type Transport } from './transport';
export {
  machineAcceptsMeshMtls,
  transportsToServiceEntry,
  type EntryTransport,
} from './serviceEntryTransport';
export { acceptedNamesOf, type AcceptedNames } from './acceptedNames';
export { trustVerdictOf } from './trustDomains';
export {
  mtlsPathOf,
  outcomeOf,
  podsOfService,
  targetPortOf,
  type EndpointGroup,
  type MtlsPath,
  type PathOutcome,
} from './path';
export {
  serverModesOfService,
  type ServicePortMode,
  type WorkloadMode,
} from './serviceModes';
