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

/** A row as the HTTP API writes it. */
export interface ApiRow {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}

/** Samples by the labels of their series. */
export type ApiPoints = Map<string, [number, number][]>;

/** Asks a Prometheus API. @throws Error with its message */
export async function askApi(
  url: string,
  path: 'query' | 'query_range',
  form: Record<string, string>,
): Promise<ApiRow[]> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const answer: { error?: string; data?: { result: ApiRow[] } } = JSON.parse(
    await response.text(),
  );
  if (!answer.data) throw new Error(answer.error);
  return answer.data.result;
}

function pointsOf(rows: readonly ApiRow[]): ApiPoints {
  return new Map(
    rows.map(({ metric, value, values }) => [
      JSON.stringify(Object.entries(metric).sort()),
      (values ?? (value ? [value] : [])).map(([time, text]) => [
        time,
        Number(text),
      ]),
    ]),
  );
}

/** The greatest relative error; infinite where an instant is missing on one side. */
function errorBetween(
  mine: readonly [number, number][],
  theirs: readonly [number, number][],
): number {
  if (mine.length !== theirs.length) return Infinity;
  return Math.max(
    0,
    ...theirs.map(([time, wanted], index) => {
      const [at, got] = mine[index];
      if (at !== time) return Infinity;
      return Object.is(got, wanted)
        ? 0
        : Math.abs(got - wanted) / Math.max(1e-9, Math.abs(wanted));
    }),
  );
}

/** Asks two APIs the same and expects the same rows, to one part in a million; returns those of the second. */
export async function expectSameRows(
  urls: { mine: string; theirs: string },
  path: 'query' | 'query_range',
  form: Record<string, string>,
): Promise<ApiPoints> {
  const mine = pointsOf(await askApi(urls.mine, path, form));
  const theirs = pointsOf(await askApi(urls.theirs, path, form));
  expect([...mine.keys()].sort()).toEqual([...theirs.keys()].sort());
  for (const [key, points] of theirs) {
    const error = errorBetween(mine.get(key) ?? [], points);
    expect({ key, same: error <= 1e-6, error }).toMatchObject({ same: true });
  }
  return theirs;
}
