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

import { type Matcher, selector } from './selector';

/** Windows a caller may choose. */
export type Window = '5m' | '15m' | '1h' | '6h' | '1d' | '7d';

export const WINDOW_SECONDS: Readonly<Record<Window, number>> = {
  '5m': 300,
  '15m': 900,
  '1h': 3600,
  '6h': 21_600,
  '1d': 86_400,
  '7d': 604_800,
};

/** Services whose traffic is asked for, by the labels their series carry. */
export interface ServiceSelection {
  services: readonly { namespace: string; name: string }[];
  /** matchers of the configuration, for example `job="istio"` */
  scope?: readonly string[];
}

/** Pods whose containers are asked for. They come from the inventory, never from a name pattern. */
export interface PodSelection {
  namespace: string;
  pods: readonly string[];
}

const SERVICE_KEY = 'destination_service_namespace, destination_service_name';

const CALLER_KEY =
  'source_workload_namespace, source_workload, source_principal, connection_security_policy';

const CODE_KEY =
  'request_protocol, response_code, grpc_response_status, response_flags';

/** Pseudo services that stand for traffic without a destination in the mesh (golden-signals §1). */
const PSEUDO_SERVICES: Matcher = {
  label: 'destination_service_name',
  operator: '!~',
  value: [
    { pattern: 'PassthroughCluster' },
    { pattern: 'BlackHoleCluster' },
    { pattern: 'InboundPassthroughCluster.*' },
    { pattern: 'unknown' },
  ],
};

function serviceMatchers(selection: ServiceSelection): Matcher[] {
  const distinct = (values: string[]) => [...new Set(values)].sort();
  const namespaces = distinct(selection.services.map(s => s.namespace));
  const names = distinct(selection.services.map(s => s.name));
  return [
    oneOf('destination_service_namespace', namespaces),
    oneOf('destination_service_name', names),
  ];
}

function oneOf(label: Matcher['label'], values: readonly string[]): Matcher {
  return values.length === 1
    ? { label, operator: '=', value: values[0] }
    : { label, operator: '=~', value: values };
}

/** Marks the parts of a union, so that one response carries several answers. */
function part(name: string, expression: string): string {
  return `label_replace(${expression}, "part", "${name}", "", "")`;
}

function union(parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts)
    .map(([name, expression]) => part(name, expression))
    .join(' or ');
}

/**
 * R1 + E1: requests per second of the window (`part="now"`, with callers, versions, transport security) and of the
 * window before (`part="before"`). Every reporter is kept apart: they must never be added.
 */
export function requestsExpression(
  selection: ServiceSelection,
  window: Window,
): string {
  const series = selector(
    'istio_requests_total',
    serviceMatchers(selection),
    selection.scope,
  );
  return union({
    now: `sum by (reporter, ${SERVICE_KEY}, ${CALLER_KEY}, destination_workload, destination_canonical_revision, ${CODE_KEY}) (rate(${series}[${window}]))`,
    before: `sum by (reporter, ${SERVICE_KEY}, ${CODE_KEY}) (rate(${series}[${window}] offset ${window}))`,
  });
}

/** L1: duration buckets per second of the window (by version) and of the window before. Quantiles are interpolated here. */
export function latencyExpression(
  selection: ServiceSelection,
  window: Window,
): string {
  const series = selector(
    'istio_request_duration_milliseconds_bucket',
    serviceMatchers(selection),
    selection.scope,
  );
  return union({
    now: `sum by (le, reporter, ${SERVICE_KEY}, destination_canonical_revision) (rate(${series}[${window}]))`,
    before: `sum by (le, reporter, ${SERVICE_KEY}) (rate(${series}[${window}] offset ${window}))`,
  });
}

/**
 * What the charts draw: requests by code, duration buckets and bytes, each step over `rateWindow`.
 *
 * @param rateWindow - at least the step, and at least four scrapes
 */
export function historyExpression(
  selection: ServiceSelection,
  rateWindow: string,
): string {
  const of = (metric: string) =>
    `rate(${selector(
      metric,
      serviceMatchers(selection),
      selection.scope,
    )}[${rateWindow}])`;
  return union({
    requests: `sum by (reporter, ${SERVICE_KEY}, ${CODE_KEY}) (${of(
      'istio_requests_total',
    )})`,
    latency: `sum by (le, reporter, ${SERVICE_KEY}) (${of(
      'istio_request_duration_milliseconds_bucket',
    )})`,
    requestBytes: `sum by (reporter, ${SERVICE_KEY}) (${of(
      'istio_request_bytes_sum',
    )})`,
    responseBytes: `sum by (reporter, ${SERVICE_KEY}) (${of(
      'istio_response_bytes_sum',
    )})`,
    tcpOpened: `sum by (reporter, ${SERVICE_KEY}) (${of(
      'istio_tcp_connections_opened_total',
    )})`,
  });
}

