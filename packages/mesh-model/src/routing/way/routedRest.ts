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

import { provenanceOf } from '../../verdict';
import type { RoutedRequest } from '../routedRequest';
import { ending, followed, forked, step, type Rest } from './branches';
import { toDestination } from './destinationRest';
import { forwardedRequest } from './forwardedRequest';
import type { Hop } from './hop';
import { abortedOutcome, actionSteps, ruleStep } from './ruleSteps';
import type { WayBranch, WayStep } from './way';

/** The branches of a route's destinations, each with the request as it is passed on there. */
function destinationBranches(hop: Hop, routed: RoutedRequest): WayBranch[] {
  return routed.destinations.map((to, position): WayBranch => {
    const request =
      routed.matched === undefined
        ? hop.request
        : forwardedRequest(hop.request, routed.matched, position);
    return {
      ...toDestination({ ...hop, request }, to),
      share: to.percent,
      fork: 'weight',
      because: `${Math.round(to.percent * 100) / 100} % go to ${to.host}:${
        to.port
      }${to.subset === undefined ? '' : ` subset ${to.subset}`}`,
      destination: to,
    };
  });
}

/** What a rule does with a request that no fault has ended; Envoy names its own answers `direct_response`. R5.21, R9.6 */
function afterFault(hop: Hop, routed: RoutedRequest): Rest {
  const { at } = hop;
  const matched = routed.matched?.active.route;
  const here = at === undefined ? {} : { at };
  const fact = (field: string, says: string) =>
    matched === undefined
      ? undefined
      : provenanceOf(matched.object, `${matched.path}.${field}`, says);
  if (routed.outcome === 'redirected') {
    const says = `The caller is redirected: ${routed.says}`;
    return ending(
      [step('redirect', 'pass', says, [fact('redirect', says)], at)],
      {
        ending: 'answered',
        code: matched?.value.redirect?.redirectCode || 301,
        ...here,
        says,
      },
    );
  }
  if (routed.outcome === 'answered') {
    return ending(
      [
        step(
          'direct-response',
          'pass',
          routed.says,
          [fact('directResponse', routed.says)],
          at,
        ),
      ],
      {
        ending: 'answered',
        ...(routed.code === undefined ? {} : { code: routed.code }),
        details: 'direct_response',
        ...here,
        says: routed.says,
      },
    );
  }
  const steps = routed.layer === 'http' ? actionSteps(hop, routed) : [];
  if (routed.destinations.length === 0) {
    const says = 'The rule has no destination with a weight';
    return ending([...steps, step('destination', 'fail', says, [], at)], {
      ending: 'failed',
      code: 500,
      ...here,
      says,
    });
  }
  return forked(steps, destinationBranches(hop, routed));
}

/** Faults that a rule injects, then what it does with the rest. Faults act before anything is sent. R5.26 */
function ruleRest(hop: Hop, routed: RoutedRequest): Rest {
  const fault = routed.rule?.fault;
  const rest = afterFault(hop, routed);
  if (fault === undefined) {
    return rest;
  }
  const says = fault.provenance.says;
  const injected = step('fault', 'pass', says, [fault.provenance], hop.at);
  const abort = fault.abort;
  if (abort === undefined) {
    return followed([injected], rest);
  }
  const share = Math.min(100, abort.percent);
  return forked(
    [injected],
    [
      {
        ...ending([], abortedOutcome(abort.status, hop.at)),
        share,
        fork: 'fault',
        because: `${share} % are answered by the injected fault`,
      },
      {
        ...rest,
        share: 100 - share,
        fork: 'fault',
        because: `${100 - share} % are spared by the injected fault`,
      },
    ],
  );
}

/** The way of a request from the route that a proxy has found for it, or has not. R5.17, R8.9 */
export function routedRest(hop: Hop, routed: RoutedRequest): Rest {
  const { at } = hop;
  const host: WayStep[] =
    routed.virtualHost === undefined
      ? []
      : [
          step(
            'virtual-host',
            'pass',
            `Virtual host ${routed.virtualHost}`,
            [],
            at,
          ),
        ];
  if (routed.outcome === 'no-route') {
    return ending(
      [...host, step('rule', 'fail', routed.says, [routed.provenance], at)],
      {
        ending: 'failed',
        code: 404,
        flag: 'NR',
        details: 'route_not_found',
        ...(at === undefined ? {} : { at }),
        says: `${routed.says}. The caller gets 404 NR`,
      },
    );
  }
  return followed([...host, ruleStep(routed, at)], ruleRest(hop, routed));
}
