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

import type { MeshObject, SlimObjectByKind, StringMap } from '../objects';
import {
  clusterNetworkOf,
  meshConfigOf,
  serviceEntryVisibilityOf,
} from '../identity';
import { matchesLabelSelector, type MeshSnapshot } from '../snapshot';
import { provenanceOf } from '../verdict';
import type { Provenance } from '../verdict';
import { waypointOfGateway, type Waypoint } from './waypointGateway';
import {
  attachmentDenied,
  notReady,
  ofOtherNamespace,
  unsupportedTraffic,
  type WaypointObstacle,
  type WaypointProblem,
} from './waypointObstacle';

export type { WaypointProblem };

/** Which waypoint serves an object, or why none does. R2.10 */
export interface WaypointBinding {
  /** `bound`: in the path; `none`: none is wanted; `broken`: one is named but cannot serve, so traffic goes past it. */
  state: 'bound' | 'none' | 'broken';
  /** the waypoint that is named */
  waypoint?: { namespace: string; name: string };
  /** Whose label names it. */
  namedBy?: 'object' | 'namespace';
  /** Only when `broken`. */
  problem?: WaypointProblem;
  reason: string;
  /** What to do, only when `broken`. */
  remedy?: string;
  facts: Provenance[];
}

/** A binding together with the waypoint that was found. */
export interface ResolvedBinding {
  binding: WaypointBinding;
  /** Only when bound. */
  waypoint?: Waypoint;
}

/** What a binding is decided from. */
export interface WaypointSources {
  /** A waypoint that is ready. */
  waypoint(namespace: string, name: string): Waypoint | undefined;
  /** The Gateway of that name, ready or not. */
  gateway(
    namespace: string,
    name: string,
  ): SlimObjectByKind['K8sGateway'] | undefined;
  namespace(name: string): SlimObjectByKind['Namespace'] | undefined;
}

/** What asks for a waypoint: an object, or the labels that a part of it carries. */
export interface WaypointTarget {
  namespace: string;
  labels: StringMap;
  object: MeshObject;
}

const USE_WAYPOINT = 'istio.io/use-waypoint';
const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';

/** Gateways that Istio's waypoint and east-west controllers deploy: their Services have no waypoint. R2.10.6 */
const MANAGED_WITHOUT_WAYPOINT: ReadonlySet<string> = new Set([
  'istio.io-mesh-controller',
  'istio.io-eastwest-controller',
]);

interface Wish {
  source: MeshObject;
  inherited: boolean;
  name: string;
  namespace: string;
}

function wishOf(
  source: MeshObject,
  labels: StringMap,
  ownNamespace: string,
  inherited: boolean,
): Wish | undefined {
  const name = labels[USE_WAYPOINT];
  return name === undefined
    ? undefined
    : {
        source,
        inherited,
        name,
        namespace: labels[USE_WAYPOINT_NAMESPACE] ?? ownNamespace,
      };
}

/** May objects of a namespace use the waypoint? R2.10.4 */
export function acceptsNamespace(
  waypoint: Waypoint,
  namespace: string,
  namespaceLabels: StringMap | undefined,
): boolean {
  const { from, selector } = waypoint.allowedNamespaces;
  switch (from) {
    case 'All':
      return true;
    case 'Selector':
      // An absent selector selects nothing, an empty one everything.
      return (
        selector !== undefined &&
        matchesLabelSelector(selector, {
          'kubernetes.io/metadata.name': namespace,
          ...namespaceLabels,
        })
      );
    default:
      return waypoint.namespace === namespace;
  }
}

/** Does a waypoint serve this kind of traffic? R2.10.5 */
export function servesTraffic(
  waypoint: Waypoint,
  traffic: 'service' | 'workload',
): boolean {
  return waypoint.trafficType === traffic || waypoint.trafficType === 'all';
}

/** What is to be said of a waypoint that is named; with a problem and a remedy only when it is broken. */
type Finding = Pick<WaypointObstacle, 'reason' | 'facts'> &
  Partial<WaypointObstacle>;

function namedBinding(
  { source, inherited, name, namespace }: Wish,
  state: WaypointBinding['state'],
  finding: Finding,
): WaypointBinding {
  const label = provenanceOf(
    source,
    `metadata.labels[${USE_WAYPOINT}]`,
    `${
      inherited ? 'The namespace' : 'The object'
    } asks for waypoint ${namespace}/${name}.`,
  );
  return {
    waypoint: { namespace, name },
    namedBy: inherited ? 'namespace' : 'object',
    state,
    ...finding,
    facts: [label, ...finding.facts],
  };
}

function broken(wish: Wish, obstacle: WaypointObstacle): ResolvedBinding {
  return { binding: namedBinding(wish, 'broken', obstacle) };
}

function bound(
  wish: Wish,
  waypoint: Waypoint,
  gateway: SlimObjectByKind['K8sGateway'] | undefined,
): ResolvedBinding {
  return {
    waypoint,
    binding: namedBinding(wish, 'bound', {
      reason: `Waypoint ${wish.namespace}/${wish.name} is bound and ready.`,
      facts: gateway
        ? [provenanceOf(gateway, 'status.addresses', 'It is ready.')]
        : [],
    }),
  };
}

