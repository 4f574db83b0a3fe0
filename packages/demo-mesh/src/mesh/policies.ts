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

import type { JsonObject } from '../kubernetes';
import { seed, type SeedObject } from './workloads';

const NET = 'networking.istio.io';
const SEC = 'security.istio.io';
const GATEWAY_API = 'gateway.networking.k8s.io';

function istio(
  plural: string,
  group: string,
  namespace: string,
  name: string,
  spec: JsonObject,
): SeedObject {
  return seed(`${plural}.${group}`, namespace, name, { spec });
}

function to(host: string, more: JsonObject = {}): JsonObject {
  return { destination: { host, ...more } };
}

/** Mesh configuration of the demo: what is right, and what is wrong on purpose. */
export function policySeeds(): readonly SeedObject[] {
  return [
    istio('gateways', NET, 'bookinfo', 'bookinfo-gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          port: { number: 8080, name: 'http', protocol: 'HTTP' },
          hosts: ['bookinfo.demo.example'],
        },
      ],
    }),
    istio('virtualservices', NET, 'bookinfo', 'bookinfo', {
      hosts: ['bookinfo.demo.example'],
      gateways: ['bookinfo-gateway'],
      http: [{ route: [to('productpage', { port: { number: 9080 } })] }],
    }),
    // The canary: exported to its own namespace only, so callers elsewhere do not follow the weights.
    istio('virtualservices', NET, 'bookinfo', 'reviews', {
      hosts: ['reviews'],
      exportTo: ['.'],
      http: [
        {
          name: 'qa',
          match: [{ headers: { 'end-user': { exact: 'qa' } } }],
          route: [to('reviews', { subset: 'v2' })],
        },
        {
          name: 'canary',
          timeout: '3s',
          retries: { attempts: 2, perTryTimeout: '1s', retryOn: '5xx' },
          route: [
            { ...to('reviews', { subset: 'v1' }), weight: 90 },
            { ...to('reviews', { subset: 'v3' }), weight: 10 },
          ],
        },
      ],
    }),
    istio('destinationrules', NET, 'bookinfo', 'reviews', {
      host: 'reviews',
      exportTo: ['.'],
      subsets: ['v1', 'v2', 'v3'].map(version => ({
        name: version,
        labels: { version },
      })),
    }),
    // Fault injection left on.
    istio('virtualservices', NET, 'bookinfo', 'ratings', {
      hosts: ['ratings'],
      http: [
        {
          fault: { delay: { percentage: { value: 5 }, fixedDelay: '2s' } },
          route: [to('ratings')],
        },
      ],
    }),
    istio('peerauthentications', SEC, 'bookinfo', 'default', {
      mtls: { mode: 'STRICT' },
    }),
    // Keeps the door open for the plaintext client legacy/catalog-export.
    istio('peerauthentications', SEC, 'bookinfo', 'details-permissive', {
      selector: { matchLabels: { app: 'details' } },
      mtls: { mode: 'PERMISSIVE' },
    }),
    istio('authorizationpolicies', SEC, 'bookinfo', 'reviews-callers', {
      selector: { matchLabels: { app: 'reviews' } },
      action: 'ALLOW',
      rules: [
        {
          from: [
            {
              source: {
                principals: [
                  'cluster.local/ns/bookinfo/sa/bookinfo-productpage',
                  'cluster.local/ns/analytics/sa/review-miner',
                ],
              },
            },
          ],
          to: [{ operation: { methods: ['GET'] } }],
        },
      ],
    }),
    istio('peerauthentications', SEC, 'payments', 'default', {
      mtls: { mode: 'STRICT' },
    }),
    // The deny-all that hits analytics/reports.
    istio('authorizationpolicies', SEC, 'payments', 'deny-all', {}),
    istio('authorizationpolicies', SEC, 'payments', 'allow-known-callers', {
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { namespaces: ['payments', 'shop', 'inventory'] } }],
        },
      ],
    }),
    istio('destinationrules', NET, 'payments', 'fraud-check', {
      host: 'fraud-check',
      trafficPolicy: { connectionPool: { http: { http2MaxRequests: 2 } } },
    }),
    // STRICT against DISABLE.
    istio('destinationrules', NET, 'inventory', 'ledger-plaintext', {
      host: 'ledger.payments.svc.cluster.local',
      exportTo: ['.'],
      trafficPolicy: { tls: { mode: 'DISABLE' } },
    }),
    // The missing subset: nobody defines v2.
    istio('virtualservices', NET, 'inventory', 'stock', {
      hosts: ['stock'],
      http: [
        {
          route: [
            { ...to('stock', { subset: 'v1' }), weight: 80 },
            { ...to('stock', { subset: 'v2' }), weight: 20 },
          ],
        },
      ],
    }),
    istio('destinationrules', NET, 'inventory', 'stock', {
      host: 'stock',
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    }),
    // The shadowed route: /login/admin is never reached.
    istio('virtualservices', NET, 'identity', 'login', {
      hosts: ['login'],
      http: [
        {
          name: 'all',
          match: [{ uri: { prefix: '/' } }],
          route: [to('login')],
        },
        {
          name: 'admin',
          match: [{ uri: { prefix: '/login/admin' } }],
          timeout: '1s',
          route: [to('login')],
        },
      ],
    }),
    // A typo in retryOn: written while the webhook of istiod was off, else it would have been refused.
    istio('virtualservices', NET, 'analytics', 'collector', {
      hosts: ['collector'],
      http: [
        {
          retries: {
            attempts: 2,
            perTryTimeout: '250ms',
            retryOn: 'connect-failure,gateway-eror',
          },
          route: [to('collector')],
        },
      ],
    }),
    // The gateway without a route.
    istio('gateways', NET, 'edge', 'partner-gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          port: { number: 8080, name: 'http-partner', protocol: 'HTTP' },
          hosts: ['partner.demo.example'],
        },
      ],
    }),
    istio('telemetries', 'telemetry.istio.io', 'istio-system', 'mesh-default', {
      tracing: [{ providers: [{ name: 'otel' }], randomSamplingPercentage: 1 }],
    }),
    seed(`gatewayclasses.${GATEWAY_API}`, '', 'istio', {
      spec: { controllerName: 'istio.io/gateway-controller' },
    }),
    seed(`gatewayclasses.${GATEWAY_API}`, '', 'istio-waypoint', {
      spec: { controllerName: 'istio.io/mesh-controller' },
    }),
    istio('gateways', GATEWAY_API, 'edge', 'public', {
      gatewayClassName: 'istio',
      listeners: [
        {
          name: 'http',
          port: 80,
          protocol: 'HTTP',
          allowedRoutes: { namespaces: { from: 'All' } },
        },
      ],
    }),
    istio('httproutes', GATEWAY_API, 'shop', 'storefront', {
      parentRefs: [{ name: 'public', namespace: 'edge' }],
      hostnames: ['shop.demo.example'],
      rules: [{ backendRefs: [{ name: 'storefront', port: 8080 }] }],
    }),
    istio('gateways', GATEWAY_API, 'shop', 'shop-waypoint', {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
    }),
    // The waypoint that never becomes ready.
    istio('gateways', GATEWAY_API, 'shop', 'recommendations-waypoint', {
      gatewayClassName: 'istio-waypoint',
      infrastructure: {
        annotations: { 'demo.example/pod-failure': 'ImagePullBackOff' },
      },
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
    }),
  ];
}
