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

import { PrometheusError } from '../response';
import type { CachedResult } from './Queries';

/** An answer by subject, or why there is none. */
export type Outcomes = Map<string, CachedResult | PrometheusError>;

/** The answer about a subject. @throws PrometheusError where there is none */
export function answerOf(outcomes: Outcomes, subject: string): CachedResult {
  const outcome = outcomes.get(subject);
  if (outcome === undefined) {
    throw new Error(`Nothing was asked about '${subject}'`);
  }
  if (outcome instanceof PrometheusError) throw outcome;
  return outcome;
}
