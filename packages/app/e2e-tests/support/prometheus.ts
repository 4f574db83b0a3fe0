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

import { execFileSync } from 'node:child_process';
import { environment } from './environment';

interface InstantSample {
  metric: Record<string, string>;
  value: [number, string];
}

/** Evaluates an expression with promtool; one result is expected. */
export function promtoolValue(
  expression: string,
  url: string = environment.prometheusUrl,
): number {
  const output = execFileSync(
    'promtool',
    ['query', 'instant', '-o', 'json', url, expression],
    { encoding: 'utf8' },
  );
  const samples = JSON.parse(output) as InstantSample[];
  if (samples.length !== 1) {
    throw new Error(`${expression} gave ${samples.length} results, expected 1`);
  }
  return Number(samples[0].value[1]);
}

/** Where the portal's requests to Prometheus go. */
export type PrometheusMode =
  | { mode: 'forward'; target?: string }
  | { mode: 'down' }
  | { mode: 'html' };

/** Breaks, replaces or repairs the Prometheus that the portal sees. */
export async function setPrometheus(mode: PrometheusMode): Promise<void> {
  const response = await fetch(`${environment.prometheusSwitchUrl}/-/mode`, {
    method: 'PUT',
    body: JSON.stringify(mode),
  });
  if (!response.ok) {
    throw new Error(`The Prometheus switch answered ${response.status}`);
  }
}

async function askedSoFar(): Promise<string[]> {
  const response = await fetch(`${environment.prometheusSwitchUrl}/-/asked`);
  return (await response.json()) as string[];
}

/**
 * What the portal asks Prometheus about one service while `act` runs. The service must be one whose page nobody opened
 * in the minute before: answers are kept for so long. What is asked for all services, every minute, is not counted.
 */
export async function askedAbout(
  service: string,
  act: () => Promise<unknown>,
): Promise<string[]> {
  const earlier = await askedSoFar();
  await act();
  const since = (await askedSoFar()).slice(earlier.length);
  return since.filter(query => query.includes(service));
}
