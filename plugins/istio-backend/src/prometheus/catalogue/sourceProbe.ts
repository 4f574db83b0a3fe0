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

import { type Matcher, selector } from '../selector';
import type { SourceTemplate } from './template';
import { SLOW_SECONDS } from './windows';

/** Metrics that views ask for, and that a source may lack. */
export const PROBED_METRICS = [
  'istio_requests_total',
  'istio_request_bytes_sum',
  'istio_response_bytes_sum',
  'istio_request_messages_total',
  'istio_tcp_connections_opened_total',
  'istio_tcp_connections_failed_total',
  'envoy_http_rbac',
  'envoy_cluster_upstream_rq_total',
  'envoy_cluster_upstream_rq_pending_overflow',
  'envoy_cluster_upstream_cx_overflow',
  'envoy_cluster_upstream_rq_retry',
  'envoy_cluster_circuit_breakers_default_rq_pending_open',
  'envoy_cluster_outlier_detection_ejections_active',
  'envoy_cluster_membership_healthy',
  'kube_pod_container_resource_limits',
  'container_cpu_usage_seconds_total',
  'container_memory_working_set_bytes',
  'container_cpu_cfs_periods_total',
  'kube_pod_container_status_restarts_total',
  'pilot_xds',
  'istio_gs:requests:rate5m',
  'istio_gs:client_failures:rate5m',
  'istio_gs:latency_bucket:rate5m',
] as const;

/** The histogram of latency as it was scraped: with classic buckets, or native. */
const LATENCY = 'istio_request_duration_milliseconds';

export type ProbedMetric = (typeof PROBED_METRICS)[number];

function named(names: readonly (string | { pattern: string })[]): Matcher {
  return { label: '__name__', operator: '=~', value: names };
}

/**
 * Which metrics a source has now: `metrics` and `buckets` name them, `native` is there where the histogram of latency is.
 * Of buckets only the last bound is looked at: there are too many of the others.
 */
export const sourceProbe: SourceTemplate<Record<string, never>> = {
  name: 'source-probe',
  freshSeconds: () => SLOW_SECONDS,
  parts: scope => {
    const count = (matchers: Matcher[]) =>
      `count by (__name__) (${selector('', matchers, scope)})`;
    return {
      // cAdvisor and kube-state-metrics carry none of the labels by which proxies are scoped.
      metrics: `count by (__name__) (${selector('', [named(PROBED_METRICS)])})`,
      buckets: count([
        named([`${LATENCY}_bucket`]),
        { label: 'le', operator: '=', value: '+Inf' },
      ]),
      native: count([named([LATENCY])]),
    };
  },
};
