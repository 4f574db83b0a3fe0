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

import type { ParentReference } from '../../objects';
import {
  reportedConditions,
  type Fault,
  type ReportedCondition,
} from './conditions';
import { GATEWAY_CONTROLLER } from './gatewayClasses';
import { parentKey, type RouteParent } from './routeParents';
import type { TranslatedRoute } from './routes';

/** What istiod reports about one `parentRef` of a route. R7.15, R7.16 */
export interface RouteParentStatus {
  parentRef: ParentReference;
  controllerName: string;
  conditions: readonly ReportedCondition[];
}

/** The most telling reason first. R7.15 */
const RANKS: Readonly<Record<string, number>> = {
  NotAllowedByListeners: 1,
  NoMatchingListenerHostname: 2,
  ParentRefConflict: 3,
  NoMatchingParent: 4,
};

function acceptance(parents: readonly RouteParent[]): {
  message: string;
  fault?: Fault;
} {
  const attached = parents.filter(({ denial }) => denial === undefined).length;
  if (attached > 0) {
    return {
      message:
        attached === 1 ? 'It attaches' : `It attaches to ${attached} listeners`,
    };
  }
  const denials = parents.flatMap(({ denial }) => denial ?? []);
  const best = Math.min(...denials.map(({ reason }) => RANKS[reason]));
  const told = denials.filter(({ reason }) => RANKS[reason] === best);
  return {
    message: '',
    fault: {
      reason: told[0].reason,
      message: told.map(({ message }) => message).join('; '),
    },
  };
}

/** What istiod reports about a route: one entry a `parentRef`, however many listeners it means. R7.15, R7.16 */
export function routeStatus({
  route,
  parents,
  faults,
}: TranslatedRoute): RouteParentStatus[] {
  const byReference = new Map<string, RouteParent[]>();
  for (const parent of parents) {
    const key = parentKey(parent.reference, route.metadata.namespace);
    byReference.set(key, [...(byReference.get(key) ?? []), parent]);
  }
  return [...byReference]
    .sort(([a], [b]) => (a > b ? -1 : 1))
    .map(([, same]) => {
      const [{ reference, target }] = same;
      const { message, fault } = acceptance(same);
      const resolved = target.kind === 'mesh' ? faults.mesh : faults.gateway;
      return {
        parentRef: reference,
        controllerName: GATEWAY_CONTROLLER,
        conditions: reportedConditions({
          Accepted: {
            reason: 'Accepted',
            message,
            ...(fault === undefined ? {} : { fault }),
          },
          ResolvedRefs: {
            reason: 'ResolvedRefs',
            message: 'Everything it refers to is there',
            ...(resolved === undefined ? {} : { fault: resolved }),
          },
        }),
      };
    });
}
