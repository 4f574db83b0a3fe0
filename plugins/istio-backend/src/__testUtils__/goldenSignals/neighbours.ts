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
  BEGINNING,
  END,
  HOUR,
  MINUTE,
  type FixtureSeries,
} from './FixtureSeries';
import { constantCounter, gauge, type RequestFlow } from './traffic';

function to(
  service: string,
  rate: RequestFlow['rate'],
  labels: RequestFlow['labels'] = {},
): RequestFlow {
  return {
    rate,
    labels: {
      destination_service_name: service,
      destination_service: `${service}.shop.svc.cluster.local`,
      destination_workload: `${service}-v1`,
      destination_canonical_revision: 'v1',
      ...labels,
    },
  };
}

/** Prometheus 3 writes bounds as floating-point numbers. */
const FLOAT_BOUNDS = { '100.0': 0.5, '250.0': 0.8, '500.0': 1, '+Inf': 1 };

const OTHER_CLUSTER = { destination_cluster: 'c2' };

/**
 * One service a trap, all of namespace shop:
 *
 * - wishlist: *idle*, proxies report and nobody calls
 * - legacy: *gone* for 40 minutes
 * - ghost: *never*, there is no series
 * - ledger: its 503s are *newborn*: 30 of them in the first sample two minutes ago, and none since
 * - resetter: 9 rps, restarted 5 s after a scrape: the rate over 5m is 8.85
 * - vault: 0.4 of 2 rps are answered 403, and its proxy counts as many refusals
 * - catalog: ambient with a waypoint, 27 rps; 6 of them came through the ingress gateway, which reports them too
 * - pricing: gRPC, 50 rps of which 8 are not OK (6 the server's fault), and 0.5 rps of HTTP without a gRPC status;
 *   bounds of buckets as Prometheus 3 writes them
 * - geo: 5 rps within cluster c1 and 3 from c1 to c2
 */
export const NEIGHBOUR_FLOWS: readonly RequestFlow[] = [
  to('wishlist', [
    { from: BEGINNING, perSecond: 1 },
    { from: END - 24 * HOUR, perSecond: 0 },
  ]),
  { ...to('legacy', 4), until: END - 40 * MINUTE },
  to('ledger', 10),
  to('vault', 1.6),
  to('vault', 0.4, { response_code: '403' }),
  to('catalog', 21, { reporter: 'waypoint' }),
  to('catalog', 6, {
    reporter: 'waypoint',
    source_workload: 'ingressgateway',
    source_workload_namespace: 'istio-system',
  }),
  to('catalog', 6, {
    reporter: 'source',
    source_workload: 'ingressgateway',
    source_workload_namespace: 'istio-system',
    connection_security_policy: 'unknown',
  }),
  ...[
    { status: '0', rate: 42 },
    { status: '14', rate: 5 },
    { status: '2', rate: 1 },
    { status: '5', rate: 2 },
  ].map(({ status, rate }) => ({
    ...to('pricing', rate, {
      request_protocol: 'grpc',
      grpc_response_status: status,
    }),
    latency: FLOAT_BOUNDS,
  })),
  { ...to('pricing', 0.5), latency: FLOAT_BOUNDS },
  to('geo', 5),
  to('geo', 3, OTHER_CLUSTER),
];

function shopLabels(service: string, more: Record<string, string> = {}) {
  const [flow] = [to(service, 0)];
  return {
    reporter: 'destination',
    source_workload: 'web',
    source_workload_namespace: 'shop',
    source_principal: 'spiffe://cluster.local/ns/shop/sa/web',
    destination_service_namespace: 'shop',
    destination_workload_namespace: 'shop',
    connection_security_policy: 'mutual_tls',
    request_protocol: 'http',
    response_flags: '-',
    ...flow.labels,
    ...more,
  };
}

const NEWBORN = END - 2 * MINUTE;
/** 5 s after a scrape. */
const RESTART = END - 165 + 5;

const newborn: FixtureSeries = {
  name: 'istio_requests_total',
  labels: shopLabels('ledger', { response_code: '503' }),
  valueAt: time => (time >= NEWBORN ? 30 : undefined),
};

/** Counts 9 a second; what it counted in the 5 s before it restarted is lost, and it begins at nothing. */
const reset: FixtureSeries = {
  name: 'istio_requests_total',
  labels: shopLabels('resetter', { response_code: '200' }),
  valueAt: time =>
    time < RESTART ? (time - BEGINNING) * 9 : (time - RESTART) * 9,
};

