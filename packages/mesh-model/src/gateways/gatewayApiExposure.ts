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

import { addToGroup } from '../grouping';
import { meshConfigOf, serviceHostname } from '../identity';
import type { BackendReference } from '../objects';
import { isHostWithin } from '../identity/hosts';
import { compareByAge, derivation, type MeshSnapshot } from '../snapshot';
import { objectRefOf, provenanceOf } from '../verdict';
import type { BrokenExposure, Exposure, ExposurePath } from './exposure';
import { controllerOfClass } from './gatewayApi/gatewayClasses';
import type { InternalGateway } from './gatewayApi/internalGateways';
import { translatedGatewaysOf, translatedRouteOf } from './gatewayApi/ofMesh';
import {
  isHostServed,
  routeHostnames,
  type GatewayApiRoute,
  type RouteParent,
} from './gatewayApi/routeParents';
import { GATEWAY_API } from './gatewayApi/references';
import type { TranslatedRoute } from './gatewayApi/routes';
import { countedPods, podProblems, podsOfServices } from './gatewayPods';
import { isReferenceGranted } from './referenceGrant';

interface Leading {
  route: GatewayApiRoute;
  path: string;
  backend: BackendReference;
  /** no backend of the rule takes traffic */
  weightless: boolean;
}

/** Every backend reference of every route, by the service it means. */
const backendsByService = derivation(
  () => [
    { kind: 'HTTPRoute' },
    { kind: 'GRPCRoute' },
    { kind: 'TLSRoute' },
    { kind: 'TCPRoute' },
    { kind: 'ConfigMap' },
  ],
  snapshot => {
    const { clusterDomain } = meshConfigOf(snapshot);
    const routes: GatewayApiRoute[] = [
      ...snapshot.list('HTTPRoute'),
      ...snapshot.list('GRPCRoute'),
      ...snapshot.list('TLSRoute'),
      ...snapshot.list('TCPRoute'),
    ];
    const byHost = new Map<string, Leading[]>();
    for (const route of routes.sort(compareByAge)) {
      const rules: readonly { backendRefs?: readonly BackendReference[] }[] =
        route.spec.rules ?? [];
      for (const [index, { backendRefs = [] }] of rules.entries()) {
        for (const [position, backend] of backendRefs.entries()) {
          const host =
            backend.kind === 'Hostname'
              ? backend.name
              : serviceHostname(
                  backend.name,
                  backend.namespace ?? route.metadata.namespace,
                  clusterDomain,
                );
          addToGroup(byHost, host, {
            route,
            path: `spec.rules[${index}].backendRefs[${position}]`,
            backend,
            weightless: backendRefs.every(({ weight }) => weight === 0),
          });
        }
      }
    }
    return byHost;
  },
);

function isPermitted(snapshot: MeshSnapshot, leading: Leading): boolean {
  const { route, backend } = leading;
  const { namespace } = route.metadata;
  const target = backend.namespace ?? namespace;
  return (
    target === namespace ||
    isReferenceGranted(snapshot.list('ReferenceGrant', target), {
      from: { group: GATEWAY_API, kind: route.kind, namespace },
      to: {
        group: backend.group ?? '',
        kind: backend.kind ?? 'Service',
        namespace: target,
        name: backend.name,
      },
    })
  );
}

function backendProblems(
  snapshot: MeshSnapshot,
  leading: Leading,
  translated: TranslatedRoute,
): string[] {
  const { backend, weightless } = leading;
  const { faults, configs } = translated;
  if (!isPermitted(snapshot, leading)) {
    return [
      `RefNotPermitted: no ReferenceGrant in namespace ${backend.namespace} permits the backend; its share of requests gets 500`,
    ];
  }
  if (configs.length === 0 && faults.gateway !== undefined) {
    return [
      `${faults.gateway.reason}: ${faults.gateway.message}; the route does nothing`,
    ];
  }
  if (weightless) {
    return ['All backends of the rule have weight 0: the gateway answers 500'];
  }
  return backend.weight === 0
    ? ['The backend has weight 0: it takes no requests']
    : [];
}

function tlsModeOf({ gateway }: InternalGateway): string {
  return gateway.spec.servers?.[0]?.tls?.mode ?? 'NONE';
}

function listenerProblems({
  served,
  parent,
  listener,
}: InternalGateway): string[] {
  return served
    ? []
    : [
        `Listener ${listener.name} of Gateway ${parent.metadata.namespace}/${parent.metadata.name} has errors, so no proxy serves it`,
      ];
}

/** Certificates that a listener names; the portal reads no Secrets. */
function assumptions({ listener }: InternalGateway): string[] {
  const names = (listener.tls?.certificateRefs ?? []).map(({ name }) => name);
  return names.length === 0
    ? []
    : [`That the Secret ${names.join(', ')} exists and is valid`];
}

interface Through {
  paths: ExposurePath[];
  broken: BrokenExposure[];
}

function servedHosts(
  route: GatewayApiRoute,
  target: Extract<RouteParent['target'], { kind: 'listener' }>,
): string[] {
  const own = (target.internal.listener.hostname ?? '') || '*';
  return routeHostnames(route)
    .filter(host => isHostWithin(host, own) || isHostWithin(own, host))
    .filter(
      host =>
        (route.kind !== 'HTTPRoute' && route.kind !== 'GRPCRoute') ||
        isHostServed(host, target.internal, target.isolatedHosts),
    )
    .map(host => (isHostWithin(host, own) ? host : own));
}

