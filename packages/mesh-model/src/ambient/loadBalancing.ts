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

import type { SlimObjectByKind, StringMap } from '../objects';
import type { ZtunnelLoadBalancing } from './ztunnelTypes';

const SAME_ZONE: ZtunnelLoadBalancing = {
  routingPreference: ['NETWORK', 'REGION', 'ZONE'],
  mode: 'FAILOVER',
};
const SAME_NODE: ZtunnelLoadBalancing = {
  routingPreference: ['NETWORK', 'REGION', 'ZONE', 'SUBZONE', 'NODE'],
  mode: 'FAILOVER',
};
const TRAFFIC_DISTRIBUTION = 'networking.istio.io/traffic-distribution';

function preferenceIn(text: string): ZtunnelLoadBalancing | undefined {
  switch (text.toLowerCase()) {
    case 'preferclose':
    case 'prefersamezone':
      return SAME_ZONE;
    case 'prefersamenode':
      return SAME_NODE;
    default:
      return undefined;
  }
}

/** Near endpoints first? The field, else the annotation of the object, else that of its namespace. */
function trafficDistributionOf(
  field: string | undefined,
  annotations: StringMap,
  namespaceAnnotations: StringMap,
): ZtunnelLoadBalancing | undefined {
  return (
    preferenceIn(field ?? '') ??
    preferenceIn(
      annotations[TRAFFIC_DISTRIBUTION] ??
        namespaceAnnotations[TRAFFIC_DISTRIBUTION] ??
        '',
    )
  );
}

/** How ztunnel chooses among the endpoints of a Service; `undefined` for its default. */
export function loadBalancingOfService(
  { metadata, spec }: SlimObjectByKind['Service'],
  namespaceAnnotations: StringMap,
): ZtunnelLoadBalancing | undefined {
  const chosen: ZtunnelLoadBalancing | undefined =
    spec.internalTrafficPolicy === 'Local'
      ? { routingPreference: ['NODE'], mode: 'STRICT' }
      : trafficDistributionOf(
          spec.trafficDistribution,
          metadata.annotations,
          namespaceAnnotations,
        );
  return spec.publishNotReadyAddresses
    ? { ...chosen, healthPolicy: 'ALLOW_ALL' }
    : chosen;
}

/** How ztunnel chooses among the endpoints of a ServiceEntry: with resolution NONE it does not. */
export function loadBalancingOfEntry(
  { metadata, spec }: SlimObjectByKind['ServiceEntry'],
  namespaceAnnotations: StringMap,
): ZtunnelLoadBalancing | undefined {
  return (spec.resolution ?? 'NONE') === 'NONE'
    ? { mode: 'PASSTHROUGH', healthPolicy: 'ALLOW_ALL' }
    : trafficDistributionOf(
        undefined,
        metadata.annotations,
        namespaceAnnotations,
      );
}
