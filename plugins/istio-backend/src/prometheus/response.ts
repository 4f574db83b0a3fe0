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

/** Labels of one series of an answer. */
export type Labels = Readonly<Record<string, string>>;

/** One row of an instant answer. `value` is absent for NaN and infinities: there is no such number to show. */
export interface InstantRow {
  labels: Labels;
  value?: number;
}

/** One series of a range answer: pairs of epoch seconds and value. */
export interface RangeRow {
  labels: Labels;
  points: readonly (readonly [at: number, value: number | undefined])[];
}

/** Why Prometheus gave no numbers. */
export type PrometheusFailure =
  | 'unauthorized'
  | 'not-found'
  | 'rejected'
  | 'too-expensive'
  | 'overloaded'
  | 'unreachable'
  | 'not-prometheus'
  | 'too-large';

/** A request that gave no numbers; the message says why and what to do. */
export class PrometheusError extends Error {
  constructor(
    readonly failure: PrometheusFailure,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'PrometheusError';
  }
}

export interface PrometheusAnswer<Row> {
  rows: readonly Row[];
  /** warnings and infos of the source: the answer may be partial */
  warnings: readonly string[];
}

/** Prometheus writes numbers as text. */
export function readNumber(text: unknown): number | undefined {
  if (typeof text !== 'string' || text === '') {
    return undefined;
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

function labelsOf(series: Record<string, unknown>): Labels {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(
    isObject(series.metric) ? series.metric : {},
  )) {
    if (typeof value === 'string') {
      labels[name] = value;
    }
  }
  return labels;
}

function parseBody(text: string, status: number): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw notPrometheus(text, status, cause);
  }
  if (!isObject(body)) {
    throw notPrometheus(text, status);
  }
  return body;
}

function notPrometheus(
  text: string,
  status: number,
  cause?: unknown,
): PrometheusError {
  if (status === 401 || status === 403) {
    return statusFailure(status, '');
  }
  const html = /<html|<!doctype/i.test(text.slice(0, 1000));
  if (status === 404) {
    return new PrometheusError(
      'not-found',
      'There is no Prometheus API at this address. Check the base path: it must not contain /api/v1',
      { cause },
    );
  }
  return new PrometheusError(
    status >= 500 ? 'unreachable' : 'not-prometheus',
    html
      ? `A web page came in place of numbers (HTTP ${status}): probably a login page or another program. Check the address and the credentials of Prometheus`
      : `The answer is not that of a Prometheus API (HTTP ${status}). Check the address of Prometheus`,
    { cause },
  );
}

function statusFailure(status: number, message: string): PrometheusError {
  const said = message === '' ? '' : `: ${message}`;
  if (status === 401 || status === 403) {
    return new PrometheusError(
      'unauthorized',
      `Prometheus refused the credentials (HTTP ${status})${said}. Check bearerToken, basicAuth, headers or tenant`,
    );
  }
  if (status === 404) {
    return new PrometheusError(
      'not-found',
      `Prometheus was not found (HTTP 404)${said}. Check its address`,
    );
  }
  if (status === 422) {
    return new PrometheusError(
      'too-expensive',
      `Prometheus could not answer in its limits${said}`,
    );
  }
  if (status === 429 || status === 503) {
    return new PrometheusError(
      'overloaded',
      `Prometheus is overloaded (HTTP ${status})${said}`,
    );
  }
  return new PrometheusError(
    status >= 500 ? 'unreachable' : 'rejected',
    `Prometheus answered HTTP ${status}${said}`,
  );
}

function resultOf(
  text: string,
  status: number,
  resultType: string,
  maxRows: number,
): { series: Record<string, unknown>[]; warnings: string[] } {
  const body = parseBody(text, status);
  const said =
    typeof body.error === 'string'
      ? body.error
      : typeof body.message === 'string'
      ? body.message
      : '';
  if (status !== 200 || body.status !== 'success') {
    throw body.status === undefined && status === 200
      ? notPrometheus(text, status)
      : statusFailure(status === 200 ? 422 : status, said);
  }
  const data = isObject(body.data) ? body.data : {};
  if (data.resultType !== resultType || !Array.isArray(data.result)) {
    throw notPrometheus(text, status);
  }
  const warnings = [...texts(body.warnings), ...texts(body.infos)];
  const series = data.result.filter(isObject);
  if (series.length > maxRows) {
    warnings.push(
      `The answer has ${series.length} series; only the first ${maxRows} are used`,
    );
  }
  return { series: series.slice(0, maxRows), warnings };
}

/** Reads the answer to an instant query. @throws PrometheusError */
export function readInstant(
  text: string,
  status: number,
  maxRows: number,
): PrometheusAnswer<InstantRow> {
  const { series, warnings } = resultOf(text, status, 'vector', maxRows);
  const rows = series.map(item => {
    const value = Array.isArray(item.value)
      ? readNumber(item.value[1])
      : undefined;
    return {
      labels: labelsOf(item),
      ...(value === undefined ? {} : { value }),
    };
  });
  return { rows, warnings };
}

/** Reads the answer to a range query. @throws PrometheusError */
export function readRange(
  text: string,
  status: number,
  maxRows: number,
): PrometheusAnswer<RangeRow> {
  const { series, warnings } = resultOf(text, status, 'matrix', maxRows);
  const rows = series.map(item => ({
    labels: labelsOf(item),
    points: (Array.isArray(item.values) ? item.values : []).flatMap(pair =>
      Array.isArray(pair) && typeof pair[0] === 'number'
        ? [[pair[0], readNumber(pair[1])] as const]
        : [],
    ),
  }));
  return { rows, warnings };
}
