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
  RouteDestination,
  RoutePort,
  RouteRule,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  agreeing,
  lackingEndpoints,
  type PortRoutes,
  type ResolvedDestination,
  type RouteRule as ModelRule,
  type Verdict,
} from '@mesh-portal/mesh-model';
import type { NamedClient } from './clients';
import { entityOfHost } from './entityInput';
import { count } from './numbersInWords';
import { observedOfRule, type SplitObservation } from './observedSplit';
import { faultInWords, retriesInWords, timeoutInWords } from './routeWords';
import type { RoutedInput } from './routedInput';
import { plainVerdict, worstVerdict } from './verdicts';

/** Of which service, and as whom, routes are asked for. */
export interface Asking {
  service: RoutedInput;
  client: NamedClient;
  split: SplitObservation | undefined;
}

function readyInWords(ready: number, total: number): string {
  return `${ready} of ${count(total, 'pod')} ${agreeing(
    ready,
    'is',
    'are',
  )} ready`;
}

function destinationVerdict(
  destination: ResolvedDestination,
  others: string | undefined,
): Verdict {
  const { state, says, provenance } = destination;
  const facts = provenance === undefined ? [] : [provenance];
  if (state === 'ok') {
    return {
      state: 'pass',
      reason:
        destination.readyEndpoints === undefined
          ? 'The destination exists'
          : readyInWords(
              destination.readyEndpoints,
              destination.totalEndpoints ?? destination.readyEndpoints,
            ),
      facts,
    };
  }
  const reason = says ?? `The destination is ${state}`;
  return others === undefined
    ? { state: state === 'unknown' ? 'unknown' : 'fail', reason, facts }
    : { state: 'unknown', reason: `${reason}, ${others}`, facts };
}

function destinationOf(
  { service, client }: Asking,
  destination: ResolvedDestination,
  observed: RouteDestination['observed'],
): RouteDestination {
  const { host, port, subset, labels, percent, provenance } = destination;
  const { cluster } = service;
  const lacking = lackingEndpoints(destination);
  const others = lacking && cluster.elsewhere?.(lacking, client.client.proxy);
  return {
    host,
    ...entityOfHost(cluster.entities, host),
    port,
    ...(subset === undefined ? {} : { subset }),
    ...(labels === undefined ? {} : { subsetLabels: { ...labels } }),
    configuredWeight: percent,
    ...(destination.readyEndpoints === undefined
      ? {}
      : { readyPods: destination.readyEndpoints }),
    ...(destination.totalEndpoints === undefined
      ? {}
      : { totalPods: destination.totalEndpoints }),
    ...(provenance === undefined ? {} : { provenance }),
    verdict: destinationVerdict(destination, others),
    ...(observed === undefined ? {} : { observed }),
  };
}

/** Fails for what breaks requests; a fault left on and a rule that no request reaches are failures too. */
function ruleVerdict(
  rule: ModelRule,
  destinations: readonly RouteDestination[],
): Verdict {
  const facts = rule.provenance === undefined ? [] : [rule.provenance];
  const own: Verdict[] = [];
  if (rule.state === 'unreachable') {
    own.push({
      state: 'fail',
      reason: `No request reaches this rule: ${
        rule.says ?? 'another rule takes them'
      }`,
      facts,
    });
  }
  if (rule.fault) {
    own.push({
      state: 'fail',
      reason: `Faults are injected on purpose: ${
        faultInWords(rule.fault).value
      }`,
      facts: [rule.fault.provenance],
    });
  }
  const drifted = destinations.find(
    ({ observed }) => observed?.state === 'differs',
  );
  if (drifted) {
    own.push({
      state: 'fail',
      reason: `${drifted.subset ?? drifted.host}: ${drifted.observed?.reason}`,
      facts,
    });
  }
  const ofDestinations = destinations.map(({ verdict }) => verdict);
  if (rule.action === 'route' && destinations.length === 0) {
    own.push({
      state: 'fail',
      reason: 'The rule sends requests nowhere',
      facts,
    });
  }
  return worstVerdict([...own, ...ofDestinations], {
    state: 'pass',
    reason:
      rule.action === 'redirect'
        ? 'Requests are redirected'
        : 'Requests are answered by the proxy',
    facts,
  });
}

