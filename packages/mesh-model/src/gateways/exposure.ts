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
import { virtualServiceConfigsOf } from '../routing/configsOfMesh';
import { controlPlaneView, meshConfigOf } from '../identity';
import { isReady } from '../membership';
import { MESH_GATEWAY } from '../routing/names';
import type { RoutingConfig, SourcedRoute } from '../routing/routingConfig';
import type {
  IstioServer,
  RouteDestination,
  SlimObjectByKind,
} from '../objects';
import { isExportedTo } from '../routing/virtualServiceConfig';
import { derivation, type MeshSnapshot } from '../snapshot';
import {
  objectRefOf,
  provenanceOf,
  type ObjectRef,
  type Provenance,
} from '../verdict';
import { gatewayApiExposureOf } from './gatewayApiExposure';
import {
  gatewayConfigurationOf,
  type GatewayConfiguration,
} from './gatewayConfiguration';
import { countedPods } from './gatewayPods';
import { gatewayProxyGroupsOf } from './gatewayProxies';
import { sharedHosts } from './gatewayRoutes';
import { ingressExposureOf } from './ingressExposure';
import { gatewayName, serverHosts } from './gatewayServers';

type Gateway = SlimObjectByKind['Gateway'];
type Pod = SlimObjectByKind['Pod'];

/** One way from the edge of the mesh to a service. */
export interface ExposurePath {
  /** the Gateway; the Ingress, where Istio serves one */
  gateway: ObjectRef;
  /** the ListenerSet that adds the listener to the Gateway */
  listenerSet?: ObjectRef;
  /** index in the Gateway's `spec.servers`, or `spec.listeners` of Gateway API or of the ListenerSet */
  server: number;
  /** as written in the server */
  port: number;
  protocol: string;
  /** TLS mode of the server; `NONE` for plaintext */
  tlsMode: string;
  /** plaintext requests are redirected to HTTPS */
  redirectsToHttps: boolean;
  hosts: readonly string[];
  /** the route that leads to the service */
  route: Provenance;
  /** pods that serve the Gateway */
  gatewayPods: { ready: number; total: number };
  /** reasons why nothing gets through this way; empty when something does */
  problems: readonly string[];
  /** some of the gateway's pods, at which nothing gets through, where others let it through */
  failingPods?: readonly FailingPods[];
  /** what this way rests on and cannot be seen, for example that a Secret exists */
  assumed?: readonly string[];
  /** to which ports and subsets of the service the route sends; a port that is left out is not written */
  sendsTo: readonly ServiceTarget[];
}

/** Pods of a gateway that are configured alike, at which nothing gets through. */
export interface FailingPods {
  pods: readonly ObjectRef[];
  /** reasons, one at least */
  problems: readonly string[];
}

/** A part of a service that a route names. */
export interface ServiceTarget {
  /** number or name of the Service port */
  port?: number | string;
  subset?: string;
}

/** A configuration that would lead to the service through a gateway, and does not. */
export interface BrokenExposure {
  config: ObjectRef;
  /** `namespace/name` as the configuration names it */
  gateway: string;
  why: string;
  provenance: Provenance;
}

/** All ways from the edge to a service. */
export interface Exposure {
  paths: readonly ExposurePath[];
  broken: readonly BrokenExposure[];
}

interface Leading {
  config: RoutingConfig;
  route: SourcedRoute<{ route?: readonly RouteDestination[] }>;
}

/** Every route by the host it sends to. */
const routesByDestination = derivation(
  () => [{ kind: 'VirtualService' }, { kind: 'ConfigMap' }],
  snapshot => {
    const byHost = new Map<string, Leading[]>();
    for (const config of virtualServiceConfigsOf(snapshot)) {
      if (config.gateways.every(gateway => gateway === MESH_GATEWAY)) {
        continue;
      }
      for (const route of [...config.http, ...config.tls, ...config.tcp]) {
        const hosts = new Set(
          (route.value.route ?? []).map(to => to.destination.host),
        );
        for (const host of hosts) {
          addToGroup(byHost, host, { config, route });
        }
      }
    }
    return byHost;
  },
);

/** Why one proxy does not act on a server as it merges its Gateways; none when it does. R7.2, R7.5 */
function serverProblems(
  { skipped, dropped }: GatewayConfiguration,
  gateway: Gateway,
  index: number,
): string[] {
  return [
    ...dropped.filter(item => item.gateway === gateway),
    ...skipped.filter(item => item.gateway === gateway && item.index === index),
  ].map(({ why }) => why);
}

function targetsOf({ route }: Leading, host: string): ServiceTarget[] {
  return (route.value.route ?? [])
    .map(({ destination }) => destination)
    .filter(destination => destination.host === host)
    .map(({ port, subset }) => ({
      ...(port?.number === undefined ? {} : { port: port.number }),
      ...(subset === undefined ? {} : { subset }),
    }));
}

function configName({ object, namespace, name }: RoutingConfig): string {
  return `${object.kind} ${namespace}/${name}`;
}

/** That a configuration is not exported to the namespace in which pods of the gateway run. */
function exportProblems(config: RoutingConfig, namespace: string): string[] {
  return isExportedTo(config.exportTo, config.namespace, namespace)
    ? []
    : [
        `${configName(
          config,
        )} is not exported to ${namespace}, where the gateway's pods run`,
      ];
}

/** Why nothing gets through: at all pods, or at some only. */
function problemsAt(
  ofAll: readonly string[],
  groups: readonly { pods: readonly Pod[]; problems: readonly string[] }[],
): Pick<ExposurePath, 'problems' | 'failingPods'> {
  const failing = groups.filter(({ problems }) => problems.length > 0);
  if (failing.length === groups.length) {
    const reasons = failing.flatMap(({ problems }) => problems);
    return { problems: [...ofAll, ...new Set(reasons)] };
  }
  return {
    problems: ofAll,
    ...(failing.length > 0 && {
      failingPods: failing.map(({ pods, problems }) => ({
        pods: pods.map(objectRefOf),
        problems,
      })),
    }),
  };
}

