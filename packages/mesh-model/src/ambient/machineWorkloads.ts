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

import { canonicalServiceOf, localityIn } from '../identity';
import { labelsOfWorkloadEntry } from '../membership';
import type { SlimObjectByKind, WorkloadEntrySpec } from '../objects';
import type { AmbientService, WorkloadEnvironment } from './environment';
import { canonicalIpAddress } from './networkAddress';
import { servicesAtEntry } from './targetPorts';
import { commonFields, selects, tunnelOf } from './workloadParts';
import type { ZtunnelWorkload } from './ztunnelTypes';

type WorkloadEntry = SlimObjectByKind['WorkloadEntry'];
type ServiceEntry = SlimObjectByKind['ServiceEntry'];

function addressFields(
  address = '',
): Pick<ZtunnelWorkload, 'addresses' | 'hostname'> {
  const ip = canonicalIpAddress(address);
  if (ip !== undefined) {
    return { addresses: [ip] };
  }
  return { addresses: [], ...(address !== '' && { hostname: address }) };
}

/** What a machine's own spec says, whether it stands alone or in a ServiceEntry. */
function entryFields(
  spec: WorkloadEntrySpec,
  services: readonly AmbientService[],
): Omit<
  ZtunnelWorkload,
  | 'uid'
  | 'name'
  | 'namespace'
  | 'network'
  | 'clusterId'
  | 'authorizationPolicies'
> {
  const locality = localityIn(spec.locality ?? '');
  return {
    ...addressFields(spec.address),
    ...(spec.serviceAccount && { serviceAccount: spec.serviceAccount }),
    services: servicesAtEntry(spec, services),
    // istiod does not send the health of machines to ztunnel.
    status: 'HEALTHY',
    ...(locality && { locality }),
    ...((spec.weight ?? 0) > 0 && { capacity: spec.weight }),
    workloadType: 'POD',
  };
}

/** A WorkloadEntry as istiod describes it to ztunnel. R2.13, R8.16 */
export function ztunnelWorkloadOfEntry(
  environment: WorkloadEnvironment,
  entry: WorkloadEntry,
): ZtunnelWorkload {
  const { metadata, spec } = entry;
  const { namespace, name, annotations } = metadata;
  const labels = labelsOfWorkloadEntry(entry);
  const services = environment
    .servicesOf(namespace)
    .filter(
      service =>
        (service.source.kind === 'ServiceEntry' ||
          environment.flags.servicesSelectWorkloadEntries) &&
        selects(service, labels),
    );
  const workloadName =
    annotations['istio.io/autoRegistrationGroup'] ??
    labels['service.istio.io/workload-name'] ??
    name;
  const canonical = canonicalServiceOf(labels, workloadName);
  const network = spec.network || environment.network;
  return {
    uid: `${environment.clusterId}/networking.istio.io/WorkloadEntry/${namespace}/${name}`,
    name,
    ...commonFields(
      environment,
      { namespace, labels, object: entry, services, network },
      labels,
    ),
    ...entryFields(spec, services),
    workloadName,
    canonicalName: canonical.name,
    canonicalRevision: canonical.revision,
    ...tunnelOf(labels, annotations),
  };
}

/** A host that DNS resolves is no endpoint that could ask for a waypoint of its own. */
const NO_WAYPOINT = { 'istio.io/use-waypoint': 'none' };

const DNS_RESOLUTIONS: ReadonlySet<string> = new Set([
  'DNS',
  'DNS_ROUND_ROBIN',
  'DYNAMIC_DNS',
]);

/**
 * The endpoints of a ServiceEntry as istiod describes them to ztunnel. With a DNS resolution and no endpoints each host is
 * one; a ServiceEntry all of whose hosts another definition won has none. R8.12, R1.4
 */
export function ztunnelWorkloadsOfServiceEntry(
  environment: WorkloadEnvironment,
  entry: ServiceEntry,
): ZtunnelWorkload[] {
  const { metadata, spec } = entry;
  const { namespace, name, annotations } = metadata;
  const all = environment
    .servicesOf(namespace)
    .filter(
      ({ source }) => source.kind === 'ServiceEntry' && source.name === name,
    );
  const written = spec.endpoints ?? [];
  const implicit =
    written.length === 0 &&
    DNS_RESOLUTIONS.has(spec.resolution ?? 'NONE') &&
    spec.workloadSelector === undefined;
  const endpoints: {
    endpoint: WorkloadEntrySpec;
    services: AmbientService[];
  }[] = implicit
    ? all.map(service => ({
        endpoint: { address: service.service.hostname },
        services: [service],
      }))
    : written.map(endpoint => ({ endpoint, services: all }));
  const canonical = canonicalServiceOf(metadata.labels, name);
  // istiod keeps the network of an endpoint for those after it that name none.
  let { network } = environment;
  return all.length === 0
    ? []
    : endpoints.map(({ endpoint, services }) => {
        network = endpoint.network || network;
        return {
          uid: `${
            environment.clusterId
          }/networking.istio.io/ServiceEntry/${namespace}/${name}/${
            endpoint.address ?? ''
          }`,
          name,
          ...commonFields(
            environment,
            {
              namespace,
              labels: implicit ? NO_WAYPOINT : endpoint.labels ?? {},
              object: entry,
              services,
              network,
            },
            metadata.labels,
          ),
          ...entryFields(endpoint, services),
          workloadName: name,
          canonicalName: canonical.name,
          canonicalRevision: canonical.revision,
          ...tunnelOf(metadata.labels, annotations),
        };
      });
}
