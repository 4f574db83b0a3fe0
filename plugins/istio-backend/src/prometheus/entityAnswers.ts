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

import type { CachedQueries, CachedResult } from './CachedQueries';
import {
  historyExpression,
  latencyExpression,
  type PodSelection,
  requestsExpression,
  type ServiceSelection,
  volumeExpression,
  type Window,
  WINDOW_SECONDS,
} from './catalogue';
import { PrometheusError } from './response';

/** The four answers an entity page is made of; an answer that failed is absent and named in `problems`. */
export interface EntityAnswers {
  window: Window;
  requests: CachedResult | undefined;
  latency: CachedResult | undefined;
  history: CachedResult | undefined;
  volume: CachedResult | undefined;
  stepSeconds: number;
  windowSeconds: number;
  /** in words, for the page: what is missing, stale or partial */
  problems: readonly string[];
}

const STEPS = [15, 30, 60, 120, 300, 900, 3600];

/** Seconds between points: at most 120 a window, on a grid that makes results shareable (golden-signals §3). */
export function stepFor(rangeSeconds: number): number {
  const wanted = Math.max(60, Math.ceil(rangeSeconds / 120));
  return STEPS.find(step => step >= wanted) ?? STEPS[STEPS.length - 1];
}

/**
 * Asks everything an entity page needs in four requests, whatever the size of the mesh. Views that are asked for at the
 * same moment share them through the cache. Never throws for a failing source.
 */
export async function entityAnswers(
  queries: CachedQueries,
  selection: ServiceSelection,
  pods: readonly PodSelection[],
  window: Window,
): Promise<EntityAnswers> {
  const windowSeconds = WINDOW_SECONDS[window];
  const stepSeconds = stepFor(windowSeconds);
  const rateWindow = `${Math.max(300, stepSeconds)}s`;
  const problems: string[] = [];
  const attempt = async (what: string, asked: Promise<CachedResult>) => {
    try {
      const result = await asked;
      if (result.staleBecause) {
        problems.push(
          `${what} is of ${new Date(
            result.evaluatedAt * 1000,
          ).toISOString()}: ${queries.name}: ${result.staleBecause}`,
        );
      }
      for (const warning of result.warnings)
        problems.push(`${what}: ${warning}`);
      return result;
    } catch (error) {
      if (!(error instanceof PrometheusError)) throw error;
      problems.push(`${what} is missing: ${queries.name}: ${error.message}`);
      return undefined;
    }
  };
  const [requests, latency, history, volume] = await Promise.all([
    attempt(
      'Request rate',
      queries.instant(requestsExpression(selection, window)),
    ),
    attempt('Latency', queries.instant(latencyExpression(selection, window))),
    attempt(
      'History',
      queries.range(
        historyExpression(selection, rateWindow),
        windowSeconds * 2,
        stepSeconds,
      ),
    ),
    attempt(
      'Bytes, connections and saturation',
      queries.instant(volumeExpression(selection, pods, window)),
    ),
  ]);
  return {
    window,
    requests,
    latency,
    history,
    volume,
    stepSeconds,
    windowSeconds,
    problems,
  };
}
