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

import { escapeRegex, type Matcher, selector } from '../selector';
import {
  SERVICE_LABELS,
  type Parts,
  type Subject,
  type SubjectTemplate,
} from './template';
import { freshSecondsOf, type Window, WINDOW_SECONDS } from './windows';

/** What is counted, by part: per second of the window. */
const UPSTREAM_RATES = {
  requests: 'envoy_cluster_upstream_rq_total',
  pendingOverflow: 'envoy_cluster_upstream_rq_pending_overflow',
  connectionOverflow: 'envoy_cluster_upstream_cx_overflow',
  retries: 'envoy_cluster_upstream_rq_retry',
  retriesSucceeded: 'envoy_cluster_upstream_rq_retry_success',
  retryOverflow: 'envoy_cluster_upstream_rq_retry_overflow',
  retryLimit: 'envoy_cluster_upstream_rq_retry_limit_exceeded',
  timeouts: 'envoy_cluster_upstream_rq_timeout',
} as const;

/** What is so now, by part. */
const UPSTREAM_GAUGES = {
  pendingOpen: 'envoy_cluster_circuit_breakers_default_rq_pending_open',
  connectionsOpen: 'envoy_cluster_circuit_breakers_default_cx_open',
  ejected: 'envoy_cluster_outlier_detection_ejections_active',
  healthy: 'envoy_cluster_membership_healthy',
  members: 'envoy_cluster_membership_total',
} as const;

const EJECTIONS = 'envoy_cluster_outlier_detection_ejections_enforced_total';

/** Where the cluster of an Envoy says which service it stands for. A delimiter may end the name. */
const CLUSTER_NAME =
  'outbound\\\\|[0-9]+\\\\|[^|]*\\\\|([^.]+)\\\\.([^.]+)\\\\.svc\\\\..*';

function clustersOf(subjects: readonly Subject[]): Matcher {
  return {
    label: 'cluster_name',
    operator: '=~',
    value: subjects.map(({ namespace, name }) => ({
      pattern: `outbound\\|[0-9]+\\|[^|]*\\|${escapeRegex(
        name,
      )}\\.${escapeRegex(namespace)}\\.svc\\..+`,
    })),
  };
}

/** Rows carry the service that a cluster stands for. */
function withService(expression: string): string {
  const labelled = (inner: string, label: string, group: string) =>
    `label_replace(${inner}, "${label}", "${group}", "cluster_name", "${CLUSTER_NAME}")`;
  return labelled(
    labelled(expression, SERVICE_LABELS.name, '$1'),
    SERVICE_LABELS.namespace,
    '$2',
  );
}

/**
 * C1, C2: circuit breakers, ejections and retries of the proxies that call a service, one row for each of their pods and
 * clusters (`cluster_name`: port and subset). The parts are those of `UPSTREAM_RATES` and `UPSTREAM_GAUGES`, and
 * `ejections`, how many happened in the window. Proxies export them only when they are told to.
 */
export const serviceUpstream: SubjectTemplate<{ window: Window }> = {
  name: 'service-upstream',
  keyLabels: SERVICE_LABELS,
  maxima: Object.keys(UPSTREAM_GAUGES),
  freshSeconds: ({ window }) => freshSecondsOf(WINDOW_SECONDS[window]),
  parts: ({ subjects, scope }, { window }) => {
    const series = (metric: string) =>
      selector(metric, [clustersOf(subjects)], scope);
    const row = (aggregate: 'sum' | 'max', expression: string) =>
      withService(
        `${aggregate} by (namespace, pod, cluster_name) (${expression})`,
      );
    const parts: Record<string, string> = {};
    for (const [part, metric] of Object.entries(UPSTREAM_RATES)) {
      parts[part] = row('sum', `rate(${series(metric)}[${window}])`);
    }
    for (const [part, metric] of Object.entries(UPSTREAM_GAUGES)) {
      parts[part] = row('max', series(metric));
    }
    parts.ejections = row('sum', `increase(${series(EJECTIONS)}[${window}])`);
    return parts satisfies Parts;
  },
};
