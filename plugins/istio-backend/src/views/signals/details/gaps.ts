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

import type {
  SignalGap,
  SignalsService,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { ProbedMetric } from '../../../prometheus/catalogue';
import { type Capabilities, hasAny } from '../../../prometheus/capabilities';
import type { Series } from '../../../prometheus/response';

interface Known {
  what: string;
  metrics: readonly ProbedMetric[];
  reason: string;
  remedy: string;
}

/** What views need beside Istio's own metrics. */
const OTHERS: readonly Known[] = [
  {
    what: 'CPU and memory',
    metrics: [
      'container_cpu_usage_seconds_total',
      'container_memory_working_set_bytes',
    ],
    reason: 'This source has no metrics of containers',
    remedy: 'Scrape cAdvisor, which the kubelets serve',
  },
  {
    what: 'Limits of CPU and memory',
    metrics: ['kube_pod_container_resource_limits'],
    reason: 'This source does not know the limits of containers',
    remedy: 'Scrape kube-state-metrics',
  },
  {
    what: 'Throttling',
    metrics: ['container_cpu_cfs_periods_total'],
    reason:
      'This source has no counts of throttled periods: no container has a CPU limit, or they are dropped',
    remedy: 'Keep container_cpu_cfs_periods_total when cAdvisor is scraped',
  },
  {
    what: 'Refusals counted by proxies',
    metrics: ['envoy_http_rbac'],
    reason:
      'No proxy exports refusals: there is no AuthorizationPolicy, or the scrape drops envoy_http_rbac',
    remedy: 'Keep envoy_http_rbac when proxies are scraped',
  },
];

/** Labels that answers rest on, and what is lost without them. */
const LABELS: Readonly<Record<string, string>> = {
  source_principal: 'Who called, by identity',
  source_workload: 'Who called, by workload',
  connection_security_policy: 'Which requests were encrypted',
  response_code: 'Which requests failed',
  response_flags: 'Why requests failed',
  request_protocol: 'Which requests are gRPC',
  destination_canonical_revision: 'Which version answered',
};

export interface GapsInput {
  capabilities: Capabilities | undefined;
  /** rows of the service's requests in the window, of all reporters */
  rows: readonly Series[];
  signals: Pick<SignalsService, 'current' | 'latencyNote' | 'layer' | 'state'>;
  /** metrics that a Telemetry disables for the service's proxies, in words */
  disabled: readonly { metric: string; says: string }[];
}

/** What the page cannot show, why, and what to do: absent is not zero. */
export function gapsOf(input: GapsInput): SignalGap[] {
  return [
    ...sourceGaps(input),
    ...labelGaps(input.rows),
    ...latencyGaps(input),
    ...input.disabled.map(({ metric, says }) => ({
      what: metric,
      reason: says,
      remedy: 'Change that Telemetry to have these numbers',
    })),
    ...OTHERS.filter(
      ({ metrics }) => hasAny(input.capabilities, metrics) === false,
    ).map(({ what, reason, remedy }) => ({ what, reason, remedy })),
  ];
}

function sourceGaps({ capabilities, signals }: GapsInput): SignalGap[] {
  if (!capabilities) {
    return [
      {
        what: 'What this source has',
        reason: 'Which metrics it has could not be asked',
        remedy: 'Look at the health of the source, under /v1/health',
      },
    ];
  }
  const istio = hasAny(capabilities, [
    'istio_requests_total',
    'istio_tcp_connections_opened_total',
  ]);
  if (istio === false) {
    return [
      {
        what: 'Every number',
        reason:
          'This source has no metrics of Istio: proxies are not scraped, or queryScope of the configuration excludes them',
        remedy:
          'Scrape the proxies (port 15020, /stats/prometheus), or correct istio.prometheus.queryScope',
      },
    ];
  }
  return signals.layer === 'tcp'
    ? [
        {
          what: 'Requests, errors and latency',
          reason: 'L4 only: no waypoint and no sidecar sees requests',
          remedy:
            'Give the service a waypoint (istioctl waypoint apply), where it is HTTP or gRPC',
        },
      ]
    : [];
}

/** A label that no row carries was removed: a value that is not known is written `unknown`. */
function labelGaps(rows: readonly Series[]): SignalGap[] {
  if (rows.length === 0) return [];
  return Object.entries(LABELS)
    .filter(([label]) => rows.every(({ labels }) => !labels[label]))
    .map(([label, what]) => ({
      what,
      reason: `No series carries the label ${label}: a Telemetry or the scrape removes it`,
      remedy: `Keep the label ${label} of istio_requests_total`,
    }));
}

function latencyGaps({ capabilities, signals }: GapsInput): SignalGap[] {
  const { latencyNote } = signals;
  if (latencyNote === undefined) return [];
  const none = capabilities && !capabilities.buckets && !capabilities.native;
  return [
    {
      what: 'Latency',
      reason:
        none && capabilities.incomplete === undefined
          ? 'This source has no histogram of latency, of any service'
          : latencyNote,
      remedy: none
        ? 'Keep istio_request_duration_milliseconds_bucket when proxies are scraped'
        : 'Let all pods of the service count into the same buckets',
    },
  ];
}
