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
  AuthorizationPolicySpec,
  AuthorizationRule,
  AuthorizationSource,
  AuthorizationOperation,
  AuthorizationCondition,
  JwtRule,
  MutualTlsMode,
  PeerAuthenticationSpec,
  RequestAuthenticationSpec,
} from './security';
import type { PolicyTargetReference, WorkloadSelector } from './attachment';
import {
  alsoNamed,
  boolean,
  demanded,
  list,
  mapOf,
  oneOf,
  record,
  string,
  stringMap,
  withDefault,
} from './shape';

export const workloadSelector = record<WorkloadSelector>({
  matchLabels: stringMap,
});

export const policyTargetReference = record<PolicyTargetReference>({
  group: string,
  kind: demanded(string),
  name: demanded(string),
  namespace: string,
});

const mutualTls = record<{ mode?: MutualTlsMode }>({
  mode: oneOf(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']),
});

export const peerAuthenticationSpec = record<PeerAuthenticationSpec>({
  selector: workloadSelector,
  mtls: mutualTls,
  portLevelMtls: mapOf(mutualTls),
});

const plainJwtRule = record<JwtRule>({
  issuer: withDefault(string, ''),
  audiences: list(string),
  jwksUri: string,
  jwks: string,
  fromHeaders: list(
    record<{ name: string; prefix?: string }>({
      name: demanded(string),
      prefix: string,
    }),
  ),
  fromParams: list(string),
  fromCookies: list(string),
  outputPayloadToHeader: string,
  forwardOriginalToken: boolean,
  outputClaimToHeaders: list(
    record<{ header: string; claim: string }>({
      header: demanded(string),
      claim: demanded(string),
    }),
  ),
  timeout: string,
  spaceDelimitedClaims: list(string),
});

const jwtRule = alsoNamed(plainJwtRule, { jwks_uri: 'jwksUri' });

export const requestAuthenticationSpec = record<RequestAuthenticationSpec>({
  selector: workloadSelector,
  targetRef: policyTargetReference,
  targetRefs: list(policyTargetReference),
  jwtRules: list(jwtRule),
});

const strings = list(string);

const source = record<AuthorizationSource>({
  principals: strings,
  notPrincipals: strings,
  requestPrincipals: strings,
  notRequestPrincipals: strings,
  namespaces: strings,
  notNamespaces: strings,
  serviceAccounts: strings,
  notServiceAccounts: strings,
  trustDomains: strings,
  notTrustDomains: strings,
  ipBlocks: strings,
  notIpBlocks: strings,
  remoteIpBlocks: strings,
  notRemoteIpBlocks: strings,
});

const operation = record<AuthorizationOperation>({
  hosts: strings,
  notHosts: strings,
  ports: strings,
  notPorts: strings,
  methods: strings,
  notMethods: strings,
  paths: strings,
  notPaths: strings,
});

const rule = record<AuthorizationRule>({
  from: list(record<{ source?: AuthorizationSource }>({ source })),
  to: list(record<{ operation?: AuthorizationOperation }>({ operation })),
  when: list(
    record<AuthorizationCondition>({
      key: demanded(string),
      values: strings,
      notValues: strings,
    }),
  ),
});

export const authorizationPolicySpec = record<AuthorizationPolicySpec>({
  selector: workloadSelector,
  targetRef: policyTargetReference,
  targetRefs: list(policyTargetReference),
  action: withDefault(oneOf(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']), 'ALLOW'),
  provider: record<{ name: string }>({ name: demanded(string) }),
  rules: list(rule),
});
