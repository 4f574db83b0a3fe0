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

/** Ambient with a waypoint. Wrong on purpose: the admin route of `login` names a subset that no DestinationRule defines. */
export const identity = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: identity-waypoint
  namespace: identity
  labels: {istio.io/waypoint-for: service}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: login, namespace: identity}
spec:
  host: login
  subsets:
  - {name: v1, labels: {version: v1}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: login, namespace: identity}
spec:
  hosts: [login.identity.svc.cluster.local]
  http:
  - name: admin
    match:
    - uri: {prefix: /login/admin}
    route:
    - destination: {host: login.identity.svc.cluster.local, subset: v2}
  - name: everyone
    route:
    - destination: {host: login.identity.svc.cluster.local, subset: v1}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: token-issuer, namespace: identity}
spec:
  targetRefs:
  - {kind: Service, group: "", name: login}
  jwtRules:
  - issuer: https://id.demo.example
    jwksUri: https://id.demo.example/.well-known/jwks.json
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: identity}
spec:
  mtls: {mode: STRICT}
`;
