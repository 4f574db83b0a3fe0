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
 * The strict namespace: STRICT, deny by default, one rule a caller. Wrong on purpose: nobody wrote a rule for
 * `analytics/reports`, and the connection pool of `fraud-check` is far too small.
 */
export const payments = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: payments}
spec:
  mtls: {mode: STRICT}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny-all, namespace: payments}
spec: {}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: payment-api, namespace: payments}
spec:
  selector: {matchLabels: {app: payment-api}}
  rules:
  - from:
    - source: {principals: [cluster.local/ns/shop/sa/checkout]}
    to:
    - operation: {methods: [POST], paths: [/pay]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: fraud-check, namespace: payments}
spec:
  selector: {matchLabels: {app: fraud-check}}
  rules:
  - from:
    - source: {principals: [cluster.local/ns/payments/sa/payment-api]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ledger, namespace: payments}
spec:
  selector: {matchLabels: {app: ledger}}
  rules:
  - from:
    - source:
        principals:
        - cluster.local/ns/payments/sa/payment-api
        - cluster.local/ns/inventory/sa/orders
    to:
    - operation: {methods: [POST], paths: [/entries]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: payments-db, namespace: payments}
spec:
  selector: {matchLabels: {app: payments-db}}
  rules:
  - from:
    - source: {principals: [cluster.local/ns/payments/sa/ledger]}
    to:
    - operation: {ports: ["5432"]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: fraud-check, namespace: payments}
spec:
  host: fraud-check
  trafficPolicy:
    connectionPool:
      http: {http2MaxRequests: 2}
`;
