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

import { type Parts, union } from '../catalogue';
import { PrometheusError, type QueryResult } from '../response';
import { halves } from './chunks';

/**
 * Asks for the parts of a template in one request; where that is too much for the source, in halves. A part that is too
 * much alone is named in the warnings, and the others stand.
 *
 * @throws PrometheusError when no part has an answer
 */
export async function askParts(
  parts: Parts,
  send: (expression: string) => Promise<QueryResult>,
): Promise<QueryResult> {
  try {
    return await send(union(parts));
  } catch (error) {
    const names = Object.keys(parts);
    if (!(error instanceof PrometheusError) || !error.tooMuchAtOnce) {
      throw error;
    }
    if (names.length < 2) throw error;
    const attempts = await Promise.all(
      halves(names).map(half => attempt(half, parts, send)),
    );
    const answers = attempts.flatMap(({ answer }) => answer ?? []);
    if (answers.length === 0) throw error;
    return {
      series: answers.flatMap(({ series }) => series),
      warnings: attempts.flatMap(
        ({ answer, warning }) => answer?.warnings ?? warning ?? [],
      ),
    };
  }
}

async function attempt(
  names: readonly string[],
  parts: Parts,
  send: (expression: string) => Promise<QueryResult>,
): Promise<{ answer?: QueryResult; warning?: string }> {
  const some = Object.fromEntries(names.map(name => [name, parts[name]]));
  try {
    return { answer: await askParts(some, send) };
  } catch (error) {
    if (!(error instanceof PrometheusError)) throw error;
    return { warning: `${names.join(', ')}: ${error.message}` };
  }
}
