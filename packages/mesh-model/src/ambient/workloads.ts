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

import { canonicalServiceOf, serviceHostname } from '../identity';
import {
  bindWorkloadWaypoint,
  labelsOfWorkloadEntry,
  waypointOfInstance,
  type ResolvedBinding,
  type Waypoint,
} from '../membership';
import type {
  MeshObject,
  SlimObjectByKind,
  StringMap,
  WorkloadEntrySpec,
} from '../objects';
import { isSubset } from '../snapshot';
import type { AmbientService, WorkloadEnvironment } from './environment';
import { canonicalIpAddress } from './networkAddress';
import { servicesAtEntry, servicesAtPod } from './targetPorts';
import type { Locality, ZtunnelPort, ZtunnelWorkload } from './ztunnelTypes';

type Pod = SlimObjectByKind['Pod'];
type WorkloadEntry = SlimObjectByKind['WorkloadEntry'];
type ServiceEntry = SlimObjectByKind['ServiceEntry'];
type EndpointSlice = SlimObjectByKind['EndpointSlice'];

function selects(service: AmbientService, labels: StringMap): boolean {
  return (
    Object.keys(service.selector).length > 0 &&
    isSubset(service.selector, labels)
  );
}

function kubernetesServiceNamed(
  environment: WorkloadEnvironment,
  namespace: string,
  name: string,
): AmbientService | undefined {
  const hostname = serviceHostname(
    name,
    namespace,
    environment.config.clusterDomain,
  );
  return environment
    .servicesOf(namespace)
    .find(
      ({ service, source }) =>
        source.kind === 'Service' && service.hostname === hostname,
    );
}

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

/** Policies by which pods let their waypoints in; only with `PILOT_AUTO_ALLOW_WAYPOINT_POLICY`. R2.12 */
function implicitPolicies(
  environment: WorkloadEnvironment,
  own: Waypoint | undefined,
  services: readonly AmbientService[],
): string[] {
  if (!environment.flags.autoAllowWaypoint) {
    return [];
  }
  const waypoints = [
    ...services.flatMap(({ binding }) =>
      binding.state === 'bound' && binding.waypoint ? [binding.waypoint] : [],
    ),
    ...(own ? [own] : []),
  ].filter(({ namespace, name }) =>
    environment.waypointHasPods(namespace, name),
  );
  return [
    ...new Set(
      waypoints.map(
        ({ namespace, name }) =>
          `${namespace}/istio_allow_waypoint_${namespace}_${name}`,
      ),
    ),
  ];
}

/** R2.8: captured by ztunnel, or taking HBONE itself. */
function tunnelOf(
  labels: StringMap,
  annotations: StringMap,
): Pick<ZtunnelWorkload, 'tunnelProtocol' | 'nativeTunnel'> {
  const native = (labels['networking.istio.io/tunnel'] ?? '')
    .split(',')
    .includes('http');
  const captured = annotations['ambient.istio.io/redirection'] === 'enabled';
  return {
    ...((native || captured) && { tunnelProtocol: 'HBONE' as const }),
    ...(native && { nativeTunnel: true }),
  };
}

interface Seat {
  namespace: string;
  labels: StringMap;
  object: MeshObject;
  services: readonly AmbientService[];
  network: string;
}

/** What all workloads have in common: waypoint, policies, network, trust domain. */
function commonFields(
  environment: WorkloadEnvironment,
  seat: Seat,
  policyLabels: StringMap,
): Omit<ZtunnelWorkload, 'uid' | 'name' | 'addresses' | 'services' | 'status'> {
  const { namespace, labels, object, services, network } = seat;
  const instance = waypointOfInstance(environment, namespace, labels);
  const { waypoint }: ResolvedBinding = bindWorkloadWaypoint(environment, {
    namespace,
    labels,
    object,
  });
  const tunnel = instance?.inboundBinding;
  const networkGateway = environment.gatewayOfNetwork(network);
  const { trustDomain } = environment.config;
  return {
    namespace,
    network,
    ...(networkGateway && { networkGateway }),
    clusterId: environment.clusterId,
    ...(waypoint?.address && { waypoint: waypoint.address }),
    ...(tunnel && {
      applicationTunnel: {
        ...(tunnel.protocol === 'PROXY' && { protocol: tunnel.protocol }),
        ...(tunnel.port !== 0 && { port: tunnel.port }),
      },
    }),
    ...(trustDomain !== 'cluster.local' && { trustDomain }),
    authorizationPolicies: [
      ...environment.policiesOf(namespace, policyLabels),
      ...implicitPolicies(environment, waypoint, services),
    ],
  };
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
    status: spec.ready && !spec.terminating ? 'HEALTHY' : 'UNHEALTHY',
    ...(locality && { locality }),
    ...(spec.hostNetwork && { networkMode: 'HOST_NETWORK' as const }),
    workloadName,
    workloadType: 'POD',
    canonicalName: canonical.name,
    canonicalRevision: canonical.revision,
    ...tunnelOf(labels, annotations),
  };
}

function localityIn(text: string | undefined): { locality?: Locality } {
  const [region = '', zone = '', subzone = ''] = (text ?? '').split('/');
  return region === '' && zone === '' && subzone === ''
    ? {}
    : {
        locality: {
          ...(region !== '' && { region }),
          ...(zone !== '' && { zone }),
          ...(subzone !== '' && { subzone }),
        },
      };
}

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
  return {
    ...addressFields(spec.address),
    ...(spec.serviceAccount && { serviceAccount: spec.serviceAccount }),
    services: servicesAtEntry(spec, services),
    // istiod does not send the health of machines to ztunnel.
    status: 'HEALTHY',
    ...localityIn(spec.locality),
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
              labels: implicit
                ? { 'istio.io/use-waypoint': 'none' }
                : endpoint.labels ?? {},
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
