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

import {
  protocolOfPort,
  serviceEntryVisibilityOf,
  serviceHostname,
  serviceScopeOf,
  type Protocol,
} from '../identity';
import {
  bindWaypoint,
  type NetworkAddress,
  type ResolvedBinding,
} from '../membership';
import type { SlimObjectByKind, StringMap } from '../objects';
import type { AmbientService, ServiceEnvironment } from './environment';
import { loadBalancingOfEntry, loadBalancingOfService } from './loadBalancing';
import { networkAddressOf } from './networkAddress';
import { ingressWaypointWish } from './waypointLabels';
import { weightedWaypointsOf } from './weightedWaypoints';
import type { ZtunnelAppProtocol, ZtunnelService } from './ztunnelTypes';

type Service = SlimObjectByKind['Service'];
type ServiceEntry = SlimObjectByKind['ServiceEntry'];

const APP_PROTOCOLS: Partial<Record<Protocol, ZtunnelAppProtocol>> = {
  http: 'HTTP11',
  http2: 'HTTP2',
  grpc: 'GRPC',
  tls: 'TLS',
  https: 'TLS',
  tcp: 'TCP',
};

function withAppProtocol(protocol: Protocol): {
  appProtocol?: ZtunnelAppProtocol;
} {
  const appProtocol = APP_PROTOCOLS[protocol];
  return appProtocol === undefined ? {} : { appProtocol };
}

/** Every text as an address; `undefined` when one is none. */
function addressesIn(
  texts: readonly string[],
  network: string,
): NetworkAddress[] | undefined {
  const addresses = texts.flatMap(
    text => networkAddressOf(text, network) ?? [],
  );
  return addresses.length === texts.length ? addresses : undefined;
}

function ipFamiliesOf({ spec }: Service): Pick<ZtunnelService, 'ipFamilies'> {
  const families = spec.ipFamilies ?? [];
  if (families.length === 2) {
    return { ipFamilies: 'DUAL' };
  }
  if (families.length === 1) {
    return { ipFamilies: families[0] === 'IPv4' ? 'IPV4_ONLY' : 'IPV6_ONLY' };
  }
  return {};
}

interface Shared {
  binding: ResolvedBinding;
  ingress: AmbientService['ingress'];
  /** the fields of the service that its waypoint decides */
  fields: Pick<
    ZtunnelService,
    'waypoint' | 'weightedWaypoints' | 'ingressUseWaypoint'
  >;
  canaryProblem?: AmbientService['canaryProblem'];
}

function waypointPart(
  environment: ServiceEnvironment,
  object: Service | ServiceEntry,
  ownNamespaceOnly: boolean,
): Shared {
  const { namespace, labels, annotations } = object.metadata;
  const binding = bindWaypoint(
    environment,
    { namespace, labels, object },
    'service',
    ownNamespaceOnly,
  );
  const address = binding.waypoint?.address;
  const { weightedWaypoints, canaryProblem } = weightedWaypointsOf(
    environment,
    { namespace, labels, annotations },
    binding,
  );
  const ingress =
    binding.waypoint === undefined
      ? { present: false, use: false }
      : ingressWaypointWish(
          labels,
          environment.namespace(namespace)?.metadata.labels ?? {},
        );
  return {
    binding,
    ingress,
    fields: {
      ...(address && { waypoint: address }),
      ...(weightedWaypoints && { weightedWaypoints }),
      ...(ingress.use && { ingressUseWaypoint: true }),
    },
    ...(canaryProblem && { canaryProblem }),
  };
}

function namespaceMaps(
  environment: ServiceEnvironment,
  namespace: string,
): { labels: StringMap | undefined; annotations: StringMap } {
  const metadata = environment.namespace(namespace)?.metadata;
  return {
    labels: metadata?.labels,
    annotations: metadata?.annotations ?? {},
  };
}

/**
 * A Kubernetes Service as istiod describes it to ztunnel; `undefined` for ExternalName services (DNS alone resolves them)
 * and when an address cannot be read. R1.1, R2.10 – R2.12
 */
export function ambientServiceOf(
  environment: ServiceEnvironment,
  object: Service,
): AmbientService | undefined {
  const { metadata, spec } = object;
  const { name, namespace } = metadata;
  const virtual = spec.clusterIPs.filter(ip => ip !== '' && ip !== 'None');
  const addresses = addressesIn(virtual, environment.network);
  if (spec.type === 'ExternalName' || addresses === undefined) {
    return undefined;
  }
  const inNamespace = namespaceMaps(environment, namespace);
  const loadBalancing = loadBalancingOfService(object, inNamespace.annotations);
  const { binding, ingress, fields, canaryProblem } = waypointPart(
    environment,
    object,
    false,
  );
  return {
    service: {
      name,
      namespace,
      hostname: serviceHostname(
        name,
        namespace,
        environment.config.clusterDomain,
      ),
      addresses,
      ports: spec.ports.map(port => ({
        servicePort: port.port,
        targetPort: typeof port.targetPort === 'number' ? port.targetPort : 0,
        ...withAppProtocol(protocolOfPort(port)),
      })),
      ...(loadBalancing && { loadBalancing }),
      ...ipFamiliesOf(object),
      ...fields,
      canonical: true,
    },
    portNames: new Map(
      spec.ports.map(port => [
        port.port,
        {
          portName: port.name,
          ...(typeof port.targetPort === 'string' && {
            targetPortName: port.targetPort,
          }),
        },
      ]),
    ),
    selector: spec.selector,
    source: { kind: 'Service', namespace, name },
    binding: binding.binding,
    ...(canaryProblem && { canaryProblem }),
    ingress,
    scope: environment.flags.multiNetwork
      ? serviceScopeOf(environment.config, inNamespace.labels, metadata.labels)
      : 'LOCAL',
    createdAt: metadata.createdAt,
    object,
  };
}

