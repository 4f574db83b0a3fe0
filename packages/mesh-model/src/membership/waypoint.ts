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
import { matchesLabelSelector, type MeshSnapshot } from '../snapshot';
import { provenanceOf } from '../verdict';
import type { Provenance } from '../verdict';

/** Which waypoint serves an object, or why none does. R2.10 */
export interface WaypointBinding {
  /** `bound`: in the path; `none`: none is wanted; `broken`: one is named but cannot serve, so traffic goes past it. */
  state: 'bound' | 'none' | 'broken';
  waypoint?: { namespace: string; name: string };
  reason: string;
  facts: Provenance[];
}

const USE_WAYPOINT = 'istio.io/use-waypoint';
const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';

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
  return name === undefined || name === ''
    ? undefined
    : {
        source,
        inherited,
        name,
        namespace: labels[USE_WAYPOINT_NAMESPACE] || ownNamespace,
      };
}

type AllowedNamespaces = NonNullable<
  NonNullable<
    NonNullable<
      SlimObjectByKind['K8sGateway']['spec']['listeners']
    >[number]['allowedRoutes']
  >['namespaces']
>;

/** Whose objects a waypoint accepts: as its bound listener says, by default its own namespace's. R2.10.4 */
export function allowedNamespacesOf(
  gateway: SlimObjectByKind['K8sGateway'],
  gatewayClass?: SlimObjectByKind['GatewayClass'],
): AllowedNamespaces {
  const binding =
    gateway.metadata.annotations['ambient.istio.io/waypoint-inbound-binding'] ??
    gatewayClass?.metadata.annotations[
      'ambient.istio.io/waypoint-inbound-binding'
    ];
  const [protocol, port] = (binding ?? 'HBONE/15008').split('/');
  const listener = gateway.spec.listeners?.find(
    item =>
      item.protocol.replace(/^istio\.io\//, '').toUpperCase() ===
        protocol.toUpperCase() &&
      (port === undefined || Number(port) === 0 || item.port === Number(port)),
  );
  return listener?.allowedRoutes?.namespaces ?? { from: 'Same' };
}

function acceptsNamespace(
  snapshot: MeshSnapshot,
  gateway: SlimObjectByKind['K8sGateway'],
  gatewayClass: SlimObjectByKind['GatewayClass'] | undefined,
  namespace: string,
): boolean {
  const allowed = allowedNamespacesOf(gateway, gatewayClass);
  switch (allowed.from ?? 'Same') {
    case 'All':
      return true;
    case 'Selector':
      return matchesLabelSelector(allowed.selector ?? {}, {
        'kubernetes.io/metadata.name': namespace,
        ...snapshot.get('Namespace', '', namespace)?.metadata.labels,
      });
    case 'None':
      return false;
    default:
      return gateway.metadata.namespace === namespace;
  }
}

function bindingOf(
  snapshot: MeshSnapshot,
  object: MeshObject,
  wish: Wish,
  traffic: 'service' | 'workload',
): WaypointBinding {
  const label = provenanceOf(
    wish.source,
    `metadata.labels[${USE_WAYPOINT}]`,
    `${wish.inherited ? 'The namespace' : 'The object'} asks for waypoint ${
      wish.namespace
    }/${wish.name}.`,
  );
  const waypoint = { namespace: wish.namespace, name: wish.name };
  const broken = (reason: string, more: Provenance[] = []) => ({
    state: 'broken' as const,
    waypoint,
    reason,
    facts: [label, ...more],
  });
  const gateway = snapshot.get('K8sGateway', wish.namespace, wish.name);
  if (gateway === undefined) {
    return broken(
      `Waypoint ${wish.namespace}/${wish.name} does not exist, so traffic does not pass any waypoint; create it or correct the label.`,
    );
  }
  const gatewayClass = snapshot.get(
    'GatewayClass',
    '',
    gateway.spec.gatewayClassName,
  );
  if ((gateway.status.addresses ?? []).length === 0) {
    return broken(
      `Waypoint ${wish.namespace}/${wish.name} is not ready (it has no address), so traffic does not pass it.`,
      [provenanceOf(gateway, 'status.addresses', 'The list is empty.')],
    );
  }
  const { namespace } = object.metadata;
  if (!acceptsNamespace(snapshot, gateway, gatewayClass, namespace)) {
    return broken(
      `Waypoint ${wish.namespace}/${wish.name} does not allow objects of namespace ${namespace}; set allowedRoutes.namespaces.from on its listener.`,
      [provenanceOf(gateway, 'spec.listeners', 'allowedRoutes decides.')],
    );
  }
  const serves =
    gateway.metadata.labels['istio.io/waypoint-for'] ??
    gatewayClass?.metadata.labels['istio.io/waypoint-for'] ??
    'service';
  if (serves !== traffic && serves !== 'all') {
    const reason = `Waypoint ${wish.namespace}/${wish.name} serves ${serves} traffic, not ${traffic} traffic.`;
    const fact = provenanceOf(
      gateway,
      'metadata.labels[istio.io/waypoint-for]',
      reason,
    );
    return wish.inherited && traffic === 'workload'
      ? { state: 'none', reason, facts: [label, fact] }
      : broken(reason, [fact]);
  }
  return {
    state: 'bound',
    waypoint,
    reason: `Waypoint ${wish.namespace}/${wish.name} is bound and ready.`,
    facts: [label, provenanceOf(gateway, 'status.addresses', 'It is ready.')],
  };
}

/** The waypoint of a Service, ServiceEntry, Pod or WorkloadEntry. R2.10 */
export function waypointOf(
  snapshot: MeshSnapshot,
  object: SlimObjectByKind[
    | 'Service'
    | 'ServiceEntry'
    | 'Pod'
    | 'WorkloadEntry'],
): WaypointBinding {
  const { namespace, labels } = object.metadata;
  if (labels['gateway.istio.io/managed'] !== undefined) {
    return {
      state: 'none',
      reason: 'A gateway or waypoint has no waypoint itself.',
      facts: [],
    };
  }
  const ofNamespace = snapshot.get('Namespace', '', namespace);
  const wish =
    wishOf(object, labels, namespace, false) ??
    (ofNamespace &&
      wishOf(ofNamespace, ofNamespace.metadata.labels, namespace, true));
  if (wish === undefined) {
    return { state: 'none', reason: 'No waypoint is asked for.', facts: [] };
  }
  if (wish.name === 'none') {
    return {
      state: 'none',
      reason: `${
        wish.inherited ? 'The namespace' : 'The object'
      } asks for no waypoint.`,
      facts: [
        provenanceOf(
          wish.source,
          `metadata.labels[${USE_WAYPOINT}]`,
          'none: explicitly no waypoint.',
        ),
      ],
    };
  }
  return bindingOf(
    snapshot,
    object,
    wish,
    object.kind === 'Service' || object.kind === 'ServiceEntry'
      ? 'service'
      : 'workload',
  );
}
