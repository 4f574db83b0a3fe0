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
  envoyProxyOfWorkload,
  telemetryOf,
  workloadsOfService,
  type MeshSnapshot,
} from '@mesh-portal/mesh-model';
import type { Service } from '../../../entity';

/** Metrics that a Telemetry disables at the server's side of a service's proxies, each once, in words. */
export function disabledMetrics(
  snapshot: MeshSnapshot,
  service: Service,
): { metric: string; says: string }[] {
  const found = new Map<string, string>();
  for (const workload of workloadsOfService(snapshot, service)) {
    const proxy = envoyProxyOfWorkload(snapshot, workload);
    const { metrics } = telemetryOf(snapshot, proxy);
    const settings = metrics.providers
      .filter(({ name }) => name === 'prometheus')
      .flatMap(({ sides }) => sides)
      .filter(({ side }) => side !== 'client')
      .flatMap(each => each.settings);
    for (const { metric, series, disabled } of settings) {
      if (disabled?.value) found.set(series ?? metric, disabled.says);
    }
  }
  return [...found].map(([metric, says]) => ({ metric, says }));
}
