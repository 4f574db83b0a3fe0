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

import { groupedBy } from '../grouping';
import {
  booleanFlag,
  controlPlaneFlagsOf,
  controlPlaneView,
  meshConfigOf,
  systemNamespaceOf,
} from '../identity';
import { virtualServiceConfigsOf } from '../routing/configsOfMesh';
import { MESH_GATEWAY } from '../routing/names';
import type { RoutingConfig } from '../routing/routingConfig';
import {
  indexRouting,
  visibleConfigs,
  type RoutingIndex,
} from '../routing/routingIndex';
import {
  compareByAge,
  derivation,
  following,
  type MeshSnapshot,
} from '../snapshot';
import {
  gatewayRouteConfigsOf,
  internalGatewaysByServiceOf,
  GATEWAY_INPUTS,
  MESH_ROUTE_INPUTS,
} from './gatewayApi/ofMesh';
import {
  mergeGatewayServers,
  serves,
  type GatewayProxy,
  type GatewayServer,
  type ServedGateway,
  type SkippedServer,
} from './gatewayServers';
import { ingressGatewaySelector } from './ingress';
import { INGRESS_INPUTS, ingressesOf, ingressPortsOf } from './ingressesOfMesh';
import { withoutForeignGateways, type DroppedGateway } from './strictMerging';

/** What one gateway's proxy listens on and routes by. */
export interface GatewayConfiguration {
  proxy: GatewayProxy;
  /** in the order in which they were merged: oldest Gateway first */
  servers: readonly GatewayServer[];
  /** servers that do not act on this proxy, each with the reason */
  skipped: readonly SkippedServer[];
  /** Gateways that select the proxy and do not act, each with the reason */
  dropped: readonly DroppedGateway[];
  /** configurations that the proxy's namespace sees for a gateway, `namespace/name`, in Istio's order */
  configsOf(gateway: string): readonly RoutingConfig[];
  /** the port the proxy listens on for a port of one of its Services */
  listenPort(servicePort: number): number;
}

const routingConfigs = derivation(
  () => [
    { kind: 'VirtualService' },
    ...GATEWAY_INPUTS,
    ...MESH_ROUTE_INPUTS,
    ...INGRESS_INPUTS,
  ],
  (snapshot): readonly RoutingConfig[] => {
    const configs = [
      ...virtualServiceConfigsOf(snapshot).filter(({ gateways }) =>
        gateways.some(name => name !== MESH_GATEWAY),
      ),
      ...gatewayRouteConfigsOf(snapshot),
    ].sort((a, b) => compareByAge(a.object, b.object));
    // What Ingresses yield carries no time of creation, so it comes first. R7.30
    return [...ingressesOf(snapshot).configs, ...configs];
  },
);

const routingIndex = following(
  snapshot => routingConfigs(snapshot, ingressPortsOf(snapshot)),
  (configs, before: RoutingIndex | undefined) => indexRouting(configs, before),
);

/** Istio Gateways by one pair of their selector; `''` holds those that every gateway serves. */
const gatewaysBySelector = derivation(
  () => [{ kind: 'Gateway' }],
  snapshot => {
    const served = snapshot
      .list('Gateway')
      .map((gateway): ServedGateway => ({ gateway }));
    return groupedBy(served, ({ gateway }) => {
      const [first] = Object.entries(gateway.spec.selector ?? {});
      return first === undefined ? '' : first.join('=');
    });
  },
);

function istioGateways(
  snapshot: MeshSnapshot,
  proxy: GatewayProxy,
): ServedGateway[] {
  const byPair = gatewaysBySelector(snapshot);
  const pairs = [
    '',
    ...Object.entries(proxy.labels).map(pair => pair.join('=')),
  ];
  return pairs.flatMap(pair =>
    (byPair.get(pair) ?? []).filter(({ gateway }) => serves(proxy, gateway)),
  );
}

function apiGateways(
  snapshot: MeshSnapshot,
  proxy: GatewayProxy,
): (ServedGateway & { serviceAccount: string })[] {
  const byService = internalGatewaysByServiceOf(snapshot);
  const hosts = new Set(proxy.servicePorts.map(({ hostname }) => hostname));
  const found = new Set([...hosts].flatMap(host => byService.get(host) ?? []));
  // A Gateway binds to Services of its own namespace only. R7.13
  return [...found]
    .filter(({ parent }) => parent.metadata.namespace === proxy.namespace)
    .map(({ gateway, services, object, path, serviceAccount }) => ({
      gateway,
      services,
      source: { object, path },
      serviceAccount,
    }));
}

