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
  meshTrafficAnswer,
  PrometheusError,
  type PrometheusSource,
} from '../prometheus';
import { meshTraffic, type ServiceTraffic } from '../views/meshTraffic';
import { NOT_CONFIGURED, type Observation } from '../views/observation';

/** What is counted of every service of a cluster, by `namespace/name`; one query, shared by all who look. */
export async function clusterTraffic(
  source: PrometheusSource | undefined,
  window: '5m' | '1h',
): Promise<{
  traffic?: Map<string, ServiceTraffic>;
  observation: Observation;
}> {
  if (!source) return { observation: NOT_CONFIGURED };
  try {
    const result = await meshTrafficAnswer(source.queries, window);
    const problems = [
      ...(result.staleBecause ? [result.staleBecause] : []),
      ...result.warnings,
    ];
    return {
      traffic: meshTraffic(result),
      observation: {
        state: problems.length > 0 ? 'partial' : 'available',
        problems,
      },
    };
  } catch (error) {
    if (!(error instanceof PrometheusError)) throw error;
    return {
      observation: {
        state: 'unavailable',
        problems: [`${source.queries.name}: ${error.message}`],
      },
    };
  }
}
