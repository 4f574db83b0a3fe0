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
import type { BackendReference, SlimObjectByKind } from '../objects';
import { virtualServiceConfigsOf } from '../routing/configsOfMesh';
import { MESH_GATEWAY } from '../routing/names';
import type { RoutingConfig } from '../routing/routingConfig';
import { serviceRegistryOf } from '../routing/serviceRegistry';
import { derivation, oncePerObject, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';

type MeshRoute = SlimObjectByKind['HTTPRoute' | 'GRPCRoute'];

/** The hosts that a configuration of the mesh sends to and does not name in `hosts`. */
const otherDestinationsOf = oncePerObject(
  (config: RoutingConfig): readonly string[] => {
    if (!config.gateways.includes(MESH_GATEWAY)) {
      return [];
    }
    const routes: readonly {
      value: { route?: readonly { destination: { host: string } }[] };
    }[] = [...config.http, ...config.tls, ...config.tcp];
    const hosts = new Set(
      routes.flatMap(({ value }) =>
        (value.route ?? []).map(({ destination }) => destination.host),
      ),
    );
    return [...hosts].filter(host => !config.hosts.includes(host));
  },
);

/** VirtualServices of the mesh by the hosts they send to and do not name in `hosts`. */
const virtualServicesByDestination = derivation(
  () => [{ kind: 'VirtualService' }, { kind: 'ConfigMap' }],
  (snapshot): ReadonlyMap<string, readonly RoutingConfig[]> => {
    const byHost = new Map<string, RoutingConfig[]>();
    for (const config of virtualServiceConfigsOf(snapshot)) {
      for (const host of otherDestinationsOf(config)) {
        addToGroup(byHost, host, config);
      }
    }
    return byHost;
  },
);

function backendsOf(route: MeshRoute): readonly BackendReference[] {
  const rules: readonly { backendRefs?: readonly BackendReference[] }[] =
    route.spec.rules ?? [];
  return rules.flatMap(({ backendRefs }) => backendRefs ?? []);
}

/** HTTPRoutes and GRPCRoutes with a Service as parent, by the services they send to. */
const routesByBackend = derivation(
  () => [{ kind: 'HTTPRoute' }, { kind: 'GRPCRoute' }, { kind: 'ConfigMap' }],
  (snapshot): ReadonlyMap<string, readonly MeshRoute[]> => {
    const { clusterDomain } = meshConfigOf(snapshot);
    const byHost = new Map<string, MeshRoute[]>();
    const routes: readonly MeshRoute[] = [
      ...snapshot.list('HTTPRoute'),
      ...snapshot.list('GRPCRoute'),
    ];
    for (const route of routes) {
      if (!(route.spec.parentRefs ?? []).some(isService)) {
        continue;
      }
      const hosts = new Set(
        backendsOf(route).map(({ name, namespace }) =>
          serviceHostname(
            name,
            namespace ?? route.metadata.namespace,
            clusterDomain,
          ),
        ),
      );
      for (const host of hosts) {
        addToGroup(byHost, host, route);
      }
    }
    return byHost;
  },
);

function isService({ group, kind }: { group?: string; kind?: string }) {
  return kind === 'Service' && (group === '' || group === 'core');
}

/**
 * Configurations that send to a service from a host or parent that is no service: a name of the cluster that nothing has.
 * No caller asks for it, so nothing is ever sent. Hosts outside the cluster's domain are let be: requests may bear them.
 */
export function strayRoutesTo(
  snapshot: MeshSnapshot,
  host: string,
): Provenance[] {
  const { clusterDomain } = meshConfigOf(snapshot);
  const { byHost } = serviceRegistryOf(snapshot);
  const isStray = (name: string) =>
    name.endsWith(`.svc.${clusterDomain}`) &&
    !name.startsWith('*') &&
    !byHost.has(name);
  const ofVirtualServices = (
    virtualServicesByDestination(snapshot).get(host) ?? []
  )
    .filter(config => config.hosts.every(isStray))
    .map(config =>
      provenanceOf(
        config.object,
        'spec.hosts',
        `It sends to the service what is meant for ${config.hosts.join(
          ', ',
        )}, and there is no such service, so nothing is.`,
      ),
    );
  const ofRoutes = (routesByBackend(snapshot).get(host) ?? []).flatMap(
    route => {
      const parents = (route.spec.parentRefs ?? []).map((parent, index) => ({
        index,
        stray:
          isService(parent) &&
          isStray(
            serviceHostname(
              parent.name,
              parent.namespace ?? route.metadata.namespace,
              clusterDomain,
            ),
          ),
        name: `${parent.namespace ?? route.metadata.namespace}/${parent.name}`,
      }));
      return parents.every(({ stray }) => stray)
        ? [
            provenanceOf(
              route,
              `spec.parentRefs[${parents[0].index}]`,
              `It sends to the service what is meant for Service ${parents
                .map(({ name }) => name)
                .join(', ')}, which does not exist, so nothing is.`,
            ),
          ]
        : [];
    },
  );
  return [...ofVirtualServices, ...ofRoutes];
}
