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

import type { QueryResult, Series } from './response';
import { serviceKeyOf } from './trafficRows';

const NO_SERIES: readonly Series[] = [];

/**
 * The rows of an answer about many services, one service at a time, so that reading each costs its own rows only.
 *
 * @returns the part of the answer about a service (`namespace/name`), with the warnings of the whole
 */
export function splitByService<R extends QueryResult>(
  result: R,
): (service: string) => R {
  const byService = new Map<string, Series[]>();
  for (const series of result.series) {
    const key = serviceKeyOf(series.labels);
    const rows = byService.get(key);
    if (rows) rows.push(series);
    else byService.set(key, [series]);
  }
  return service => ({
    ...result,
    series: byService.get(service) ?? NO_SERIES,
  });
}
