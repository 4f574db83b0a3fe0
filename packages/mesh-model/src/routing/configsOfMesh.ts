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

import type { SlimObjectByKind } from '../objects';
import {
  MESH_ROUTE_INPUTS,
  meshRouteConfigsOf,
} from '../gateways/gatewayApi/ofMesh';
import { foreignWaypointsOf } from '../gateways/gatewayApi/referencesOfMesh';
import { allHostMatches } from '../destinations/hostLookup';
import { compareByAge, derivation, type MeshSnapshot } from '../snapshot';
import { meshConfigOf } from '../identity';
import { indexRouting, type RoutingIndex } from './routingIndex';
import type { RoutingConfig } from './routingConfig';
import {
  isDelegate,
  routingConfigOfVirtualService,
  type VirtualServiceSettings,
} from './virtualServiceConfig';

interface KeptConfig {
  settings: string;
  config: RoutingConfig;
}

/** Objects never change, so a configuration without delegates is computed once per object. */
const keptConfigs = new WeakMap<
  SlimObjectByKind['VirtualService'],
  KeptConfig
>();

function configOf(
  snapshot: MeshSnapshot,
  virtualService: SlimObjectByKind['VirtualService'],
  settings: VirtualServiceSettings,
): RoutingConfig {
  const stamp = `${settings.clusterDomain} ${settings.defaultExportTo.join(
    ',',
  )}`;
  const kept = keptConfigs.get(virtualService);
  if (kept !== undefined && kept.settings === stamp) {
    return kept.config;
  }
  const config = routingConfigOfVirtualService(
    virtualService,
    (namespace, name) => snapshot.get('VirtualService', namespace, name),
    settings,
  );
  const delegates = (virtualService.spec.http ?? []).some(
    route => route.delegate !== undefined,
  );
  if (!delegates) {
    keptConfigs.set(virtualService, { settings: stamp, config });
  }
  return config;
}

/** Every root VirtualService of the mesh as routing configuration, in the universal order. */
export const virtualServiceConfigsOf = derivation(
  () => [{ kind: 'VirtualService' }, { kind: 'ConfigMap' }],
  (snapshot): readonly RoutingConfig[] => {
    const settings = meshConfigOf(snapshot);
    return snapshot
      .list('VirtualService')
      .filter(virtualService => !isDelegate(virtualService))
      .map(virtualService =>
        configOf(snapshot, virtualService, {
          clusterDomain: settings.clusterDomain,
          defaultExportTo: settings.defaultVirtualServiceExportTo,
        }),
      );
  },
);

const ROUTING_INPUTS = [
  { kind: 'VirtualService' },
  ...MESH_ROUTE_INPUTS,
] as const;

const routingConfigs = derivation(
  () => ROUTING_INPUTS,
  (snapshot): readonly RoutingConfig[] => {
    const configs = virtualServiceConfigsOf(snapshot);
    const routes = meshRouteConfigsOf(snapshot);
    return routes.length === 0
      ? configs
      : [...configs, ...routes].sort((a, b) =>
          compareByAge(a.object, b.object),
        );
  },
);

/** VirtualServices and mesh routes of Gateway API, in the universal order. */
function routingConfigsOf(snapshot: MeshSnapshot): readonly RoutingConfig[] {
  return routingConfigs(snapshot, foreignWaypointsOf(snapshot));
}

const routingIndex = derivation(
  () => ROUTING_INPUTS,
  snapshot => indexRouting(routingConfigsOf(snapshot)),
);

/** The routing configuration of the mesh, by gateway, visibility and host. */
export function routingIndexOf(snapshot: MeshSnapshot): RoutingIndex {
  return routingIndex(snapshot, foreignWaypointsOf(snapshot));
}

const virtualServicesByHost = derivation(
  () => ROUTING_INPUTS,
  snapshot => {
    const exact = new Map<string, RoutingConfig[]>();
    const wildcard = new Map<string, RoutingConfig[]>();
    for (const config of routingConfigsOf(snapshot)) {
      for (const host of new Set(config.hosts)) {
        const table = host.startsWith('*') ? wildcard : exact;
        const configs = table.get(host) ?? [];
        configs.push(config);
        table.set(host, configs);
      }
    }
    return { exact, wildcard };
  },
);

/** Every routing configuration by the host it names, whoever may see it. */
export function routingConfigsByHostOf(
  snapshot: MeshSnapshot,
): ReturnType<typeof virtualServicesByHost> {
  return virtualServicesByHost(snapshot, foreignWaypointsOf(snapshot));
}

/**
 * Every VirtualService and mesh route that names a host or a wildcard that covers it, whoever may see it. As long as its
 * elements are the same objects, what they say is the same.
 */
export function routingConfigsNaming(
  snapshot: MeshSnapshot,
  host: string,
): readonly RoutingConfig[] {
  return allHostMatches(host, routingConfigsByHostOf(snapshot)).flat();
}
