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

import { type ProbedMetric, sourceProbe } from './catalogue';
import type { Queries } from './engine';
import { PrometheusError } from './response';

/** Which metrics a source has. */
export interface Capabilities {
  /** names of metrics with a series now */
  metrics: ReadonlySet<string>;
  /** latency with classic buckets */
  buckets: boolean;
  /** latency in native histograms */
  native: boolean;
  /** why the answer may lack something: then an absent metric may be there */
  incomplete?: string;
}

/**
 * What a source has, from one request in ten minutes that all who ask share.
 *
 * @returns undefined where it cannot be known
 */
export async function capabilitiesOf(
  queries: Queries,
): Promise<Capabilities | undefined> {
  try {
    const { series, warnings, staleBecause } = await queries.ofSource(
      sourceProbe,
      {},
      { priority: 'background' },
    );
    const named = (part: string) =>
      series.flatMap(({ labels }) =>
        labels.part === part ? labels.__name__ ?? [] : [],
      );
    const incomplete = staleBecause ?? warnings[0];
    return {
      metrics: new Set(named('metrics')),
      buckets: named('buckets').length > 0,
      native: named('native').length > 0,
      ...(incomplete !== undefined && { incomplete }),
    };
  } catch (error) {
    if (!(error instanceof PrometheusError)) throw error;
    return undefined;
  }
}

/** Has the source any of these metrics? Undefined where that is not known. */
export function hasAny(
  capabilities: Capabilities | undefined,
  metrics: readonly ProbedMetric[],
): boolean | undefined {
  if (!capabilities) return undefined;
  if (metrics.some(metric => capabilities.metrics.has(metric))) return true;
  return capabilities.incomplete === undefined ? false : undefined;
}
