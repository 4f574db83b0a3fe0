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

import type { CacheService } from '@backstage/backend-plugin-api';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { Sample, Series } from '../response';
import type { KeptAnswer } from './AnswerCache';

/** Answers that other replicas of the portal can use. */
export interface SharedAnswers {
  get(key: string): Promise<KeptAnswer | undefined>;
  set(key: string, answer: KeptAnswer): Promise<void>;
}

const MAX_BYTES = 1024 * 1024;
/** Answers serve for a while after they are no longer fresh. */
const KEEP_MS = 5 * 60_000;

/**
 * Keeps answers in the portal's cache. Its failures are never those of a page: what cannot be read is asked for, what
 * cannot be written is kept in this process only.
 *
 * @param cache - the portal's cache
 * @param source - identifies address, tenant and scope, so that answers of different sources never mix
 */
export function sharedAnswers(
  cache: CacheService,
  source: string,
): SharedAnswers {
  const keyOf = (key: string) => `prometheus 1 ${source} ${key}`;
  return {
    async get(key) {
      const value = await cache
        .get<JsonValue>(keyOf(key))
        .catch(() => undefined);
      return value === undefined ? undefined : readAnswer(value);
    },
    async set(key, answer) {
      const text = JSON.stringify(answer);
      if (text.length > MAX_BYTES) return;
      const value: JsonValue = JSON.parse(text);
      await cache
        .set(keyOf(key), value, { ttl: Math.max(answer.freshForMs, KEEP_MS) })
        .catch(() => undefined);
    },
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks what another version of this plugin may have written. */
function readAnswer(value: JsonValue): KeptAnswer | undefined {
  if (!isObject(value)) return undefined;
  const { result, storedAt, freshForMs } = value;
  if (typeof storedAt !== 'number' || typeof freshForMs !== 'number') {
    return undefined;
  }
  if (!isObject(result) || typeof result.evaluatedAt !== 'number') {
    return undefined;
  }
  const { evaluatedAt, series, warnings } = result;
  if (!Array.isArray(series) || !Array.isArray(warnings)) return undefined;
  const read = series.map(readSeries);
  const complete = read.filter(each => each !== undefined);
  if (complete.length < read.length) return undefined;
  return {
    storedAt,
    freshForMs,
    result: {
      evaluatedAt,
      series: complete,
      warnings: warnings.filter(each => typeof each === 'string'),
    },
  };
}

function readSeries(value: JsonValue | undefined): Series | undefined {
  if (!isObject(value) || !isObject(value.labels)) return undefined;
  if (!Array.isArray(value.samples)) return undefined;
  const labels = Object.fromEntries(
    Object.entries(value.labels).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
  const samples = value.samples.map(readSample);
  const complete = samples.filter(each => each !== undefined);
  return complete.length < samples.length
    ? undefined
    : { labels, samples: complete };
}

function readSample(value: JsonValue | undefined): Sample | undefined {
  if (!isObject(value) || typeof value.at !== 'number') return undefined;
  return {
    at: value.at,
    value: typeof value.value === 'number' ? value.value : undefined,
  };
}
