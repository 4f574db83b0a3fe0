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
  IgnoredObject,
  RouteDestination,
  RoutePort,
  RouteRule,
  RoutesView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  agreeing,
  ignoredObjectsOfService,
  routesOfService,
  type PortRoutes,
  type Provenance,
  type ResolvedDestination,
  type RouteRule as ModelRule,
  type Verdict,
} from '@mesh-portal/mesh-model';
import { chosenClient, type NamedClient } from './clients';
import { entityOfHost, type EntityInput } from './entityInput';
import { certain, ignorance, ROUTE_KINDS } from './knowledge';
import { malformedRoutes } from './malformedRoutes';
import { count } from './numbersInWords';
import {
  observedOfRule,
  splitObservation,
  subsetLabels,
  type SplitObservation,
} from './observedSplit';
import { faultInWords, retriesInWords, timeoutInWords } from './routeWords';
import { clientsOfRouted, routedOf, type RoutedInput } from './routedInput';
import { plainVerdict, worstVerdict } from './verdicts';

type RoutesService = RoutesView['services'][number];

interface Asking {
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

function destinationVerdict(destination: ResolvedDestination): Verdict {
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
  return {
    state: state === 'unknown' ? 'unknown' : 'fail',
    reason: says ?? `The destination is ${state}`,
    facts,
  };
}

function destinationOf(
  { service, client }: Asking,
  destination: ResolvedDestination,
  observed: RouteDestination['observed'],
): RouteDestination {
  const labels = subsetLabels(service, client.client, destination);
  const { host, port, subset, percent, provenance } = destination;
  return {
    host,
    ...entityOfHost(service.cluster.entities, host),
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
    verdict: destinationVerdict(destination),
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
    ? observedOfRule(
        kubernetes,
        asking.client.client,
        rules,
        rule,
        asking.split,
      )
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

function portOf(
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

function keyOf({ kind, namespace = '', name }: IgnoredObject['object']) {
  return `${kind} ${namespace}/${name}`;
}

/** What to write so that objects which do not act do, by object. */
function remediesOf(
  { cluster, kubernetes }: RoutedInput,
  client: NamedClient,
): ReadonlyMap<string, string> {
  return new Map(
    kubernetes
      ? ignoredObjectsOfService(
          cluster.snapshot,
          kubernetes.service,
          client.client,
        ).map(({ object, remedy }) => [keyOf(object), remedy])
      : [],
  );
}

/** Configurations that name the host and do not act for the client, each once. */
function ignoredBy(
  service: RoutedInput,
  client: NamedClient,
  ports: readonly PortRoutes[],
): IgnoredObject[] {
  const losers = ports.flatMap(port => port.losers);
  if (losers.length === 0) {
    return [];
  }
  const remedies = remediesOf(service, client);
  const found = new Map<string, IgnoredObject>();
  for (const provenance of losers) {
    const { object, says, path } = provenance;
    const remedy = remedies.get(keyOf(object));
    found.set(`${keyOf(object)} ${path ?? ''} ${says}`, {
      object,
      reason: says,
      ...(remedy === undefined ? {} : { remedy }),
      provenance,
    });
  }
  return [...found.values()];
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

function uncertainPort(port: RoutePort): RoutePort {
  return {
    ...port,
    verdict: uncertain(port.verdict),
    rules: port.rules.map(rule => ({
      ...rule,
      verdict: uncertain(rule.verdict),
    })),
  };
}

/** Routes of one service as one caller has them. */
export function routesOf(
  service: RoutedInput,
  clients: readonly NamedClient[],
  client: NamedClient,
): RoutesService {
  const { cluster, ref, kubernetes } = service;
  const { snapshot } = cluster;
  const routes = routesOfService(snapshot, client.client, service.query);
  const asking: Asking = {
    service,
    client,
    split: kubernetes && splitObservation(kubernetes, client.client),
  };
  const unread = ignorance(cluster.status, ROUTE_KINDS);
  const ports = (routes?.ports ?? [])
    .map(port => portOf(asking, port, routes?.hostHeaders ?? []))
    .map(port => (unread === undefined ? port : uncertainPort(port)));
  const malformed = malformedRoutes(snapshot, ref);
  const outOfScope: Verdict[] =
    routes && !routes.inScope
      ? [
          {
            state: 'fail',
            reason: routes.says,
            facts: [...routes.scopeProvenance],
          },
        ]
      : [];
  const verdict = worstVerdict(
    [
      ...outOfScope,
      ...malformed.map(each => each.verdict),
      ...ports.map(port => port.verdict),
    ],
    plainVerdict('unknown', 'The service has no port that Istio routes'),
  );
  return {
    service: ref,
    client: client.ref,
    clients: clients.map(each => each.ref),
    verdict: certain(
      calm(verdict, ports, kubernetes !== undefined),
      cluster.status,
      ROUTE_KINDS,
    ),
    ports,
    ignored: [
      ...malformed.map(each => each.ignored),
      ...ignoredBy(service, client, routes?.ports ?? []),
    ],
  };
}

function routedToPods(owner: Provenance | undefined): string {
  return owner
    ? `${owner.object.kind} ${owner.object.namespace}/${owner.object.name} routes, and every destination has ready pods`
    : 'No route is configured: requests go to the ready pods of the service';
}

/** Whether something answers at an address outside is not the mesh's to know. */
function routedToAddresses(owner: Provenance | undefined): string {
  return owner
    ? `${owner.object.kind} ${owner.object.namespace}/${owner.object.name} routes, and every destination is known`
    : 'No route is configured: requests go to the addresses of the ServiceEntry';
}

/** When all is well, say what is: who decides where requests go. */
function calm(
  verdict: Verdict,
  ports: readonly RoutePort[],
  hasPods: boolean,
): Verdict {
  if (verdict.state !== 'pass') {
    return verdict;
  }
  const owner = ports.find(port => port.ownedBy)?.ownedBy;
  return {
    ...verdict,
    reason: hasPods ? routedToPods(owner) : routedToAddresses(owner),
  };
}

/**
 * Hosts, rules and destinations as one client sees them.
 *
 * @param client - id of a caller; absent: some meshed client of the service’s namespace
 * @throws InputError when no service of the entity has this caller
 */
export function routesView(
  input: EntityInput,
  client: string | undefined,
): RoutesView {
  const asked = routedOf(input).map(service => ({
    service,
    clients: clientsOfRouted(service),
  }));
  const known = asked.some(({ clients }) =>
    clients.some(({ ref }) => ref.id === client),
  );
  return {
    services: asked.map(({ service, clients }) =>
      routesOf(service, clients, chosenClient(clients, client, !known)),
    ),
  };
}
