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
  ServiceRef,
  SloBrief,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { BurnCounts, CountedWindow } from './burnCounts';
import type { EntitySlo } from './entitySlo';
import { sloService } from './sloService';

/** Windows that a list asks for. */
export const LIST_WINDOWS: readonly CountedWindow[] = ['5m', '30m', '1h', '6h'];

/** Windows of the list of the whole mesh. */
export const MESH_WINDOWS: readonly CountedWindow[] = ['5m', '1h'];

/**
 * The availability of a service for a list, judged by the fast windows only. What a list cannot count is `unknown` and
 * says where it is counted.
 *
 * @param counts - undefined: nothing was counted; the problems say why
 */
export function sloBrief(
  service: ServiceRef,
  slo: EntitySlo,
  counts: BurnCounts | undefined,
  problems: readonly string[],
): SloBrief {
  const { definition } = slo;
  if (definition && definition.availability === undefined) {
    return {
      state: 'unknown',
      origin: definition.origin,
      reason: 'Its objective is about latency: see its page',
    };
  }
  const { state, origin, verdict, objectives } = sloService(service, slo, {
    counts,
    problems,
    partial: problems.length > 0,
    recorded: false,
    shortOnly: true,
  });
  const availability = objectives.find(
    ({ indicator }) => indicator === 'availability',
  );
  const lastHour = availability?.windows.find(({ window }) => window === '1h');
  return {
    state,
    origin,
    ...(availability && { target: availability.target }),
    ...(lastHour?.burn !== undefined && { burn: lastHour.burn, window: '1h' }),
    reason: verdict.reason,
  };
}

/** Does an objective count what the list of the whole mesh does not keep apart? */
export function isCountedByMesh({ definition }: EntitySlo): boolean {
  return (
    definition === undefined ||
    (definition.view === 'server' && definition.exclude.length === 0)
  );
}
