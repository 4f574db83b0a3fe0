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

import { destinationRuleFor, trafficPolicyFor } from '../../destinations';
import { provenanceOf, type ObjectRef } from '../../verdict';
import { matchInWords } from '../matchWords';
import { retriesOf, retryDefaultsOf, retryPlaceInWords } from '../retries';
import { timeoutOf } from '../routeActions';
import type { RouteRule } from '../routeRules';
import type { RoutedRequest } from '../routedRequest';
import { step } from './branches';
import type { Hop } from './hop';
import type { WayOutcome, WayStep } from './way';

/** Which rule takes the request, in words. */
export function ruleStep(
  routed: RoutedRequest,
  at: ObjectRef | undefined,
): WayStep {
  const { matched } = routed;
  if (matched === undefined) {
    return routed.provenance === undefined
      ? step(
          'rule',
          'pass',
          'No configuration routes it: the default route leads to the service itself',
          [],
          at,
        )
      : step('rule', 'pass', routed.provenance.says, [routed.provenance], at);
  }
  const { config, index, route } = matched.active;
  const words =
    matched.match === undefined
      ? 'every request'
      : matchInWords(matched.match, config.semantics);
  const name = (route.value.name ?? '') === '' ? '' : ` (${route.value.name})`;
  return step(
    'rule',
    'pass',
    `Rule ${index + 1}${name} of ${config.object.kind} ${config.namespace}/${
      config.name
    } takes it: ${words}`,
    [routed.provenance],
    at,
  );
}

function mirrorSteps(rule: RouteRule, at: ObjectRef | undefined): WayStep[] {
  return rule.mirrors.map(mirror =>
    step(
      'mirror',
      'pass',
      `${mirror.percent} % of the requests are copied to ${mirror.host}:${
        mirror.port
      }${mirror.subset === undefined ? '' : ` subset ${mirror.subset}`}${
        mirror.state === 'ok' ? '' : ` (${mirror.says ?? mirror.state})`
      }; the answer to the copy is thrown away`,
      rule.provenance === undefined
        ? []
        : [
            {
              ...rule.provenance,
              says: 'It copies requests',
            },
          ],
      at,
    ),
  );
}

/** Does the rule send to one destination, which is chosen by a hash of the request? R5.24 */
function isHashed(hop: Hop, { rule, matched }: RoutedRequest): boolean {
  const [to, ...others] = rule?.destinations ?? [];
  if (matched === undefined || to === undefined || others.length > 0) {
    return false;
  }
  const { rule: chosen } = destinationRuleFor(
    hop.snapshot,
    hop.sender,
    to.host,
  );
  const { loadBalancer } = trafficPolicyFor(chosen, to.port, to.subset);
  return loadBalancer?.value.consistentHash !== undefined;
}

/** What a rule does to a request that it passes on: rewrite, mirrors, timeout, retries; with where each comes from. */
export function actionSteps(hop: Hop, routed: RoutedRequest): WayStep[] {
  const { rule, matched } = routed;
  const { at } = hop;
  const timeout = rule?.timeout ?? timeoutOf(undefined);
  const retries =
    rule?.retries ??
    retriesOf(undefined, retryDefaultsOf(hop.snapshot, hop.sender.revision));
  const rewrite =
    rule?.rewrite === undefined || matched === undefined
      ? []
      : [
          step(
            'rewrite',
            'pass',
            rule.rewrite,
            [
              provenanceOf(
                matched.active.route.object,
                `${matched.active.route.path}.rewrite`,
                rule.rewrite,
              ),
            ],
            at,
          ),
        ];
  return [
    ...rewrite,
    ...(rule === undefined ? [] : mirrorSteps(rule, at)),
    step('timeout', 'pass', timeout.says, [timeout.provenance], at),
    step(
      'retries',
      'pass',
      `${retries.says}${retryPlaceInWords(
        retries.value,
        isHashed(hop, routed),
      )}`,
      [retries.provenance],
      at,
    ),
  ];
}

/** The end of requests that a fault aborts. */
export function abortedOutcome(
  status: string,
  at: ObjectRef | undefined,
): WayOutcome {
  const http = /^\d+$/.test(status);
  return {
    ending: 'answered',
    code: http ? Number(status) : 200,
    flag: 'FI',
    details: 'fault_filter_abort',
    ...(at === undefined ? {} : { at }),
    says: http
      ? `An injected fault answers ${status} (FI)`
      : `An injected fault answers with gRPC status ${status} (FI)`,
  };
}
