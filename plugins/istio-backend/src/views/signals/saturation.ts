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
  ContainerSaturation,
  SignalsService,
} from '@mesh-portal/backstage-plugin-istio-common';
import { valueOr } from './volumes';
import type { QueryResult } from '../../prometheus/response';

/** How full the containers of the service's pods are (S1–S3), from the answer to `podSaturation`. */
export function saturationOf(
  volume: QueryResult,
  pods: ReadonlySet<string>,
): SignalsService['saturation'] {
  const byContainer = new Map<string, Record<string, number>>();
  for (const { labels, samples } of volume.series) {
    const { part, namespace, pod, container } = labels;
    const value = samples[0]?.value;
    if (!container || !pod || value === undefined) continue;
    if (!pods.has(`${namespace}/${pod}`)) continue;
    const key = `${pod}/${container}`;
    byContainer.set(key, { ...byContainer.get(key), [part]: value });
  }
  if (byContainer.size === 0) {
    return {
      state: 'unavailable',
      reason:
        'No container metrics of its pods were found: cAdvisor and kube-state-metrics are not scraped by this source',
      containers: [],
    };
  }
  const containers = [...byContainer].map(([key, values]) => {
    const [pod, container] = key.split('/');
    return containerSaturation(pod, container, values);
  });
  return {
    state: 'available',
    containers: containers.sort(
      (a, b) =>
        fullness(b) - fullness(a) ||
        a.pod.localeCompare(b.pod) ||
        a.container.localeCompare(b.container),
    ),
  };
}

function containerSaturation(
  pod: string,
  container: string,
  values: Readonly<Record<string, number | undefined>>,
): ContainerSaturation {
  const { cpuUsed, cpuLimit, memoryUsed, memoryLimit, throttled, periods } =
    values;
  const ofLimit = (used?: number, limit?: number) =>
    used !== undefined && limit !== undefined && limit > 0
      ? used / limit
      : undefined;
  const unlimited = [
    cpuUsed !== undefined && cpuLimit === undefined ? 'CPU' : '',
    memoryUsed !== undefined && memoryLimit === undefined ? 'memory' : '',
  ].filter(Boolean);
  return {
    pod,
    container,
    cpuOfLimit: ofLimit(cpuUsed, cpuLimit),
    memoryOfLimit: ofLimit(memoryUsed, memoryLimit),
    throttledShare: ofLimit(throttled, periods),
    restarts: valueOr(values.restarts, Math.round),
    note: unlimited.length
      ? `no ${unlimited.join(' and ')} limit set`
      : undefined,
  };
}

function fullness(container: ContainerSaturation): number {
  return Math.max(container.cpuOfLimit ?? 0, container.memoryOfLimit ?? 0);
}