/** Why nothing gets through any server of a Gateway. */
function podProblemsOf(
  gateway: Gateway,
  { total, ready }: ExposurePath['gatewayPods'],
): string[] {
  // Without a selector every gateway of the mesh serves it: its pods cannot be told, so none is missed.
  const selects = Object.keys(gateway.spec.selector ?? {}).length > 0;
  if (selects && total === 0) {
    return ["No pod has the labels of the Gateway's selector"];
  }
  return total > 0 && ready === 0 ? ['No pod of the gateway is ready'] : [];
}

/** How a server is spoken to; `undefined` for one without a port. R7.8 */
function listenerOf({
  port,
  tls,
}: IstioServer):
  | Pick<ExposurePath, 'port' | 'protocol' | 'tlsMode' | 'redirectsToHttps'>
  | undefined {
  if (port?.number === undefined) {
    return undefined;
  }
  const protocol = (port.protocol ?? '').toUpperCase();
  const plaintext = protocol.startsWith('HTTP') && protocol !== 'HTTPS';
  return {
    port: port.number,
    protocol,
    tlsMode:
      tls === undefined || plaintext ? 'NONE' : tls.mode ?? 'PASSTHROUGH',
    redirectsToHttps: plaintext && tls?.httpsRedirect === true,
  };
}

function pathsThrough(
  snapshot: MeshSnapshot,
  gateway: Gateway,
  leading: Leading,
  host: string,
): ExposurePath[] {
  const { config, route } = leading;
  const pods = snapshot.podsBySelector(undefined, gateway.spec.selector ?? {});
  const gatewayPods = countedPods(pods);
  const podProblems = podProblemsOf(gateway, gatewayPods);
  const serving = pods.filter(isReady);
  const groups = gatewayProxyGroupsOf(
    snapshot,
    serving.length > 0 ? serving : pods,
  ).map(group => ({
    ...group,
    configuration: gatewayConfigurationOf(snapshot, group.proxy),
    notExported: exportProblems(config, group.proxy.namespace),
  }));
  return (gateway.spec.servers ?? []).flatMap((server, index) => {
    const hosts = sharedHosts(
      serverHosts(server, gateway.metadata.namespace),
      config,
    );
    const listener = listenerOf(server);
    if (hosts.length === 0 || listener === undefined) {
      return [];
    }
    const says = `${configName(config)} leads from ${gatewayName(
      gateway,
    )} to the service`;
    return [
      {
        gateway: objectRefOf(gateway),
        server: index,
        ...listener,
        hosts,
        route: provenanceOf(route.object, route.path, says),
        gatewayPods,
        ...problemsAt(
          podProblems,
          groups.map(group => ({
            pods: group.pods,
            problems: [
              ...group.notExported,
              ...serverProblems(group.configuration, gateway, index),
            ],
          })),
        ),
        sendsTo: targetsOf(leading, host),
      },
    ];
  });
}

function brokenAt(
  { config, route }: Leading,
  gateway: string,
  why: string,
): BrokenExposure {
  return {
    config: objectRefOf(config.object),
    gateway,
    why,
    provenance: provenanceOf(route.object, 'spec.gateways', why),
  };
}

/** The ways of a route through a Gateway, `namespace/name`, or why it leads nowhere there. */
function exposureThrough(
  snapshot: MeshSnapshot,
  name: string,
  leading: Leading,
  host: string,
): Exposure {
  const slash = name.indexOf('/');
  const gateway = snapshot.get(
    'Gateway',
    name.slice(0, slash),
    name.slice(slash + 1),
  );
  if (gateway === undefined) {
    const why = `Gateway ${name} does not exist`;
    return { paths: [], broken: [brokenAt(leading, name, why)] };
  }
  const paths = pathsThrough(snapshot, gateway, leading, host);
  if (paths.length > 0) {
    return { paths, broken: [] };
  }
  const { hosts, namespace } = leading.config;
  const why = `No server of Gateway ${name} has a host in common with ${hosts.join(
    ', ',
  )} for namespace ${namespace}`;
  return { paths: [], broken: [brokenAt(leading, name, why)] };
}

/** The ways through Istio Gateways: of every route to the host, by every Gateway it is bound to. */
function istioGatewayExposures(
  snapshot: MeshSnapshot,
  host: string,
): Exposure[] {
  const routes = routesByDestination(snapshot).get(host) ?? [];
  return routes.flatMap(leading =>
    leading.config.gateways
      .filter(name => name !== MESH_GATEWAY)
      .map(name => exposureThrough(snapshot, name, leading, host)),
  );
}

/**
 * Which gateways lead to a service: gateway, port, TLS mode, hosts and the route in between; and the configurations that
 * mean to and fail, each with the reason. Istio Gateways, Gateway API with ListenerSets, and Ingresses. R7.1 – R7.30
 */
export function exposureOf(
  mesh: MeshSnapshot,
  service: { namespace: string; name: string },
): Exposure {
  const snapshot = controlPlaneView(mesh);
  const { clusterDomain } = meshConfigOf(snapshot);
  const host = `${service.name}.${service.namespace}.svc.${clusterDomain}`;
  const exposures: Exposure[] = [
    ...istioGatewayExposures(snapshot, host),
    gatewayApiExposureOf(snapshot, host),
    ingressExposureOf(snapshot, service),
  ];
  return {
    paths: exposures.flatMap(({ paths }) => paths),
    broken: exposures.flatMap(({ broken }) => broken),
  };
}
