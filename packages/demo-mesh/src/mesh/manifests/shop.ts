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
 * Ambient with a waypoint. Wrong on purpose: `recommendations` names a waypoint whose class does not exist, so it is never
 * ready and its policy is not enforced.
 */
export const shop = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shop-waypoint
  namespace: shop
  labels: {istio.io/waypoint-for: service}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - {name: mesh, port: 15008, protocol: HBONE}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: recommendations-waypoint, namespace: shop}
spec:
  gatewayClassName: istio-waypoint-next
  listeners:
  - {name: mesh, port: 15008, protocol: HBONE}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart-callers, namespace: shop}
spec:
  targetRefs:
  - {kind: Service, group: "", name: cart}
  rules:
  - from:
    - source: {principals: [cluster.local/ns/shop/sa/storefront]}
    to:
    - operation: {methods: [GET, POST], paths: [/cart]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: recommendations-callers, namespace: shop}
spec:
  targetRefs:
  - {kind: Service, group: "", name: recommendations}
  rules:
  - from:
    - source: {principals: [cluster.local/ns/shop/sa/storefront]}
    to:
    - operation: {methods: [GET]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: catalog, namespace: shop}
spec:
  parentRefs:
  - {group: "", kind: Service, name: catalog, port: 8080}
  rules:
  - backendRefs:
    - {name: catalog, port: 8080}
    timeouts: {request: 2s}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: storefront, namespace: shop}
spec:
  parentRefs:
  - {name: public, namespace: edge}
  hostnames: [shop.demo.example]
  rules:
  - matches:
    - path: {type: PathPrefix, value: /}
    backendRefs:
    - {name: storefront, port: 8080}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    hostname: "*.demo.example"
    allowedRoutes: {namespaces: {from: All}}
`;
