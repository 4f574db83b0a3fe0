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

import { destinationRulesNaming } from '../destinations/destinationRuleIndex';
import { destinationRuleFor } from '../destinations';
import { exposureOf } from '../gateways';
import { hasEnvoy, type Client } from '../membership';
import { routesOfService, type ServiceRoutes } from '../routing';
import { routingConfigsNaming } from '../routing/configsOfMesh';
import type { RoutableService } from '../routing/routableService';
import type { RoutingConfig } from '../routing/routingConfig';
import { serviceRegistryOf } from '../routing/serviceRegistry';
import { waypointAsClient, waypointBetween } from '../routing/waypointRoutes';
import { scopeOf } from '../scoping';
import { whyNotRead } from '../scoping/controlPlaneReading';
import type { MeshSnapshot } from '../snapshot';
import { objectRefOf, provenanceOf, type Provenance } from '../verdict';
import type { IgnoredCause } from './ignoredCauses';
import type { IgnoredObjects } from './IgnoredObjects';
import { misnamedHostsOf } from './misnamedHosts';
import { strayRoutesTo } from './strayRoutes';

/** What is asked about: a service as a client sees it. */
export interface ServiceInQuestion {
  /** with everything, whatever the control plane reads */
  mesh: MeshSnapshot;
  /** what the control plane of the client reads */
  snapshot: MeshSnapshot;
  client: Client;
  service: RoutableService;
  namespace: string;
  name: string;
}

/** The cause behind the field that a routing resolver puts at fault; `undefined` where the field has several. */
const ROUTING_CAUSES: ReadonlyMap<string | undefined, IgnoredCause> = new Map([
  ['spec.gateways', 'bound-to-gateways'],
  ['spec.exportTo', 'not-exported'],
  ['metadata.namespace', 'third-namespace'],
  ['spec.http', 'no-active-route'],
  ['metadata.creationTimestamp', 'older-first'],
] as const);

function causeOfLoser(
  { snapshot, client }: ServiceInQuestion,
  named: readonly RoutingConfig[],
  loser: Provenance,
  routes: ServiceRoutes,
): IgnoredCause {
  const known = ROUTING_CAUSES.get(loser.path);
  if (known !== undefined) {
    return known;
  }
  if (loser.path !== 'spec.hosts') {
    return 'dropped-route';
  }
  const scope = scopeOf(snapshot, client);
  const config = named.find(({ object }) => {
    const ref = objectRefOf(object);
    return (
      ref.kind === loser.object.kind &&
      ref.namespace === loser.object.namespace &&
      ref.name === loser.object.name
    );
  });
  return config !== undefined &&
    routes.ports.some(({ port }) => !scope.importsConfig(config, port))
    ? 'not-imported'
    : 'more-specific-host';
}

function markActing(routes: ServiceRoutes, into: IgnoredObjects): void {
  for (const { owner, rules } of routes.ports) {
    if (owner !== undefined) {
      into.acts(owner.object);
    }
    for (const { provenance } of rules) {
      if (provenance !== undefined) {
        into.acts(provenance.object);
      }
    }
  }
}

/** Why a configuration that names the host and that no port speaks of does not act. */
function whyUnmentioned(
  config: RoutingConfig,
  routes: ServiceRoutes,
): [path: string, says: string, cause: IgnoredCause] {
  if (!routes.inScope) {
    return ['spec.hosts', `${routes.says}.`, 'service-out-of-scope'];
  }
  const [port] = routes.ports;
  if (routes.ports.every(({ rules }) => rules.length === 0)) {
    return [
      'spec.hosts',
      `${port?.says ?? 'The service has no port'}.`,
      'client-without-envoy',
    ];
  }
  const numbers = routes.ports.map(each => `${each.port} (${each.class})`);
  return [
    config.semantics === 'gateway-api' ? 'spec.rules' : 'spec.http',
    `It has no route for the ports of the service: ${numbers.join(
      ', ',
    )}; http routes act only on ports that are read as HTTP.`,
    'no-active-route',
  ];
}

/** VirtualServices and routes of Gateway API that name the host. */
function ignoredRoutes(asked: ServiceInQuestion, into: IgnoredObjects): void {
  const { snapshot, client, service, namespace, name } = asked;
  const routes = routesOfService(
    snapshot,
    client,
    service.registry === 'Kubernetes'
      ? { namespace, name }
      : { host: service.hostname },
  );
  const exposure =
    service.registry === 'Kubernetes'
      ? exposureOf(snapshot, { namespace, name })
      : { paths: [], broken: [] };
  for (const { route } of exposure.paths) {
    into.acts(route.object);
  }
  if (routes === undefined) {
    return;
  }
  markActing(routes, into);
  const named = routingConfigsNaming(snapshot, service.hostname);
  for (const loser of routes.ports.flatMap(port => port.losers)) {
    into.ignore(loser, causeOfLoser(asked, named, loser, routes));
  }
  for (const { provenance } of exposure.broken) {
    into.ignore(provenance, 'gateway-not-reached');
  }
  for (const config of named) {
    const ref = objectRefOf(config.object);
    if (!into.knows(ref)) {
      const [path, says, cause] = whyUnmentioned(config, routes);
      into.ignore({ object: ref, path, says }, cause);
    }
  }
}