/** Binds an object to the waypoint that is named, unless something stands against it. R2.10.3 – R2.10.5 */
function bindingOf(
  sources: WaypointSources,
  { namespace }: WaypointTarget,
  wish: Wish,
  traffic: 'service' | 'workload',
  ownNamespaceOnly: boolean,
): ResolvedBinding {
  const named = `${wish.namespace}/${wish.name}`;
  if (ownNamespaceOnly && wish.namespace !== namespace) {
    return broken(wish, ofOtherNamespace(named, namespace));
  }
  const waypoint = sources.waypoint(wish.namespace, wish.name);
  const gateway = sources.gateway(wish.namespace, wish.name);
  if (waypoint === undefined) {
    return broken(wish, notReady(named, gateway));
  }
  const labels = sources.namespace(namespace)?.metadata.labels;
  if (!acceptsNamespace(waypoint, namespace, labels)) {
    return broken(wish, attachmentDenied(named, gateway, namespace));
  }
  if (servesTraffic(waypoint, traffic)) {
    return bound(wish, waypoint, gateway);
  }
  const obstacle = unsupportedTraffic(named, gateway, waypoint, traffic);
  if (wish.inherited && traffic === 'workload') {
    // A waypoint of the whole namespace that serves services only is no mistake of its workloads. R2.10.5
    const { reason, facts } = obstacle;
    return { binding: namedBinding(wish, 'none', { reason, facts }) };
  }
  return broken(wish, obstacle);
}

function without(reason: string, facts: Provenance[] = []): ResolvedBinding {
  return { binding: { state: 'none', reason, facts } };
}

/**
 * Binds an object to the waypoint that its labels, else those of its namespace, name. A waypoint that is named on the
 * object and cannot serve is not replaced by that of the namespace. R2.10
 *
 * @param traffic - `service` for Services and ServiceEntries, `workload` for pods and machines
 * @param ownNamespaceOnly - the object may only use waypoints of its own namespace. R1.14
 */
export function bindWaypoint(
  sources: WaypointSources,
  target: WaypointTarget,
  traffic: 'service' | 'workload',
  ownNamespaceOnly = false,
): ResolvedBinding {
  const { namespace, labels, object } = target;
  if (
    traffic === 'service' &&
    MANAGED_WITHOUT_WAYPOINT.has(labels['gateway.istio.io/managed'] ?? '')
  ) {
    return without('A gateway or waypoint has no waypoint itself.');
  }
  const ofNamespace = sources.namespace(namespace);
  const wish =
    wishOf(object, labels, namespace, false) ??
    (ofNamespace &&
      wishOf(ofNamespace, ofNamespace.metadata.labels, namespace, true));
  if (wish === undefined) {
    return without('No waypoint is asked for.');
  }
  if (wish.name === 'none') {
    return without(
      `${
        wish.inherited ? 'The namespace' : 'The object'
      } asks for no waypoint.`,
      [
        provenanceOf(
          wish.source,
          `metadata.labels[${USE_WAYPOINT}]`,
          'none: explicitly no waypoint.',
        ),
      ],
    );
  }
  return bindingOf(sources, target, wish, traffic, ownNamespaceOnly);
}

/** The waypoint that a pod or machine is an instance of, by its gateway label. */
export function waypointOfInstance(
  sources: WaypointSources,
  namespace: string,
  labels: StringMap,
): Waypoint | undefined {
  const name = labels['gateway.networking.k8s.io/gateway-name'] ?? '';
  return name === '' ? undefined : sources.waypoint(namespace, name);
}

/** Binds a pod or machine; one that is itself an instance of a waypoint has none. R2.10.6 */
export function bindWorkloadWaypoint(
  sources: WaypointSources,
  target: WaypointTarget,
): ResolvedBinding {
  return waypointOfInstance(sources, target.namespace, target.labels)
    ? without('A gateway or waypoint has no waypoint itself.')
    : bindWaypoint(sources, target, 'workload');
}

/** The waypoints, Gateways and namespaces of a snapshot. */
export function waypointSourcesOf(snapshot: MeshSnapshot): WaypointSources {
  const gatewayOf = (namespace: string, name: string) =>
    snapshot.get('K8sGateway', namespace, name);
  return {
    gateway: gatewayOf,
    namespace: name => snapshot.get('Namespace', '', name),
    waypoint(namespace, name) {
      const gateway = gatewayOf(namespace, name);
      return (
        gateway &&
        waypointOfGateway(
          gateway,
          snapshot.get('GatewayClass', '', gateway.spec.gatewayClassName),
          clusterNetworkOf(snapshot),
        )
      );
    },
  };
}

type Bindable = SlimObjectByKind[
  | 'Service'
  | 'ServiceEntry'
  | 'Pod'
  | 'WorkloadEntry'];

/** The waypoint of a Service, ServiceEntry, Pod or WorkloadEntry. R2.10 */
export function waypointOf(
  snapshot: MeshSnapshot,
  object: Bindable,
): WaypointBinding {
  const sources = waypointSourcesOf(snapshot);
  const { namespace, labels } = object.metadata;
  const target = { namespace, labels, object };
  switch (object.kind) {
    case 'Service':
      return bindWaypoint(sources, target, 'service').binding;
    case 'ServiceEntry': {
      const visibility = serviceEntryVisibilityOf(
        meshConfigOf(snapshot),
        sources.namespace(namespace)?.metadata.labels ?? {},
      );
      return bindWaypoint(
        sources,
        target,
        'service',
        visibility === 'NAMESPACE',
      ).binding;
    }
    case 'WorkloadEntry':
      return bindWorkloadWaypoint(sources, {
        ...target,
        labels: { ...object.spec.labels, ...labels },
      }).binding;
    default:
      return bindWorkloadWaypoint(sources, target).binding;
  }
}
