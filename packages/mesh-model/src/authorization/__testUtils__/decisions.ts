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

import { mesh as snapshotFrom } from '../../testing';
import { policiesOf } from '../attachment';
import { evaluateRequest } from '../decision';
import type { AuthorizationMesh, PolicyTarget } from '../policyTarget';
import type { AuthorizationRequest } from '../request';

/** The mesh of the scenarios. */
export const MESH: AuthorizationMesh = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
  externalAuthorizers: [
    { name: 'opa', protocol: 'grpc', service: 'opa.auth.svc.cluster.local' },
  ],
};

/** Workload `a` of namespace `foo`, with a sidecar. */
export const SIDECAR: PolicyTarget = {
  proxy: 'sidecar',
  namespace: 'foo',
  labels: { app: 'a' },
};

/** The same, captured by ztunnel. */
export const AMBIENT: PolicyTarget = { ...SIDECAR, proxy: 'ambient' };

/** The waypoint of service `a`. */
export const WAYPOINT: PolicyTarget = {
  proxy: 'waypoint',
  namespace: 'foo',
  labels: { 'gateway.networking.k8s.io/gateway-name': 'wp' },
  services: [{ name: 'a', namespace: 'foo', registry: 'Kubernetes' }],
};

/** A request of a caller in the same namespace. */
export const GET: AuthorizationRequest = {
  protocol: 'http',
  peer: { namespace: 'foo', serviceAccount: 'caller' },
  sourceIp: '10.0.0.1',
  remoteIp: '10.0.0.1',
  destinationIp: '10.0.0.2',
  host: 'a',
  method: 'GET',
  path: '/',
  port: 8080,
  headers: {},
  sni: '',
  token: 'none',
};

/** A connection of that caller. */
export const TCP: AuthorizationRequest = {
  protocol: 'tcp',
  peer: GET.peer,
  sourceIp: '10.0.0.1',
  destinationIp: '10.0.0.2',
  port: 9000,
};

/** An AuthorizationPolicy as YAML. */
export function policy(
  spec: string,
  { name = 'p', namespace = 'foo', annotations = '{}' } = {},
): string {
  return `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: ${namespace}, annotations: ${annotations} }
spec: ${spec}
---`;
}

/** A RequestAuthentication for one issuer as YAML. */
export function requestAuthentication(
  issuer: string,
  namespace: string,
): string {
  return `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: jwt, namespace: ${namespace} }
spec: { jwtRules: [{ issuer: "${issuer}" }] }
---`;
}

/** What the policies of a mesh say of a request. */
export function decide(
  yaml: string,
  request: AuthorizationRequest,
  target = SIDECAR,
  mesh = MESH,
) {
  return evaluateRequest(snapshotFrom`${yaml}`, target, mesh, request);
}

/** As `decide`, in one word. */
export function decision(
  yaml: string,
  request: AuthorizationRequest,
  target = SIDECAR,
  mesh = MESH,
) {
  return decide(yaml, request, target, mesh).decision;
}

/** The ALLOW policies that act on a target. */
export function attachedNames(yaml: string, target: PolicyTarget, mesh = MESH) {
  return policiesOf(snapshotFrom`${yaml}`, target, mesh).allow.map(
    attached => attached.policy.metadata.name,
  );
}
