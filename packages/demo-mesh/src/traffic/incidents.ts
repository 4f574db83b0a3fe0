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

import { fieldAt } from '../kubernetes/object';
import type { ObjectReader } from '../kubernetes/storeTypes';
import type { DemoTopology, IncidentEffect } from '../mesh/topology';

const MINUTE = 60_000;

/** When incidents begin and end (milliseconds), for the demo that started at `startedAt`. */
export function incidentTimes(
  topology: DemoTopology,
  startedAt: number,
): number[] {
  return topology.incidents.flatMap(({ startMinutesAgo, endMinutesAgo }) => [
    startedAt - startMinutesAgo * MINUTE,
    ...(endMinutesAgo === undefined
      ? []
      : [startedAt - endMinutesAgo * MINUTE]),
  ]);
}

/** What incidents do at a time; one whose cause has been undone in the live objects does nothing. */
export function activeEffects(
  store: ObjectReader,
  topology: DemoTopology,
  time: number,
  startedAt: number,
): IncidentEffect[] {
  return topology.incidents
    .filter(incident => {
      const from = startedAt - incident.startMinutesAgo * MINUTE;
      const to =
        incident.endMinutesAgo === undefined
          ? Infinity
          : startedAt - incident.endMinutesAgo * MINUTE;
      const condition = incident.whileObject;
      const holds =
        condition === undefined ||
        fieldAt(
          store.get(condition.resource, condition.namespace, condition.name),
          ...condition.path,
        ) === condition.equals;
      return time >= from && time < to && holds;
    })
    .flatMap(({ effects }) => effects);
}
