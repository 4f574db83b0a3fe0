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

import type { Series } from '../prometheus/response';
import type { Observation } from '../views/observation';

/** What was seen in five minutes, as rows of the answer to `serviceWindow`. */
export function observationOf(
  ...rows: { labels: Series['labels']; rate: number }[]
): Observation {
  return {
    state: 'available',
    problems: [],
    answers: {
      window: '5m',
      requests: {
        series: rows.map(({ labels, rate }) => ({
          labels,
          samples: [{ at: 0, value: rate }],
        })),
        warnings: [],
        missing: new Map(),
        evaluatedAt: 0,
      },
      history: undefined,
      pods: undefined,
      stepSeconds: 60,
      windowSeconds: 300,
      problems: [],
    },
  };
}