/** The labels of a proxy that some Gateway's selector asks about: pods of one gateway differ in others only. */
const askedLabels = derivation(
  () => [{ kind: 'Gateway' }, { kind: 'ConfigMap' }],
  snapshot =>
    new Set([
      ...Object.keys(ingressGatewaySelector(meshConfigOf(snapshot))),
      ...snapshot
        .list('Gateway')
        .flatMap(({ spec }) => Object.keys(spec.selector ?? {})),
    ]),
);

interface MergedServers {
  servers: readonly GatewayServer[];
  skipped: readonly SkippedServer[];
  dropped: readonly DroppedGateway[];
}

/** A proxy, and how its control plane merges. */
interface Merging {
  proxy: GatewayProxy;
  /** only Gateways of the proxy's own namespace: `PILOT_SCOPE_GATEWAY_TO_NAMESPACE`. R7.1 */
  scoped: boolean;
  /** nobody else adds servers to a managed Gateway: `PILOT_ENABLE_STRICT_GATEWAY_MERGING`. R7.2 */
  strict: boolean;
}

const mergedServers = derivation(
  () => [{ kind: 'Gateway' }, ...GATEWAY_INPUTS, ...INGRESS_INPUTS],
  (snapshot, key): MergedServers => {
    // The key is what is merged for, as `mergedServersOf` writes it.
    const { proxy, scoped, strict } = JSON.parse(key) as Merging;
    const inScope = ({ gateway }: ServedGateway) =>
      !scoped || gateway.metadata.namespace === proxy.namespace;
    const ingresses = ingressesOf(snapshot).served.filter(({ gateway }) =>
      serves(proxy, gateway),
    );
    const selecting = istioGateways(snapshot, proxy);
    const byHand = selecting.filter(inScope);
    const managed = apiGateways(snapshot, proxy);
    const { kept, dropped } = strict
      ? withoutForeignGateways(byHand, managed)
      : { kept: [...byHand, ...managed], dropped: [] };
    const outOfScope = [...ingresses, ...selecting].filter(
      item => !inScope(item),
    );
    return {
      dropped: [
        ...outOfScope.map(({ gateway }) => ({
          gateway,
          why: `The control plane gives Gateways to pods of their own namespace only (PILOT_SCOPE_GATEWAY_TO_NAMESPACE), and the pods are in ${proxy.namespace}`,
        })),
        ...dropped,
      ],
      ...mergeGatewayServers(
        [...ingresses.filter(inScope), ...kept].sort((a, b) =>
          compareByAge(a.gateway, b.gateway),
        ),
        proxy,
      ),
    };
  },
);

/** Merged once for all pods of a gateway, and kept until something it was made of changes. */
function mergedServersOf(
  snapshot: MeshSnapshot,
  { namespace, labels, servicePorts, unprivileged, revision }: GatewayProxy,
): MergedServers {
  const asked = askedLabels(snapshot);
  const relevant = Object.entries(labels)
    .filter(([name]) => asked.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const proxy: GatewayProxy = {
    namespace,
    labels: Object.fromEntries(relevant),
    servicePorts,
    ...(unprivileged ? { unprivileged } : {}),
  };
  const flags = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    revision,
  );
  const merging: Merging = {
    proxy,
    scoped: booleanFlag(flags, 'PILOT_SCOPE_GATEWAY_TO_NAMESPACE', false),
    strict: booleanFlag(flags, 'PILOT_ENABLE_STRICT_GATEWAY_MERGING', true),
  };
  return mergedServers(snapshot, JSON.stringify(merging));
}

/**
 * What a gateway's proxy listens on and routes by: the Istio Gateways that select it in any namespace, those that Gateway
 * API ties to its Services, and those of Ingresses. R7.1 – R7.6
 */
export function gatewayConfigurationOf(
  mesh: MeshSnapshot,
  proxy: GatewayProxy,
): GatewayConfiguration {
  const snapshot = controlPlaneView(mesh, proxy.revision);
  const index = routingIndex(snapshot);
  return {
    proxy,
    ...mergedServersOf(snapshot, proxy),
    configsOf: gateway => visibleConfigs(index, gateway, proxy.namespace),
    listenPort: servicePort =>
      proxy.servicePorts.find(
        item => item.port === servicePort && !item.translationDisabled,
      )?.targetPort ?? servicePort,
  };
}
