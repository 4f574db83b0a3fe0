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

import type {
  TriageCell,
  TriageService,
} from '@mesh-portal/backstage-plugin-istio-common';
import { type ClusterEntities, entityOfCaller } from '../views/entityInput';
import type { Assessment } from './assessment';
import type { Contribution } from './contributions';
import { causesOf, codeInWords, howInWords } from './failures';

const MAX_CELLS = 20;
/** Smaller parts of a change are left out. */
const SMALLEST_PART = 0.01;

/** One row a caller, version and outcome: clusters and protocols are for the checks. Nothing where all is calm. */
export function shownCells(
  { server, client, baseline, side }: Assessment,
  entities: ClusterEntities | undefined,
  state: TriageService['state'],
): TriageCell[] {
  if (state === 'calm') return [];
  const first = side === 'client' ? client : server;
  const second = side === 'client' ? server : client;
  return [first, second]
    .flatMap(({ contributions }) => {
      const rows = new Map<string, TriageCell>();
      for (const cell of contributions) {
        const row = shownCell(cell, entities, baseline !== undefined);
        const id = [
          row.callerNamespace,
          row.caller,
          row.version,
          row.code,
          row.flag,
        ].join('\u0000');
        const known = rows.get(id);
        rows.set(id, known ? added(known, row) : row);
      }
      return state === 'incident'
        ? [...rows.values()].filter(isGrown).sort((a, b) => b.delta - a.delta)
        : [...rows.values()]
            .filter(({ now }) => now > 0)
            .sort((a, b) => b.now - a.now);
    })
    .slice(0, MAX_CELLS);
}

/** Cells that make up a hundredth of the change. */
function isGrown({ share = 0, delta }: TriageCell): boolean {
  return delta > 0 && share >= SMALLEST_PART;
}

function shownCell(
  cell: Contribution,
  entities: ClusterEntities | undefined,
  compared: boolean,
): TriageCell {
  const { entityRef } = entityOfCaller(entities, {
    namespace: cell.callerNamespace,
    workload: cell.caller,
  });
  return {
    callerNamespace: cell.callerNamespace,
    caller: cell.caller,
    ...(entityRef !== undefined && { callerEntityRef: entityRef }),
    workload: cell.workload,
    version: cell.version,
    code: codeInWords(cell),
    flag: cell.flags,
    how: howInWords(cell),
    causes: [...causesOf(cell)],
    seenBy: cell.seenBy,
    now: cell.now,
    ...(compared && { base: cell.base }),
    delta: cell.delta,
    ...(compared && cell.share !== undefined && { share: cell.share }),
  };
}

function added(a: TriageCell, b: TriageCell): TriageCell {
  const sum = (x?: number, y?: number) =>
    x === undefined || y === undefined ? undefined : x + y;
  return {
    ...a,
    now: a.now + b.now,
    base: sum(a.base, b.base),
    delta: a.delta + b.delta,
    share: sum(a.share, b.share),
  };
}