/** data/postgres: TCP, 2 connections a second of which 0.1 fail; 1000 bytes a second to it, 5000 from it. */
function postgres(): FixtureSeries[] {
  const labels = {
    ...shopLabels('postgres', {
      request_protocol: 'tcp',
      destination_service_namespace: 'data',
      destination_workload_namespace: 'data',
      destination_service: 'postgres.data.svc.cluster.local',
      app: 'ztunnel',
    }),
  };
  const failed = { ...labels, response_flags: 'CONNECT' };
  return [
    constantCounter('istio_tcp_connections_opened_total', labels, 2),
    constantCounter('istio_tcp_connections_closed_total', labels, 1.5),
    constantCounter('istio_tcp_received_bytes_total', labels, 1000),
    constantCounter('istio_tcp_sent_bytes_total', labels, 5000),
    constantCounter('istio_tcp_connections_failed_total', failed, 0.1),
  ];
}

/** The pods of checkout: the application uses 80 % of its CPU and half of its memory, its proxy has no limit. */
function containers(): FixtureSeries[] {
  const pod = { namespace: 'shop', pod: 'checkout-v1-abc' };
  const app = { ...pod, container: 'app', image: 'shop/checkout:1' };
  const proxy = { ...pod, container: 'istio-proxy', image: 'istio/proxyv2:1' };
  const limit = (resource: string) => ({ ...pod, container: 'app', resource });
  return [
    constantCounter('container_cpu_usage_seconds_total', app, 0.4),
    constantCounter('container_cpu_usage_seconds_total', proxy, 0.05),
    gauge('container_memory_working_set_bytes', app, 256 * 1024 * 1024),
    gauge('container_memory_working_set_bytes', proxy, 64 * 1024 * 1024),
    gauge('kube_pod_container_resource_limits', limit('cpu'), 0.5),
    gauge(
      'kube_pod_container_resource_limits',
      limit('memory'),
      512 * 1024 * 1024,
    ),
    constantCounter('container_cpu_cfs_throttled_periods_total', app, 1),
    constantCounter('container_cpu_cfs_periods_total', app, 10),
    gauge(
      'kube_pod_container_status_restarts_total',
      { ...pod, container: 'app' },
      2,
    ),
  ];
}

/** What the proxy of web says of its cluster for checkout: it exports these because it is told to. */
function clientCluster(): FixtureSeries[] {
  const labels = {
    namespace: 'shop',
    pod: 'web-xyz',
    cluster_name: 'outbound|80||checkout.shop.svc.cluster.local',
  };
  const counters: Record<string, number> = {
    envoy_cluster_upstream_rq_total: 110,
    envoy_cluster_upstream_rq_pending_overflow: 0.5,
    envoy_cluster_upstream_cx_overflow: 0.2,
    envoy_cluster_upstream_rq_retry: 2,
    envoy_cluster_upstream_rq_retry_success: 1.5,
    envoy_cluster_upstream_rq_retry_overflow: 0.1,
    envoy_cluster_upstream_rq_retry_limit_exceeded: 0.2,
    envoy_cluster_upstream_rq_timeout: 0.45,
    envoy_cluster_outlier_detection_ejections_enforced_total: 0.01,
  };
  const gauges: Record<string, number> = {
    envoy_cluster_circuit_breakers_default_rq_pending_open: 1,
    envoy_cluster_circuit_breakers_default_cx_open: 0,
    envoy_cluster_outlier_detection_ejections_active: 1,
    envoy_cluster_membership_healthy: 2,
    envoy_cluster_membership_total: 3,
  };
  return [
    ...Object.entries(counters).map(([name, rate]) =>
      constantCounter(name, labels, rate),
    ),
    ...Object.entries(gauges).map(([name, value]) =>
      gauge(name, labels, value),
    ),
  ];
}

/** What a recording rule keeps of geo. */
function recorded(): FixtureSeries {
  return gauge(
    'istio_gs:requests:rate5m',
    {
      reporter: 'destination',
      destination_service_namespace: 'shop',
      destination_service_name: 'geo',
      request_protocol: 'http',
      response_code: '200',
      response_flags: '-',
      connection_security_policy: 'mutual_tls',
    },
    8,
  );
}

/** Series that are not flows of requests. */
export const NEIGHBOUR_SERIES: readonly FixtureSeries[] = [
  newborn,
  reset,
  ...postgres(),
  ...containers(),
  ...clientCluster(),
  recorded(),
  constantCounter(
    'envoy_http_rbac',
    { namespace: 'shop', pod: 'vault-1', authz_enforce_result: 'denied' },
    0.4,
  ),
];
