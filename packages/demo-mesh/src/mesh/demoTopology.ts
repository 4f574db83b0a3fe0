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

import { INCIDENTS } from './demoIncidents';
import { EXTERNAL_TRAFFIC } from './externalTraffic';
import type {
  DemoTopology,
  EdgeTraffic,
  RequestShape,
  ServicePortKey,
  TrafficEdge,
  WorkloadBehaviour,
  WorkloadKey,
} from './topology';

function behaviour(
  namespace: string,
  app: string,
  version: string,
  p50: number,
  more: Partial<WorkloadBehaviour> = {},
): WorkloadBehaviour {
  return {
    namespace,
    workload: app,
    app,
    version,
    serviceAccount: app,
    replicas: 2,
    latencyMs: { p50, p95: p50 * 4 },
    serverErrorShare: 0.0008,
    notFoundShare: 0.002,
    ...more,
  };
}

/** `bookinfo/reviews-v1` → key */
function workloadKey(text: string): WorkloadKey {
  const [namespace, workload] = text.split('/');
  return { namespace, workload };
}

/** `bookinfo/reviews:9080` → key */
function servicePortKey(text: string): ServicePortKey {
  const [namespace, rest] = text.split('/');
  const [service, port] = rest.split(':');
  return { namespace, service, port: Number(port) };
}

function edge(
  from: string,
  to: string,
  requestsPerSecond: number,
  more: Partial<TrafficEdge> = {},
): TrafficEdge {
  return {
    id: `${from} -> ${to}`,
    from: workloadKey(from),
    to: servicePortKey(to),
    protocol: 'http',
    requestsPerSecond,
    requestBytes: 420,
    responseBytes: 1800,
    ...more,
  };
}

function ingress(
  gateway: string,
  to: string,
  host: string,
  requestsPerSecond: number,
  requests: readonly RequestShape[],
): EdgeTraffic {
  return {
    id: `${gateway} -> ${to}`,
    gateway: workloadKey(gateway),
    to: servicePortKey(to),
    host,
    requestsPerSecond,
    requestBytes: 380,
    responseBytes: 5200,
    requests,
  };
}

const WORKLOADS: readonly WorkloadBehaviour[] = [
  behaviour('bookinfo', 'productpage', 'v1', 18, {
    workload: 'productpage-v1',
    serviceAccount: 'bookinfo-productpage',
  }),
  behaviour('bookinfo', 'details', 'v1', 4, {
    workload: 'details-v1',
    serviceAccount: 'bookinfo-details',
  }),
  behaviour('bookinfo', 'ratings', 'v1', 3, {
    workload: 'ratings-v1',
    serviceAccount: 'bookinfo-ratings',
  }),
  ...(['v1', 'v2', 'v3'] as const).map(version =>
    behaviour('bookinfo', 'reviews', version, version === 'v3' ? 14 : 9, {
      workload: `reviews-${version}`,
      serviceAccount: 'bookinfo-reviews',
      replicas: version === 'v1' ? 2 : 1,
    }),
  ),
  behaviour('shop', 'storefront', 'v1', 22),
  behaviour('shop', 'cart', 'v1', 7),
  behaviour('shop', 'catalog', 'v1', 11),
  behaviour('shop', 'checkout', 'v1', 30),
  behaviour('shop', 'recommendations', 'v1', 40),
  behaviour('payments', 'payment-api', 'v1', 25),
  behaviour('payments', 'fraud-check', 'v1', 60),
  behaviour('payments', 'ledger', 'v1', 6),
  behaviour('payments', 'payments-db', 'v1', 2, { replicas: 1 }),
  behaviour('inventory', 'orders', 'v1', 15),
  behaviour('inventory', 'stock', 'v1', 8),
  behaviour('inventory', 'warehouse', 'v1', 12),
  behaviour('identity', 'login', 'v1', 35),
  behaviour('identity', 'token', 'v1', 5),
  behaviour('analytics', 'review-miner', 'v1', 10, { replicas: 1 }),
  behaviour('analytics', 'reports', 'v1', 80, { replicas: 1 }),
  behaviour('analytics', 'collector', 'v1', 3),
  behaviour('legacy', 'catalog-export', 'v1', 50, { replicas: 1 }),
  behaviour('legacy', 'mainframe-bridge', 'v1', 120, { replicas: 1 }),
];

