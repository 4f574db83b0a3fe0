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

import type { Subject } from '../prometheus/catalogue';
import {
  PrometheusClient,
  type PrometheusClientOptions,
} from '../prometheus/PrometheusClient';
import { QueryEngine, type QueryEngineOptions } from '../prometheus/engine';

/** Names of services in the matchers of an expression. */
function namesIn(expression: string): string[] {
  const [, names = ''] =
    /destination_service_name=~?"([^"]*)"/.exec(expression) ?? [];
  return names.split('|');
}

/** A source that counts what it is asked, and has one row of value 1 for every service it is asked about. */
export class CountedSource {
  readonly asked: { path: string; expression: string; subjects: string[] }[] =
    [];
  /** Answers in place of the rows; undefined: the rows. */
  fault:
    | ((expression: string, subjects: string[]) => Response | undefined)
    | undefined;
  /** as of a way that cuts long addresses */
  maxQueryBytes: number | undefined;
  #now = 1_000_000_007_000;

  readonly now = () => this.#now;

  wait(seconds: number): void {
    this.#now += seconds * 1000;
  }

  client(options: Partial<PrometheusClientOptions> = {}): PrometheusClient {
    return new PrometheusClient({
      transport: {
        name: 'counted',
        ...(this.maxQueryBytes && { maxQueryBytes: this.maxQueryBytes }),
        request: async ({ path, form }) => {
          const expression = form.get('query') ?? '';
          const subjects = namesIn(expression);
          this.asked.push({ path, expression, subjects });
          const fault = this.fault?.(expression, subjects);
          return fault ?? rows(path, subjects, this.#now / 1000);
        },
      },
      ...options,
    });
  }

  engine(options: Partial<QueryEngineOptions> = {}): QueryEngine {
    return new QueryEngine({
      client: this.client(),
      now: this.now,
      batchMs: 0,
      ...options,
    });
  }
}

function rows(path: string, names: readonly string[], at: number): Response {
  const range = path === 'query_range';
  const result = names.map(name => ({
    metric: {
      part: 'now',
      reporter: 'destination',
      destination_service_namespace: 'shop',
      destination_service_name: name,
    },
    ...(range ? { values: [[at, '1']] } : { value: [at, '1'] }),
  }));
  return Response.json({
    status: 'success',
    data: { resultType: range ? 'matrix' : 'vector', result },
  });
}

/** A refusal as Prometheus writes it. */
export function refusal(status: number, error: string): Response {
  return Response.json(
    { status: 'error', errorType: 'execution', error },
    { status },
  );
}

/** Services of namespace shop by number. */
export function services(count: number, from = 0): Subject[] {
  return Array.from({ length: count }, (_, index) => ({
    namespace: 'shop',
    name: `s${from + index}`,
  }));
}
