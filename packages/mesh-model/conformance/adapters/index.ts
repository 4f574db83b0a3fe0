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

import type { Adapters } from '../runner';
import { ambientTests } from './ambient';
import { ambientPolicies } from './ambientPolicies';
import { authorizationTests } from './authorization';
import { authzRbac, type AuthzRbacCase } from './authzRbac';
import { gatewayApiTests } from './gatewayApi';
import { gatewayApiExclusion, gatewayApiFiles } from './gatewayApiFiles';
import { istioctlTests } from './istioctl';
import { peerAuthenticationTests } from './peerAuthentication';
import { peerAuthenticationSimulationTests } from './peerAuthenticationSimulation';
import { primitivesTests } from './primitives';
import { pushContextExcluded, pushContextTests } from './pushContext';
import { routeSimulationTests } from './routeSimulation';
import { routesTests } from './routes';
import { sidecarScopeTests } from './sidecarScope';
import { trustDomainTests } from './trustDomain';
import { validationTests } from './validation';
import { virtualServiceTests } from './virtualService';

function asList(files: string | readonly string[]): readonly string[] {
  return typeof files === 'string' ? [files] : files;
}

/** Every adapter, by the corpus it judges. */
export const adapters: Adapters = {
  tables: {
    ambient: ambientTests,
    primitives: primitivesTests,
    istioctl: istioctlTests,
    'peer-authentication': peerAuthenticationTests,
    'peer-authentication-simulation': peerAuthenticationSimulationTests,
    authorization: { tests: authorizationTests },
    'trust-domain': { tests: trustDomainTests },
    validation: { tests: validationTests },
    'virtual-service': { tests: virtualServiceTests },
    'push-context': { tests: pushContextTests, excluded: pushContextExcluded },
    'sidecar-scope': { tests: sidecarScopeTests },
    routes: { tests: routesTests },
    'gateway-api': { tests: gatewayApiTests },
    'route-simulation': { tests: routeSimulationTests },
  },
  files: {
    'ambient-policies': {
      judge: ({ input, expected }, read) =>
        ambientPolicies(read(input), asList(expected).map(read).join('\n')),
    },
    'gateway-api': {
      exclusion: ({ input }, read) => gatewayApiExclusion(read(input)),
      judge: ({ input, expected, expectedStatus }, read) =>
        gatewayApiFiles(
          read(input),
          asList(expected).map(read).join('\n---\n'),
          typeof expectedStatus === 'string' ? read(expectedStatus) : undefined,
        ),
    },
    'authz-rbac': {
      judge: (testCase, read) =>
        authzRbac(
          // The manifest of this corpus names the proxy of every case.
          testCase as unknown as AuthzRbacCase,
          read(testCase.input),
          asList(testCase.expected).map(read),
        ),
    },
  },
};
