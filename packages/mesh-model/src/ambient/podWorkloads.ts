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

import { canonicalServiceOf } from '../identity';
import { isReady } from '../membership';
import type { SlimObjectByKind } from '../objects';
import type { AmbientService, WorkloadEnvironment } from './environment';
import { canonicalIpAddress } from './networkAddress';
import { servicesAtPod } from './targetPorts';
import {
  commonFields,
  kubernetesServiceNamed,
  selects,
  tunnelOf,
} from './workloadParts';
import type { ZtunnelWorkload } from './ztunnelTypes';

type Pod = SlimObjectByKind['Pod'];

/** Services that select a pod, and those without a selector whose EndpointSlice names it. R2.15 */
function servicesOfPod(
  environment: WorkloadEnvironment,
  { metadata }: Pod,
): AmbientService[] {
  const { namespace, name, labels } = metadata;
  const found = environment
    .servicesOf(namespace)
    .filter(
      service =>
        (service.source.kind === 'Service' ||
          environment.flags.serviceEntriesSelectPods) &&
        selects(service, labels),
    );
  for (const slice of environment.slicesOfPod(namespace, name)) {
    const service =
      slice.spec.addressType !== 'FQDN' && slice.spec.serviceName !== ''
        ? kubernetesServiceNamed(environment, namespace, slice.spec.serviceName)
        : undefined;
    if (service && !found.includes(service)) {
      found.push(service);
    }
  }
  return found;
}

/**
 * A pod as istiod describes it to ztunnel; `undefined` for finished pods and those without an address. R2.8, R2.14, R2.15
 */
export function ztunnelWorkloadOfPod(
  environment: WorkloadEnvironment,
  pod: Pod,
): ZtunnelWorkload | undefined {
  const { metadata, spec } = pod;
  const { namespace, name, labels, annotations } = metadata;
  const addresses = spec.podIPs.flatMap(ip => canonicalIpAddress(ip) ?? []);
  if (
    spec.phase === 'Succeeded' ||
    spec.phase === 'Failed' ||
    addresses.length === 0 ||
    addresses.length !== spec.podIPs.length
  ) {
    return undefined;
  }
  const services = servicesOfPod(environment, pod);
  const workloadName = environment.workloadNameOf(pod);
  const canonical = canonicalServiceOf(labels, workloadName);
  const locality = environment.localityOfNode(spec.nodeName);
  const { network } = environment;
  return {
    uid: `${environment.clusterId}//Pod/${namespace}/${name}`,
    name,
    addresses,
    ...commonFields(
      environment,
      { namespace, labels, object: pod, services, network },
      labels,
    ),
    serviceAccount: spec.serviceAccountName,
    ...(spec.nodeName !== '' && { node: spec.nodeName }),
    services: servicesAtPod(pod, services),
    status: isReady(pod) ? 'HEALTHY' : 'UNHEALTHY',
    ...(locality && { locality }),
    ...(spec.hostNetwork && { networkMode: 'HOST_NETWORK' as const }),
    workloadName,
    workloadType: 'POD',
    canonicalName: canonical.name,
    canonicalRevision: canonical.revision,
    ...tunnelOf(labels, annotations),
  };
}
