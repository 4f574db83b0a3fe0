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

import type { CachedResult } from './Queries';

/**
 * One answer of several: all rows, the time of the oldest, every warning once.
 *
 * @param otherwise - epoch seconds, where there is no answer at all
 */
export function joinAnswers(
  answers: readonly CachedResult[],
  otherwise: number,
): CachedResult {
  const stale = answers.find(({ staleBecause }) => staleBecause !== undefined);
  return {
    series: answers.flatMap(({ series }) => series),
    warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
    evaluatedAt:
      answers.length > 0
        ? Math.min(...answers.map(({ evaluatedAt }) => evaluatedAt))
        : otherwise,
    ...(stale && { staleBecause: stale.staleBecause }),
  };
}
