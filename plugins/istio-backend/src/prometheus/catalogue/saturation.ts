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

import { selector, type LabelMatch, type QueryScope } from '../selector';
import { union } from './union';

/** A pod as cAdvisor and kube-state-metrics name it. */
export interface MeteredPod {
  namespace: string;
  name: string;
}

const CONTAINER = 'namespace,pod,container';

/**
 * Saturation of the containers of some pods: S1, S2, S3 of golden-signals §2. Parts: `cpu` (cores), `memory` (bytes),
 * `limit` (by `resource`, cores or bytes), `throttled` and `periods` (per second), `restarts` (in the last hour).
 *
 * The scope of the configuration is not added: it names the job of the proxies, not that of cAdvisor.
 */
export function saturationExpression(pods: readonly MeteredPod[]): string {
  const scope: QueryScope = {};
  const ofPods: LabelMatch[] = [
    { label: 'namespace', oneOf: pods.map(({ namespace }) => namespace) },
    { label: 'pod', oneOf: pods.map(({ name }) => name) },
  ];
  const ofContainers: LabelMatch[] = [
    ...ofPods,
    { label: 'container', differs: '' },
    { label: 'image', differs: '' },
  ];
  const perSecond = (metric: string, matches: LabelMatch[]) =>
    `sum by (${CONTAINER}) (rate(${selector(metric, matches, scope)}[300s]))`;
  return union([
    {
      name: 'cpu',
      expression: perSecond('container_cpu_usage_seconds_total', ofContainers),
    },
    {
      name: 'memory',
      expression: `max by (${CONTAINER}) (${selector(
        'container_memory_working_set_bytes',
        ofContainers,
        scope,
      )})`,
    },
    {
      name: 'limit',
      expression: `max by (${CONTAINER},resource) (${selector(
        'kube_pod_container_resource_limits',
        [...ofPods, { label: 'resource', oneOf: ['cpu', 'memory'] }],
        scope,
      )})`,
    },
    {
      name: 'throttled',
      expression: perSecond(
        'container_cpu_cfs_throttled_periods_total',
        ofPods,
      ),
    },
    {
      name: 'periods',
      expression: perSecond('container_cpu_cfs_periods_total', ofPods),
    },
    {
      name: 'restarts',
      expression: `sum by (${CONTAINER}) (increase(${selector(
        'kube_pod_container_status_restarts_total',
        ofPods,
        scope,
      )}[3600s]))`,
    },
  ]);
}
