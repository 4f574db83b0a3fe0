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

export * from './policyTarget';
export type {
  AuthorizationRequest,
  PeerIdentity,
  RequestToken,
  SpiffePeer,
} from './request';
export { policiesOf, targetRefsOf } from './attachment';
export type {
  AttachedPolicies,
  AttachedPolicy,
  NotActingCause,
  PolicyNotActing,
} from './attachment';
export { evaluatePolicies, evaluateRequest } from './decision';
export type { AuthorizationDecision, ShadowResult } from './decision';
export { postureOf } from './posture';
export type { AuthorizationPosture, PostureAnswer } from './posture';
export { sentencesOf } from './sentences';
export type { PolicySentences, RuleSentence, SentencePart } from './sentences';
export {
  httpAttributesOfRule,
  ztunnelAuthorizationOf,
} from './ztunnelAuthorization';
export type {
  ZtunnelAuthorization,
  ZtunnelGroup,
  ZtunnelMatch,
} from './ztunnelAuthorization';
export { expandTrustDomainAliases } from './trustDomain';
export { pathTemplateProblem } from './pathTemplate';
export { convertPeerAuthentication } from './ztunnelPeerAuthentication';
export type { ConvertedPeerAuthentication } from './ztunnelPeerAuthentication';
export { hasCustomPolicies } from './customProviders';
export { externalAuthorizersOf } from './externalAuthorizers';
export { ENFORCING_PROXY } from './enforcingProxy';
export { authorizationMeshOf, policyTargetOf } from './meshBinding';
export { attributesInWords } from './attributeWords';
export { evaluatePath } from './path';
export type { AuthorizationHop, PathDecision } from './path';
