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

import { bodyChunks } from '../cluster';

/** Why a query gave nothing, told apart so that the page can say what to do (golden-signals §3, Errors seen). */
export type PrometheusProblem =
  | 'unreachable'
  | 'timeout'
  | 'unauthorized'
  | 'not-prometheus'
  | 'bad-query'
  | 'too-expensive'
  | 'busy'
  | 'overloaded'
  | 'redirect'
  | 'forbidden-address'
  | 'too-large'
  | 'too-long'
  | 'failed';

/** Answers too large, questions too long or too expensive. */
const TOO_MUCH: ReadonlySet<PrometheusProblem> = new Set([
  'too-expensive',
  'too-large',
  'too-long',
]);

/** A query that could not be answered. The message holds no address and no credential. */
export class PrometheusError extends Error {
  constructor(readonly problem: PrometheusProblem, message: string) {
    super(message);
    this.name = 'PrometheusError';
  }

  /** A smaller question may be answered. */
  get tooMuchAtOnce(): boolean {
    return TOO_MUCH.has(this.problem);
  }

  /** The source is not well; otherwise the question was wrong, too much, or never sent. */
  get blamesSource(): boolean {
    return (
      !this.tooMuchAtOnce &&
      this.problem !== 'bad-query' &&
      this.problem !== 'overloaded'
    );
  }
}

export interface Sample {
  /** epoch seconds */
  at: number;
  /** undefined for NaN and infinities: there is no such number */
  value: number | undefined;
}

export interface Series {
  labels: Readonly<Record<string, string>>;
  samples: readonly Sample[];
}

export interface QueryResult {
  series: readonly Series[];
  /** warnings and infos of the source; a result with warnings may be partial */
  warnings: readonly string[];
}

export interface ResponseLimits {
  maxBytes: number;
  maxSeries: number;
}

/**
 * Reads an answer of the HTTP API, until `signal` aborts.
 *
 * @throws PrometheusError for every answer that is not a well-formed success
 */
export async function parseResponse(
  response: Response,
  limits: ResponseLimits,
  signal: AbortSignal,
): Promise<QueryResult> {
  if (response.status === 401 || response.status === 403) {
    await response.body?.cancel();
    throw new PrometheusError(
      'unauthorized',
      `it refuses the configured credentials (${response.status})`,
    );
  }
  const text = await readText(response, limits.maxBytes, signal);
  const body = parseJson(text);
  if (body === undefined) throw notPrometheus(response, text);
  if (body.status !== 'success') throw failure(response.status, body);
  return {
    series: readSeries(body.data, limits.maxSeries),
    warnings: [...strings(body.warnings), ...strings(body.infos)],
  };
}

async function readText(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  if (!response.body) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of bodyChunks(response.body, signal)) {
      size += part.byteLength;
      if (size > maxBytes) {
        throw new PrometheusError(
          'too-large',
          `its answer is larger than ${Math.round(maxBytes / 1048576)} MiB`,
        );
      }
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof PrometheusError) throw error;
    throw signal.aborted
      ? new PrometheusError('timeout', 'the answer did not end in time')
      : new PrometheusError('unreachable', 'the answer broke off');
  }
  return Buffer.concat(parts).toString('utf8');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) && typeof body.status === 'string' ? body : undefined;
  } catch {
    return undefined;
  }
}

function notPrometheus(response: Response, text: string): PrometheusError {
  if (response.status === 429 || response.status === 503) {
    return new PrometheusError('busy', `it is busy (${response.status})`);
  }
  if (response.status === 502 || response.status === 504) {
    return new PrometheusError(
      'unreachable',
      `a proxy before it answers ${response.status}`,
    );
  }
  const kind = /^\s*</.test(text) ? 'an HTML page' : 'something else than JSON';
  return new PrometheusError(
    'not-prometheus',
    `it answers ${response.status} with ${kind}: the address is not a Prometheus API, or a login page stands before it`,
  );
}

function failure(
  status: number,
  body: Record<string, unknown>,
): PrometheusError {
  const text = typeof body.error === 'string' ? body.error.slice(0, 300) : '';
  if (/deadline exceeded|timed out|timeout/i.test(text)) {
    return new PrometheusError('timeout', 'the query took too long');
  }
  if (status === 429 || status === 503) {
    return new PrometheusError('busy', `it is busy (${status})`);
  }
  if (status === 422 && /too many|exceed|limit|err-mimir-max/i.test(text)) {
    return new PrometheusError(
      'too-expensive',
      `it refuses the query as too expensive: ${text}`,
    );
  }
  if (status === 400 || status === 422) {
    return new PrometheusError('bad-query', `it rejects the query: ${text}`);
  }
  return new PrometheusError('failed', `it answers ${status}: ${text}`);
}

function strings(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string')
    : [];
}

function readSeries(data: unknown, maxSeries: number): Series[] {
  if (!isRecord(data)) throw malformed('data');
  const { resultType, result } = data;
  if (resultType === 'scalar') {
    return [{ labels: {}, samples: [readSample(result)] }];
  }
  if (!Array.isArray(result)) throw malformed('data.result');
  if (result.length > maxSeries) {
    throw new PrometheusError(
      'too-large',
      `its answer has more than ${maxSeries} series`,
    );
  }
  return result.map((each: unknown) => {
    if (!isRecord(each)) throw malformed('data.result[]');
    const samples = Array.isArray(each.values)
      ? each.values.map(readSample)
      : [readSample(each.value)];
    return { labels: readLabels(each.metric), samples };
  });
}

function readLabels(metric: unknown): Record<string, string> {
  if (!isRecord(metric)) throw malformed('data.result[].metric');
  return Object.fromEntries(
    Object.entries(metric).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function readSample(value: unknown): Sample {
  if (!Array.isArray(value) || typeof value[0] !== 'number') {
    throw malformed('data.result[].value');
  }
  const number = typeof value[1] === 'string' ? Number(value[1]) : NaN;
  return {
    at: value[0],
    value: Number.isFinite(number) ? number : undefined,
  };
}

function malformed(where: string): PrometheusError {
  return new PrometheusError(
    'not-prometheus',
    `its answer has not the form of the Prometheus API (${where})`,
  );
}