function actionText(rule: ModelRule): string | undefined {
  if (rule.redirect !== undefined) {
    return rule.redirect;
  }
  return rule.status === undefined
    ? undefined
    : `answers ${rule.status} without asking any pod`;
}

function ruleOf(
  asking: Asking,
  rules: readonly ModelRule[],
  rule: ModelRule,
  index: number,
): RouteRule {
  const { kubernetes } = asking.service;
  const observed = kubernetes
    ? observedOfRule(kubernetes, rules, rule, asking.split)
    : [];
  const destinations = rule.destinations.map((destination, position) =>
    destinationOf(asking, destination, observed[position]),
  );
  const every = rule.matches.every(({ words }) => words === 'every request');
  const text = actionText(rule);
  return {
    index,
    ...(rule.name === undefined ? {} : { name: rule.name }),
    ...(rule.provenance === undefined
      ? {}
      : { object: rule.provenance.object, path: rule.provenance.path }),
    matches: every ? [] : rule.matches.map(({ words }) => words),
    ...(rule.state === 'active'
      ? {}
      : { unreachable: rule.says ?? 'another rule takes every request' }),
    action: rule.action,
    ...(text === undefined ? {} : { actionText: text }),
    destinations,
    timeout: timeoutInWords(rule.timeout),
    retries: retriesInWords(rule.retries),
    ...(rule.fault === undefined ? {} : { fault: faultInWords(rule.fault) }),
    mirrors: rule.mirrors.map(
      ({ host, subset, percent }) =>
        `${percent} % to ${host}${subset === undefined ? '' : ` (${subset})`}`,
    ),
    ...(rule.rewrite === undefined ? {} : { rewrite: rule.rewrite }),
    headers: [...rule.headers],
    verdict: ruleVerdict(rule, destinations),
  };
}

/** A port without rules: routes do not act for the caller, which is no fault, or what owns the port leads nowhere. */
function withoutRules({ owner, says }: PortRoutes): Verdict {
  return owner === undefined
    ? plainVerdict('not-applicable', says)
    : { state: 'fail', reason: says, facts: [owner] };
}

/** A port with its rules, each with its destinations, and what was seen of them. */
export function portOf(
  asking: Asking,
  port: PortRoutes,
  hosts: readonly string[],
): RoutePort {
  const rules = port.rules.map((rule, index) =>
    ruleOf(asking, port.rules, rule, index),
  );
  const declared = asking.service.ports.find(each => each.port === port.port);
  return {
    port: port.port,
    name: port.name,
    protocol: declared?.protocol ?? port.class,
    hosts: [...hosts],
    ...(port.owner === undefined ? {} : { ownedBy: port.owner }),
    rules,
    whenNothingMatches:
      port.otherwise ??
      (rules.length === 0
        ? port.says
        : 'Every request is taken by one of the rules'),
    verdict: worstVerdict(
      rules.map(({ verdict }) => verdict),
      withoutRules(port),
    ),
  };
}

/** What is well as far as could be read; the service says what could not. */
function uncertain(verdict: Verdict): Verdict {
  return verdict.state === 'pass'
    ? {
        ...verdict,
        state: 'unknown',
        reason: `As far as is known: ${verdict.reason}`,
      }
    : verdict;
}

/** A port of whose routes not everything could be read. */
export function uncertainPort(port: RoutePort): RoutePort {
  return {
    ...port,
    verdict: uncertain(port.verdict),
    rules: port.rules.map(rule => ({
      ...rule,
      verdict: uncertain(rule.verdict),
    })),
  };
}
