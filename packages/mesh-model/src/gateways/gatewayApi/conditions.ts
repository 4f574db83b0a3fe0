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

import type { Condition } from '../../objects';

/** A condition as istiod would report it. */
export type ReportedCondition = Required<Condition>;

/** Why something is not in order. */
export interface Fault {
  /** as Gateway API or Istio names it, for example `RefNotPermitted` */
  reason: string;
  message: string;
}

/** A condition that is good until a fault is set. */
export interface ConditionState {
  reason: string;
  message: string;
  /** the status that means good; `False` for conditions that name something bad */
  good?: 'True' | 'False';
  fault?: Fault;
}

/** Conditions by type, before they are reported. */
export type ConditionStates = Record<string, ConditionState>;

/** The conditions as they stand in a status, by type. */
export function reportedConditions(
  states: ConditionStates,
): ReportedCondition[] {
  return Object.entries(states)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, { reason, message, good = 'True', fault }]) =>
      fault === undefined
        ? { type, status: good, reason, message }
        : {
            type,
            status: good === 'True' ? 'False' : 'True',
            reason: fault.reason,
            message: fault.message,
          },
    );
}

/** The later fault's message after the earlier one's reason; `undefined` when there is none. */
export function joinedFaults(
  first: Fault | undefined,
  second: Fault | undefined,
): Fault | undefined {
  if (first === undefined || second === undefined) {
    return first ?? second;
  }
  return {
    reason: first.reason,
    message: `${first.message}; ${second.message}`,
  };
}