const EDGES: readonly TrafficEdge[] = [
  edge('bookinfo/productpage-v1', 'bookinfo/details:9080', 24, {
    requests: [{ method: 'GET', path: '/details/0', share: 1 }],
  }),
  edge('bookinfo/productpage-v1', 'bookinfo/reviews:9080', 24, {
    requests: [
      { method: 'GET', path: '/reviews/0', share: 0.98 },
      {
        method: 'GET',
        path: '/reviews/0',
        headers: { 'end-user': 'qa' },
        share: 0.02,
      },
    ],
  }),
  // Another namespace: the VirtualService of reviews is exported to its own namespace only, so this
  // caller spreads over all pods and the canary gets more than its weight.
  edge('analytics/review-miner', 'bookinfo/reviews:9080', 8, {
    requests: [{ method: 'GET', path: '/reviews/0', share: 1 }],
    workloadShares: {
      'reviews-v1': 0.5,
      'reviews-v2': 0.25,
      'reviews-v3': 0.25,
    },
  }),
  edge('bookinfo/reviews-v2', 'bookinfo/ratings:9080', 2.5, {
    requests: [{ method: 'GET', path: '/ratings/0', share: 1 }],
  }),
  edge('bookinfo/reviews-v3', 'bookinfo/ratings:9080', 4.4, {
    requests: [{ method: 'GET', path: '/ratings/0', share: 1 }],
  }),
  // The plaintext client: no proxy, allowed only because details is still PERMISSIVE.
  edge('legacy/catalog-export', 'bookinfo/details:9080', 1.2, {
    requests: [{ method: 'GET', path: '/details/0', share: 1 }],
  }),
  // The same kind of client against STRICT: refused by the server's proxy.
  edge('legacy/mainframe-bridge', 'payments/ledger:8080', 0.3),
  edge('legacy/mainframe-bridge', 'inventory/warehouse:8080', 2.1),
  edge('shop/storefront', 'shop/catalog:8080', 35, {
    requests: [{ method: 'GET', path: '/items', share: 1 }],
  }),
  edge('shop/storefront', 'shop/cart:8080', 14, {
    requests: [
      { method: 'GET', path: '/cart', share: 0.7 },
      { method: 'POST', path: '/cart', share: 0.3 },
    ],
  }),
  edge('shop/storefront', 'shop/recommendations:8080', 20),
  edge('shop/cart', 'shop/checkout:8080', 3, {
    requests: [{ method: 'POST', path: '/checkout', share: 1 }],
  }),
  edge('shop/checkout', 'payments/payment-api:8080', 3, {
    requests: [{ method: 'POST', path: '/pay', share: 1 }],
  }),
  edge('shop/checkout', 'inventory/orders:8080', 3, {
    requests: [{ method: 'POST', path: '/orders', share: 1 }],
  }),
  edge('payments/payment-api', 'payments/fraud-check:9000', 6, {
    protocol: 'grpc',
    requests: [{ method: 'POST', path: '/fraud.v1.Check/Score', share: 1 }],
  }),
  edge('payments/payment-api', 'payments/ledger:8080', 6, {
    requests: [{ method: 'POST', path: '/entries', share: 1 }],
  }),
  edge('payments/ledger', 'payments/payments-db:5432', 0.4, {
    protocol: 'tcp',
    requestBytes: 9000,
    responseBytes: 60000,
  }),
  // Refused by the namespace's deny-all: nobody wrote a rule for this caller.
  edge('analytics/reports', 'payments/ledger:8080', 0.8, {
    requests: [{ method: 'GET', path: '/entries', share: 1 }],
  }),
  // Its DestinationRule says DISABLE, the server demands STRICT.
  edge('inventory/orders', 'payments/ledger:8080', 1, {
    requests: [{ method: 'POST', path: '/entries', share: 1 }],
  }),
  edge('inventory/orders', 'inventory/stock:8080', 6, {
    requests: [{ method: 'GET', path: '/stock/7', share: 1 }],
  }),
  edge('inventory/stock', 'inventory/warehouse:8080', 4),
  edge('shop/storefront', 'identity/login:8080', 5, {
    requests: [
      { method: 'POST', path: '/login', share: 0.95 },
      { method: 'GET', path: '/login/admin', share: 0.05 },
    ],
  }),
  edge('identity/login', 'identity/token:8080', 5, {
    requests: [{ method: 'POST', path: '/token', share: 1 }],
  }),
  edge('shop/storefront', 'analytics/collector:8080', 40, {
    requests: [{ method: 'POST', path: '/events', share: 1 }],
  }),
];

const INGRESS: readonly EdgeTraffic[] = [
  ingress(
    'istio-system/istio-ingressgateway',
    'bookinfo/productpage:9080',
    'bookinfo.demo.example',
    24,
    [
      { method: 'GET', path: '/productpage', share: 0.9 },
      { method: 'GET', path: '/static/css', share: 0.1 },
    ],
  ),
  ingress(
    'edge/public-istio',
    'shop/storefront:8080',
    'shop.demo.example',
    35,
    [{ method: 'GET', path: '/', share: 1 }],
  ),
];

/** The demo mesh's traffic: who calls whom, how much, how servers behave, and what goes wrong when. */
export const demoTopology: DemoTopology = {
  clusterId: 'Kubernetes',
  trustDomain: 'cluster.local',
  network: '',
  workloads: WORKLOADS,
  edges: EDGES,
  ingress: INGRESS,
  externals: EXTERNAL_TRAFFIC,
  incidents: INCIDENTS,
};