/** Does istiod assign virtual addresses to the hosts of a ServiceEntry? R8.14 */
function isAutoAllocated({ metadata, spec }: ServiceEntry): boolean {
  const wish = metadata.labels['networking.istio.io/enable-autoallocate-ip'];
  return (
    (spec.resolution ?? 'NONE') !== 'NONE' &&
    wish?.toLowerCase() !== 'false' &&
    (spec.addresses ?? []).length === 0
  );
}

function addressesOfHost(
  entry: ServiceEntry,
  host: string,
  written: readonly NetworkAddress[],
  network: string,
): readonly NetworkAddress[] {
  const wildcardOk =
    !host.startsWith('*') || entry.spec.resolution === 'DYNAMIC_DNS';
  return isAutoAllocated(entry) && wildcardOk
    ? (entry.status.addresses ?? [])
        .filter(assigned => assigned.host === host)
        .flatMap(({ value }) => networkAddressOf(value, network) ?? [])
    : written;
}

/**
 * The hosts of a ServiceEntry as istiod describes them to ztunnel: none when `serviceEntryVisibility` hides it or when an
 * address cannot be read. R1.3, R1.14, R8.14
 */
export function ambientServicesOfEntry(
  environment: ServiceEnvironment,
  object: ServiceEntry,
): AmbientService[] {
  const { metadata, spec } = object;
  const { name, namespace } = metadata;
  const inNamespace = namespaceMaps(environment, namespace);
  const visibility = serviceEntryVisibilityOf(
    environment.config,
    inNamespace.labels ?? {},
  );
  const { network } = environment;
  const written = addressesIn(spec.addresses ?? [], network);
  if (visibility === 'NONE' || written === undefined) {
    return [];
  }
  const { binding, ingress, fields, canaryProblem } = waypointPart(
    environment,
    object,
    visibility === 'NAMESPACE',
  );
  const loadBalancing = loadBalancingOfEntry(object, inNamespace.annotations);
  const sans = spec.subjectAltNames ?? [];
  const ports = spec.ports ?? [];
  const common = {
    ports: ports.map(port => ({
      servicePort: port.number,
      targetPort: port.targetPort || port.number,
      ...withAppProtocol(protocolOfPort({ name: port.protocol })),
    })),
    ...(sans.length > 0 && { subjectAltNames: sans }),
    ...(loadBalancing && { loadBalancing }),
    ...(visibility === 'NAMESPACE' && { visibility }),
    ...fields,
  };
  const portNames = new Map(
    ports.map(port => [port.number, { portName: port.name ?? '' }]),
  );
  return (spec.hosts ?? []).map(hostname => ({
    service: {
      name,
      namespace,
      hostname,
      addresses: addressesOfHost(object, hostname, written, network),
      ...common,
    },
    portNames,
    selector: spec.workloadSelector?.labels ?? {},
    source: { kind: 'ServiceEntry' as const, namespace, name },
    binding: binding.binding,
    ...(canaryProblem && { canaryProblem }),
    ingress,
    scope: 'LOCAL' as const,
    createdAt: metadata.createdAt,
    object,
  }));
}

function isBetter(a: AmbientService, b: AmbientService): boolean {
  return a.createdAt < b.createdAt && b.source.kind !== 'Service';
}

/**
 * Of the services that share a hostname, the one of each namespace: a Kubernetes Service, else the oldest. One of them is
 * canonical, the one that clients of other namespaces use; a ServiceEntry that only its own namespace sees never is. R1.4
 *
 * @param services - in the universal order, so that of equally old ones the first counts
 */
export function selectServices(
  services: readonly AmbientService[],
): AmbientService[] {
  const best = new Map<string, AmbientService>();
  for (const candidate of services) {
    const { namespace } = candidate.service;
    const current = best.get(namespace);
    if (
      candidate.source.kind === 'Service' ||
      current === undefined ||
      isBetter(candidate, current)
    ) {
      best.set(namespace, candidate);
    }
  }
  let canonical: AmbientService | undefined;
  for (const candidate of best.values()) {
    if (candidate.source.kind === 'Service') {
      canonical = candidate;
    } else if (
      candidate.service.visibility !== 'NAMESPACE' &&
      (canonical === undefined || isBetter(candidate, canonical))
    ) {
      canonical = candidate;
    }
  }
  return [...best.values()].map(service =>
    service === canonical
      ? { ...service, service: { ...service.service, canonical: true } }
      : service,
  );
}
