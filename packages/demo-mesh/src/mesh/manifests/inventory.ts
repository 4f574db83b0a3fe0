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

/**
 * Wrong on purpose: a DestinationRule switches TLS off towards a server that demands it, and a rule of `stock` can never be
 * reached because an earlier one takes every request.
 */
export const inventory = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ledger-no-tls, namespace: inventory}
spec:
  host: ledger.payments.svc.cluster.local
  exportTo: ["."]
  trafficPolicy:
    tls: {mode: DISABLE}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: stock, namespace: inventory}
spec:
  hosts: [stock]
  http:
  - name: everything
    match:
    - uri: {prefix: /}
    route:
    - destination: {host: stock}
  - name: reports
    match:
    - uri: {prefix: /stock/reports}
    route:
    - destination: {host: warehouse}
    timeout: 30s
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-admin-from-outside, namespace: inventory}
spec:
  action: DENY
  rules:
  - from:
    - source: {notNamespaces: [inventory, shop, legacy]}
    to:
    - operation: {paths: ["/admin/*"]}
`;
