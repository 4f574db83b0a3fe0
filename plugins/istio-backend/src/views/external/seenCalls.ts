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

import type { Workload } from '@mesh-portal/mesh-model';
import { edgeRows } from '../dependencies/edgeRows';
import type { Observation } from '../observation';

/** Requests and connections per second that a workload was seen to send, by host. */
export type SeenCalls = ReadonlyMap<string, number>;

const COUNTED: ReadonlySet<string> = new Set(['requests', 'opened']);

/**
 * What a workload called, as its own proxy reports: no proxy stands at the other end of what is outside.
 *
 * @returns undefined where metrics could not be asked: that nothing was seen means nothing then
 */
export function seenCallsOf(
  { edges }: Observation,
  workload: Workload,
): SeenCalls | undefined {
  if (!edges?.callees) {
    return undefined;
  }
  const seen = new Map<string, number>();
  for (const { part, reporter, caller, callee, value } of edgeRows(
    edges.callees,
  )) {
    if (
      COUNTED.has(part) &&
      reporter === 'source' &&
      caller.namespace === workload.namespace &&
      caller.workload === workload.name
    ) {
      for (const host of new Set([callee.host, callee.name])) {
        seen.set(host, (seen.get(host) ?? 0) + value);
      }
    }
  }
  return seen;
}