function pathThrough(
  snapshot: MeshSnapshot,
  leading: Leading,
  problems: readonly string[],
  target: Extract<RouteParent['target'], { kind: 'listener' }>,
): ExposurePath | undefined {
  const { route, path, backend } = leading;
  const { internal } = target;
  const { parent, object, listener, services } = internal;
  const hosts = servedHosts(route, target);
  if (hosts.length === 0) {
    return undefined;
  }
  const gateway = `${parent.metadata.namespace}/${parent.metadata.name}`;
  const pods = countedPods(
    podsOfServices(
      snapshot,
      parent,
      services,
      meshConfigOf(snapshot).clusterDomain,
    ),
  );
  const index = Number(/\d+/.exec(internal.path)?.[0] ?? 0);
  const assumed = assumptions(internal);
  return {
    gateway: objectRefOf(parent),
    ...(object.kind === 'ListenerSet'
      ? { listenerSet: objectRefOf(object) }
      : {}),
    server: index,
    port: listener.port,
    protocol: listener.protocol.toUpperCase(),
    tlsMode: tlsModeOf(internal),
    redirectsToHttps: false,
    hosts,
    route: provenanceOf(
      route,
      path,
      `${route.kind} ${route.metadata.namespace}/${route.metadata.name} leads from ${gateway} to the service`,
    ),
    gatewayPods: pods,
    problems: [
      ...podProblems(`Gateway ${gateway}`, pods),
      ...listenerProblems(internal),
      ...problems,
    ],
    sendsTo: [backend.port === undefined ? {} : { port: backend.port }],
    ...(assumed.length === 0 ? {} : { assumed }),
  };
}

function whyNoParent(
  snapshot: MeshSnapshot,
  kind: string,
  namespace: string,
  name: string,
): string {
  if (kind === 'ListenerSet') {
    return snapshot.get('ListenerSet', namespace, name) === undefined
      ? `ListenerSet ${namespace}/${name} does not exist`
      : `ListenerSet ${namespace}/${name} adds no listener to its Gateway`;
  }
  const gateway = snapshot.get('K8sGateway', namespace, name);
  if (gateway === undefined) {
    return `Gateway ${namespace}/${name} does not exist`;
  }
  const { gatewayClassName } = gateway.spec;
  const controller = controllerOfClass(gatewayClassName, className =>
    snapshot.get('GatewayClass', '', className),
  );
  if (controller === undefined) {
    return `Gateway ${namespace}/${name} is of class ${gatewayClassName}, which is not Istio's`;
  }
  if (!controller.routed && controller.translated) {
    return `Gateway ${namespace}/${name} is of class ${gatewayClassName}, to which routes attach through their service`;
  }
  const translated = translatedGatewaysOf(snapshot).find(
    item => item.gateway === gateway,
  );
  return translated?.fault === undefined
    ? `Gateway ${namespace}/${name} has no listeners`
    : `${translated.fault.reason}: ${translated.fault.message}`;
}

/** The most telling of several reasons, as istiod ranks them. R7.15 */
const RANKS = [
  'NotAllowedByListeners',
  'NoMatchingListenerHostname',
  'NoMatchingParent',
];

function through(
  snapshot: MeshSnapshot,
  leading: Leading,
  translated: TranslatedRoute,
  index: number,
): Through {
  const { route } = leading;
  const reference = (route.spec.parentRefs ?? [])[index];
  const namespace = reference.namespace ?? route.metadata.namespace;
  const name = `${namespace}/${reference.name}`;
  const parents = translated.parents.filter(parent => parent.index === index);
  const problems = backendProblems(snapshot, leading, translated);
  const paths: ExposurePath[] = [];
  const refusals: { rank: number; why: string }[] = [];
  for (const { target, denial } of parents) {
    if (target.kind !== 'listener') {
      continue;
    }
    if (denial !== undefined) {
      refusals.push({
        rank: RANKS.indexOf(denial.reason),
        why: `${denial.reason}: ${denial.message}`,
      });
      continue;
    }
    const path = pathThrough(snapshot, leading, problems, target);
    if (path === undefined) {
      refusals.push({
        rank: RANKS.length,
        why: `Another listener of Gateway ${name} names the route's hosts more closely than ${target.internal.listener.name}`,
      });
    } else {
      paths.push(path);
    }
  }
  if (paths.length > 0) {
    return { paths, broken: [] };
  }
  const [first] = refusals.sort((a, b) => a.rank - b.rank);
  const why =
    first?.why ??
    whyNoParent(
      snapshot,
      reference.kind ?? 'Gateway',
      namespace,
      reference.name,
    );
  return {
    paths,
    broken: [
      {
        config: objectRefOf(route),
        gateway: name,
        why,
        provenance: provenanceOf(route, `spec.parentRefs[${index}]`, why),
      },
    ],
  };
}

/** The ways from gateways of Gateway API to a service, and the routes that mean to be one. R7.13 – R7.23 */
export function gatewayApiExposureOf(
  snapshot: MeshSnapshot,
  host: string,
): Exposure {
  const paths: ExposurePath[] = [];
  const broken: BrokenExposure[] = [];
  const translated = new Map<GatewayApiRoute, TranslatedRoute>();
  for (const leading of backendsByService(snapshot).get(host) ?? []) {
    const { route } = leading;
    const ofRoute = translated.get(route) ?? translatedRouteOf(snapshot, route);
    translated.set(route, ofRoute);
    for (const [index, { group, kind }] of (
      route.spec.parentRefs ?? []
    ).entries()) {
      const isGateway =
        (group ?? GATEWAY_API) === GATEWAY_API &&
        ['Gateway', 'ListenerSet'].includes(kind ?? 'Gateway');
      if (isGateway) {
        const found = through(snapshot, leading, ofRoute, index);
        paths.push(...found.paths);
        broken.push(...found.broken);
      }
    }
  }
  return { paths, broken };
}
