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
import type { AmbientService, WorkloadEnvironment } from './environment';
import { canonicalIpAddress } from './networkAddress';
import { kubernetesServiceNamed } from './workloadParts';
import type { ZtunnelPort, ZtunnelWorkload } from './ztunnelTypes';

type EndpointSlice = SlimObjectByKind['EndpointSlice'];

function portsOfSlice(
  slice: EndpointSlice,
  { service, portNames }: AmbientService,
): ZtunnelPort[] {
  return slice.spec.ports.flatMap(({ name, port, protocol }) => {
    const found =
      protocol === 'TCP' && port !== 0
        ? service.ports.find(
            ({ servicePort }) => portNames.get(servicePort)?.portName === name,
          )
        : undefined;
    return found ? [{ servicePort: found.servicePort, targetPort: port }] : [];
  });
}

/**
 * The addresses of an EndpointSlice that are no pods as istiod describes them to ztunnel: shared addresses of which nothing
 * else is known. R2.15
 */
export function ztunnelWorkloadsOfSlice(
  environment: WorkloadEnvironment,
  slice: EndpointSlice,
): ZtunnelWorkload[] {
  const { metadata, spec } = slice;
  const { namespace, name } = metadata;
  const service =
    spec.serviceName === '' || spec.addressType === 'FQDN'
      ? undefined
      : kubernetesServiceNamed(environment, namespace, spec.serviceName);
  if (service === undefined) {
    return [];
  }
  const key = `${namespace}/${service.service.hostname}`;
  const services = { [key]: { ports: portsOfSlice(slice, service) } };
  const { trustDomain } = environment.config;
  const seen = new Set<string>();
  return spec.endpoints.flatMap(({ addresses, podName, ready }) => {
    const ips = addresses.flatMap(ip => canonicalIpAddress(ip) ?? []);
    const [first] = addresses;
    if (
      podName !== undefined ||
      first === undefined ||
      seen.has(first) ||
      ips.length !== addresses.length
    ) {
      return [];
    }
    seen.add(first);
    return {
      uid: `${environment.clusterId}/discovery.k8s.io/EndpointSlice/${namespace}/${name}/${first}`,
      name,
      namespace,
      addresses: ips,
      network: environment.network,
      ...(trustDomain !== 'cluster.local' && { trustDomain }),
      services,
      authorizationPolicies: [],
      status: ready ? ('HEALTHY' as const) : ('UNHEALTHY' as const),
      clusterId: environment.clusterId,
      networkMode: 'HOST_NETWORK' as const,
    };
  });
}
