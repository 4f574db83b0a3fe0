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

import type { Matcher } from '../selector';
import { POD_LABELS, seriesOf, type SubjectTemplate } from './template';

const CONTAINER: Matcher = { label: 'container', operator: '!=', value: '' };
const BY_CONTAINER = 'namespace, pod, container';

/**
 * A1, S1–S3: how full the containers of pods are (`cpuUsed`, `cpuLimit`, `memoryUsed`, `memoryLimit`, `throttled` of
 * `periods`, `restarts` of the last hour), what their proxies `refused`, and whether they
 * could be `scraped` (1 or 0). The pods come from the inventory, never
 * from a name pattern; the scope of the configuration is about proxies' metrics and does not hold for containers'.
 */
export const podSaturation: SubjectTemplate<Record<string, never>> = {
  name: 'pod-saturation',
  keyLabels: POD_LABELS,
  // Names of pods are literal and cheap to look up, and one service has more of them than a page has services.
  batch: { subjects: 1000, bytes: 64 * 1024 },
  maxima: ['memoryUsed', 'memoryLimit', 'cpuLimit', 'scraped'],
  parts: ({ subjects }) => {
    const of = (metric: string, ...more: Matcher[]) =>
      seriesOf(metric, { subjects }, { labels: POD_LABELS, more });
    const rate = (metric: string) =>
      `sum by (${BY_CONTAINER}) (rate(${of(metric, CONTAINER)}[5m]))`;
    const limit = (value: string) =>
      `sum by (${BY_CONTAINER}) (${of(
        'kube_pod_container_resource_limits',
        CONTAINER,
        { label: 'resource', operator: '=', value },
      )})`;
    const denied: Matcher = {
      label: 'authz_enforce_result',
      operator: '=',
      value: 'denied',
    };
    return {
      cpuUsed: rate('container_cpu_usage_seconds_total'),
      cpuLimit: limit('cpu'),
      memoryUsed: `max by (${BY_CONTAINER}) (${of(
        'container_memory_working_set_bytes',
        CONTAINER,
      )})`,
      memoryLimit: limit('memory'),
      throttled: rate('container_cpu_cfs_throttled_periods_total'),
      periods: rate('container_cpu_cfs_periods_total'),
      restarts: `sum by (${BY_CONTAINER}) (increase(${of(
        'kube_pod_container_status_restarts_total',
        CONTAINER,
      )}[1h]))`,
      scraped: `max by (namespace, pod) (${of('up')})`,
      refused: `sum by (namespace, pod) (rate(${of(
        'envoy_http_rbac',
        denied,
      )}[5m]))`,
    };
  },
};
