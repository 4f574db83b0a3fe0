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
  type AskOptions,
  burnRate,
  type BurnParameters,
  type CachedResult,
  PrometheusError,
  type PrometheusSource,
  type QueryResult,
  SLOW_SECONDS,
  type Subject,
  subjectKey,
  serviceKeyOf,
} from '../prometheus';
import { burnCounts } from './burnCounts';
import type { SloDefinition } from './sloDefinition';
import { latencyThreshold } from './latencyThreshold';
import type { SloAnswer } from './sloService';

/** Services whose long windows and bucket boundaries are remembered. */
const MAX_REMEMBERED = 5000;

/** Recorded series serve where they cover nearly what the raw ones do. */
const ENOUGH_RECORDED = 0.95;

interface Remembered {
  /** epoch ms until which the engine holds the long windows */
  longUntil: number;
  recorded: boolean;
  boundaries?: readonly number[];
}

/**
 * Reads the numbers of objectives in one request a page: the short windows are asked for every time, the long ones with
 * them when those that are known are ten minutes old.
 */
export class SloReader {
  readonly #now: () => number;
  readonly #remembered = new Map<string, Remembered>();

  /** @param now - epoch milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The bucket boundaries that services really have, read from any answer with rows by `le`. */
  learnBoundaries(source: PrometheusSource, result: QueryResult): void {
    const found = new Map<string, Set<number>>();
    for (const { labels } of result.series) {
      const boundary = Number(labels.le ?? NaN);
      if (!Number.isFinite(boundary)) continue;
      const key = serviceKeyOf(labels);
      found.set(key, (found.get(key) ?? new Set()).add(boundary));
    }
    for (const [service, boundaries] of found) {
      this.#remember(source, service, { boundaries: [...boundaries] });
    }
  }

  /** Asks about one service. Never throws for a failing source: the answer says what is missing. */
  async read(
    source: PrometheusSource,
    service: Subject,
    slo: SloDefinition,
    options?: AskOptions,
  ): Promise<SloAnswer> {
    const key = subjectKey(service);
    const known = this.#recall(source, key);
    const threshold =
      slo.latency &&
      latencyThreshold(slo.latency.thresholdMs, known?.boundaries);
    const parameters: BurnParameters = {
      ...(threshold?.boundary !== undefined && {
        boundaryMs: threshold.boundary,
      }),
    };
    const recorded = known?.recorded ?? false;
    const long: BurnParameters = {
      ...parameters,
      periodDays: slo.periodDays,
      ...(recorded && { recorded }),
    };
    const hasLong = known !== undefined && known.longUntil > this.#now();
    const [short, slow] = await Promise.all([
      hasLong ? ask(source, service, parameters, options) : undefined,
      ask(source, service, long, options),
    ]);
    const answers = [slow, short].flatMap(each => each?.result ?? []);
    const problems = [slow, short].flatMap(each => each?.problems ?? []);
    if (answers.length === 0) {
      return { problems, partial: true, recorded, threshold };
    }
    const counts = burnCounts(joined(slow.result, short?.result), key, slo);
    if (slow.result) this.#note(source, key, slow.result, counts);
    return {
      counts,
      problems,
      partial: problems.length > 0,
      recorded,
      threshold,
    };
  }

  #note(
    source: PrometheusSource,
    service: string,
    result: CachedResult,
    counts: ReturnType<typeof burnCounts>,
  ): void {
    const { coveredSeconds = 0, recordedSeconds = 0 } = counts;
    this.#remember(source, service, {
      longUntil: result.evaluatedAt * 1000 + SLOW_SECONDS * 1000,
      recorded:
        recordedSeconds > 0 &&
        recordedSeconds >= coveredSeconds * ENOUGH_RECORDED,
    });
  }

  #recall(source: PrometheusSource, service: string): Remembered | undefined {
    return this.#remembered.get(`${source.queries.name} ${service}`);
  }

  #remember(
    source: PrometheusSource,
    service: string,
    what: Partial<Remembered>,
  ): void {
    const key = `${source.queries.name} ${service}`;
    const before = this.#remembered.get(key);
    this.#remembered.delete(key);
    this.#remembered.set(key, {
      longUntil: 0,
      recorded: false,
      ...before,
      ...what,
    });
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MAX_REMEMBERED) break;
      this.#remembered.delete(oldest);
    }
  }
}

/** The newer rows of the short windows in place of those that came with the long ones. */
function joined(
  slow: QueryResult | undefined,
  short: QueryResult | undefined,
): QueryResult {
  if (!slow) return short ?? { series: [], warnings: [] };
  if (!short) return slow;
  const isLong = (part = '') => /(3d|Period|covered|Hours)$/.test(part);
  return {
    series: [
      ...short.series,
      ...slow.series.filter(({ labels }) => isLong(labels.part)),
    ],
    warnings: [...short.warnings, ...slow.warnings],
  };
}

interface Asked {
  result?: CachedResult;
  problems: string[];
}

async function ask(
  source: PrometheusSource,
  service: Subject,
  parameters: BurnParameters,
  options?: AskOptions,
): Promise<Asked> {
  const { name } = source.queries;
  try {
    const result = await source.queries.ofSubjects(
      burnRate,
      [service],
      parameters,
      options,
    );
    return {
      result,
      problems: [
        ...(result.staleBecause ? [`${name}: ${result.staleBecause}`] : []),
        ...result.warnings.map(warning => `${name}: ${warning}`),
      ],
    };
  } catch (error) {
    if (!(error instanceof PrometheusError)) throw error;
    return { problems: [`${name}: ${error.message}`] };
  }
}