/**
 * T1–T3, A1, S1–S3: bytes and connections of the window and the one before, refusals counted by the proxies, and the
 * saturation of the containers.
 */
export function volumeExpression(
  selection: ServiceSelection,
  pods: readonly PodSelection[],
  window: Window,
): string {
  const rate = (metric: string, offset = '') =>
    `rate(${selector(
      metric,
      serviceMatchers(selection),
      selection.scope,
    )}[${window}]${offset})`;
  const byService = (metric: string, offset?: string) =>
    `sum by (reporter, ${SERVICE_KEY}) (${rate(metric, offset)})`;
  const byCaller = (metric: string) =>
    `sum by (reporter, ${SERVICE_KEY}, ${CALLER_KEY}) (${rate(metric)})`;
  const before = ` offset ${window}`;
  return union({
    requestBytes: byService('istio_request_bytes_sum'),
    responseBytes: byService('istio_response_bytes_sum'),
    requestBytesBefore: byService('istio_request_bytes_sum', before),
    responseBytesBefore: byService('istio_response_bytes_sum', before),
    tcpOpened: byCaller('istio_tcp_connections_opened_total'),
    tcpOpenedBefore: byService('istio_tcp_connections_opened_total', before),
    tcpReceived: byService('istio_tcp_received_bytes_total'),
    tcpSent: byService('istio_tcp_sent_bytes_total'),
    tcpFailed: byService('istio_tcp_connections_failed_total'),
    ...podParts(pods),
  });
}

function podParts(
  selections: readonly PodSelection[],
): Readonly<Record<string, string>> {
  const used = selections.filter(({ pods }) => pods.length > 0);
  if (used.length === 0) return {};
  const matchers: Matcher[] = [
    oneOf('namespace', [...new Set(used.map(s => s.namespace))].sort()),
    oneOf('pod', [...new Set(used.flatMap(s => s.pods))].sort()),
  ];
  const container: Matcher = { label: 'container', operator: '!=', value: '' };
  const of = (metric: string, ...more: Matcher[]) =>
    selector(metric, [...matchers, ...more]);
  const by = 'namespace, pod, container';
  const limit = (resource: string) =>
    `sum by (${by}) (${of('kube_pod_container_resource_limits', container, {
      label: 'resource',
      operator: '=',
      value: resource,
    })})`;
  return {
    cpuUsed: `sum by (${by}) (rate(${of(
      'container_cpu_usage_seconds_total',
      container,
    )}[5m]))`,
    cpuLimit: limit('cpu'),
    memoryUsed: `max by (${by}) (${of(
      'container_memory_working_set_bytes',
      container,
    )})`,
    memoryLimit: limit('memory'),
    throttled: `sum by (${by}) (rate(${of(
      'container_cpu_cfs_throttled_periods_total',
      container,
    )}[5m]))`,
    periods: `sum by (${by}) (rate(${of(
      'container_cpu_cfs_periods_total',
      container,
    )}[5m]))`,
    restarts: `sum by (${by}) (increase(${of(
      'kube_pod_container_status_restarts_total',
      container,
    )}[1h]))`,
    refused: `sum by (namespace, pod) (rate(${of('envoy_http_rbac', {
      label: 'authz_enforce_result',
      operator: '=',
      value: 'denied',
    })}[5m]))`,
  };
}

/**
 * One row a service and reporter: requests per second (`part="all"`) and 5xx (`part="bad"`) of the whole mesh. Never
 * asks for buckets.
 */
export function meshExpression(
  window: '5m' | '1h',
  scope: readonly string[] = [],
): string {
  const bad: Matcher = {
    label: 'response_code',
    operator: '=~',
    value: [{ pattern: '5..' }],
  };
  const rate = (...more: Matcher[]) =>
    `sum by (reporter, ${SERVICE_KEY}) (rate(${selector(
      'istio_requests_total',
      [PSEUDO_SERVICES, ...more],
      scope,
    )}[${window}]))`;
  return union({ all: rate(), bad: rate(bad) });
}

/**
 * Every expression the back end can send, with sample parameters: the list that tests run against a real Prometheus.
 */
export function catalogueExpressions(
  selection: ServiceSelection,
  pods: readonly PodSelection[],
): Readonly<Record<string, string>> {
  return {
    requests: requestsExpression(selection, '1h'),
    latency: latencyExpression(selection, '1h'),
    history: historyExpression(selection, '5m'),
    volume: volumeExpression(selection, pods, '1h'),
    mesh: meshExpression('5m', selection.scope),
  };
}
