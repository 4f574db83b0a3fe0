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

import {
  entityInYaml,
  podYaml,
  serviceYaml,
} from '../../../__testUtils__/meshYaml';
import { exposureView } from '../exposureView';

/** A gateway with an address outside. */
export const GATEWAY_PODS = `
apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: istio-system }
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.2
  selector: { istio: ingressgateway }
  ports:
    - { name: http2, port: 80, targetPort: 8080 }
    - { name: https, port: 443, targetPort: 8443 }
---${podYaml('istio-system', 'ingress', {
  labels: ', istio: ingressgateway',
})}`;

/** A service with one pod. */
export const CART = `${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}`;

/** A Gateway with one server. */
export function gateway(server: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [${server}] }
---`;
}

/** It terminates TLS. */
export const HTTPS = gateway(
  '{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example], tls: { mode: SIMPLE, credentialName: shop } }',
);

/** A VirtualService. */
export function route(spec: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: ${spec}
---`;
}

/** It leads from the Gateway to the service. */
export const ROUTE = route(
  '{ hosts: [shop.example], gateways: [edge], http: [{ route: [{ destination: { host: cart } }] }] }',
);

/** What the view says of `shop/cart`. */
export function exposure(...yaml: string[]) {
  return exposureView(entityInYaml(yaml.join(''), { services: 'shop/cart' }))
    .services[0];
}