const RULE_CAUSES: ReadonlyMap<string | undefined, IgnoredCause> = new Map([
  ['spec.exportTo', 'not-exported'],
  ['spec.workloadSelector', 'client-not-selected'],
  ['metadata.namespace', 'not-looked-up'],
  ['spec.host', 'lookup-lost'],
] as const);

/** DestinationRules that cover the host. */
function ignoredRules(asked: ServiceInQuestion, into: IgnoredObjects): void {
  const { snapshot, client, service } = asked;
  const waypoint = waypointBetween(snapshot, client, service);
  const caller =
    waypoint === undefined ? client : waypointAsClient(snapshot, waypoint);
  if (!hasEnvoy(caller.proxy)) {
    for (const rule of destinationRulesNaming(snapshot, service.hostname)) {
      into.ignore(
        provenanceOf(
          rule,
          'spec.host',
          `The client (${caller.proxy}) has no Envoy that could apply a DestinationRule.`,
        ),
        'client-without-envoy',
      );
    }
    return;
  }
  const choice = destinationRuleFor(snapshot, caller, service.hostname);
  for (const rule of choice.rule?.from ?? []) {
    into.acts(objectRefOf(rule));
  }
  for (const loser of choice.losers) {
    into.ignore(loser, RULE_CAUSES.get(loser.path) ?? 'younger-sibling');
  }
}

/** Other definitions of the same host: one client knows one. R1.4 */
function ignoredDefinitions(
  { snapshot, client, service }: ServiceInQuestion,
  into: IgnoredObjects,
): void {
  const winner = scopeOf(snapshot, client).serviceOf(service.hostname)?.object;
  for (const { object } of serviceRegistryOf(snapshot).byHost.get(
    service.hostname,
  ) ?? []) {
    if (
      object?.kind === 'ServiceEntry' &&
      winner !== undefined &&
      object !== winner &&
      winner.kind === 'Service'
    ) {
      into.ignore(
        provenanceOf(
          object,
          'spec.hosts',
          `Service ${winner.metadata.namespace}/${winner.metadata.name} has the same host, and a Kubernetes Service goes before a ServiceEntry.`,
        ),
        'same-host-service',
      );
    }
  }
}

/** Objects that name the host and that the control plane of the client does not read. R1.16, R1.18 */
function ignoredUnread(
  { mesh, snapshot, client, service }: ServiceInQuestion,
  into: IgnoredObjects,
): void {
  if (mesh === snapshot) {
    return;
  }
  const objects = [
    ...routingConfigsNaming(mesh, service.hostname).map(({ object }) => object),
    ...destinationRulesNaming(mesh, service.hostname),
  ];
  for (const object of new Set(objects)) {
    const notRead = whyNotRead(mesh, object, client.revision);
    if (notRead !== undefined) {
      into.ignore(
        provenanceOf(object, notRead.path, notRead.says),
        notRead.cause,
      );
    }
  }
}

/** Objects of routing that are about the service and malformed; those of its namespace whose hosts cannot be read too. */
function malformed(
  { snapshot, service, namespace }: ServiceInQuestion,
  into: IgnoredObjects,
): void {
  const naming = [
    ...routingConfigsNaming(snapshot, service.hostname).map(
      ({ object }) => object,
    ),
    ...destinationRulesNaming(snapshot, service.hostname),
    ...snapshot
      .list('VirtualService', namespace)
      .filter(({ problems }) =>
        problems.some(({ path }) => path.startsWith('spec.hosts')),
      ),
  ];
  for (const object of new Set(naming)) {
    into.malformed(object);
  }
}

/** Objects of routing that name a service and do not act when a client calls it. */
export function collectIgnoredRouting(
  asked: ServiceInQuestion,
  into: IgnoredObjects,
): void {
  ignoredUnread(asked, into);
  ignoredRoutes(asked, into);
  ignoredRules(asked, into);
  ignoredDefinitions(asked, into);
  const misnamed =
    asked.service.registry === 'Kubernetes'
      ? misnamedHostsOf(asked.snapshot, asked)
      : [];
  for (const { cause, object, provenance } of misnamed) {
    if (!into.knows(objectRefOf(object))) {
      into.ignore(provenance, cause);
    }
  }
  for (const stray of strayRoutesTo(asked.snapshot, asked.service.hostname)) {
    if (!into.knows(stray.object)) {
      into.ignore(stray, 'host-of-no-service');
    }
  }
  malformed(asked, into);
}
