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

import { isHostWithin, isMoreSpecificHost } from './hosts';
import type { ServiceSettings } from './serviceReach';

interface LocalityOfHost {
  host: string;
  clusterLocal: boolean;
  /** where it stands in the mesh configuration; absent for a default of Istio */
  path?: string;
}

/** Whether a host is only reachable from its own cluster, and which pattern decided. R1.19 */
export interface ClusterLocality {
  clusterLocal: boolean;
  /** the pattern that decided; absent when none matches */
  pattern?: string;
  path?: string;
}

function entriesOf(config: {
  clusterDomain: string;
  serviceSettings: readonly ServiceSettings[];
  discoveryAddress: string;
}): LocalityOfHost[] {
  const { clusterDomain } = config;
  const discovery = config.discoveryAddress.split(':')[0];
  const discoveryHost = discovery.endsWith(clusterDomain)
    ? discovery
    : `${discovery}.${clusterDomain}`;
  return [
    ...config.serviceSettings.flatMap(({ settings, hosts = [] }, index) =>
      hosts.map(host => ({
        host,
        clusterLocal: settings?.clusterLocal ?? false,
        path: `serviceSettings[${index}].settings.clusterLocal`,
      })),
    ),
    { host: `*.kube-system.svc.${clusterDomain}`, clusterLocal: true },
    { host: `kubernetes.default.svc.${clusterDomain}`, clusterLocal: true },
    { host: discoveryHost, clusterLocal: true },
  ];
}

/**
 * Is a host reachable from its own cluster only? The most specific pattern of `serviceSettings` and of Istio's defaults
 * (`kube-system`, the Kubernetes API, istiod) decides; what the mesh configuration says beats a default of the same
 * name. R1.19
 */
export function clusterLocalityOf(
  config: {
    clusterDomain: string;
    serviceSettings: readonly ServiceSettings[];
    discoveryAddress: string;
  },
  host: string,
): ClusterLocality {
  let best: LocalityOfHost | undefined;
  for (const entry of entriesOf(config)) {
    if (
      isHostWithin(host, entry.host) &&
      (best === undefined || isMoreSpecificHost(entry.host, best.host)) &&
      best?.host !== entry.host
    ) {
      best = entry;
    }
  }
  return {
    clusterLocal: best?.clusterLocal ?? false,
    ...(best && { pattern: best.host }),
    ...(best?.path !== undefined && { path: best.path }),
  };
}
