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

import { capabilitiesOf } from './capabilities';
import { meshTrafficTemplate, RECORDED_REQUESTS } from './catalogue';
import type { AskOptions, CachedResult, Queries } from './engine';

/** The list does not wait longer to learn whether there are recording rules; the next look will know. */
const PATIENCE_MS = 2_000;

/** A result, or undefined where it takes longer. */
function within<T>(
  milliseconds: number,
  asked: Promise<T>,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * What every service of a mesh does, in one request that all who look share; from the recording rules where the source
 * has them.
 *
 * @throws PrometheusError when there is no answer
 */
export async function meshTrafficAnswer(
  queries: Queries,
  window: '5m' | '1h',
  options?: AskOptions,
): Promise<CachedResult> {
  const capabilities = await within(PATIENCE_MS, capabilitiesOf(queries));
  const recorded = capabilities?.metrics.has(RECORDED_REQUESTS) ?? false;
  return queries.ofSource(
    meshTrafficTemplate,
    { window, ...(recorded && { recorded }) },
    options,
  );
}
