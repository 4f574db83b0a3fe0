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

import { hostsMatch, isHostWithin, serviceHostname } from '../../identity';
import type { ParentReference, SlimObjectByKind } from '../../objects';
import type { Fault } from './conditions';
import { internalName, type InternalGateway } from './internalGateways';
import { GATEWAY_API, ISTIO_NETWORKING, type References } from './references';

/** A route of Gateway API. */
export type GatewayApiRoute =
  | SlimObjectByKind['HTTPRoute']
  | SlimObjectByKind['GRPCRoute']
  | SlimObjectByKind['TLSRoute']
  | SlimObjectByKind['TCPRoute'];

/** What one `parentRef` of a route comes to, for one listener or for the mesh. */
export interface RouteParent {
  reference: ParentReference;
  /** position in `spec.parentRefs` */
  index: number;
  target: ParentTarget;
  /** why the route does not attach; absent when it does */
  denial?: Fault;
}

/** A listener, or the clients of a service inside the mesh. */
export type ParentTarget =
  | {
      kind: 'listener';
      internal: InternalGateway;
      /** hosts of other listeners of the Gateway with the same port and protocol */
      isolatedHosts: readonly string[];
    }
  | { kind: 'mesh'; hosts: readonly string[] };

/** Looks up the listeners of a Gateway or ListenerSet. */
export type ListenersOf = (
  kind: 'Gateway' | 'ListenerSet',
  namespace: string,
  name: string,
) => readonly InternalGateway[];

/** Host names of a route; none when it names none, or can name none. */
function writtenHostnames(route: GatewayApiRoute): readonly string[] {
  return route.kind === 'TCPRoute' ? [] : route.spec.hostnames ?? [];
}

/** Host names of a route; `*` when it names none. */
export function routeHostnames(route: GatewayApiRoute): readonly string[] {
  const written = writtenHostnames(route);
  return written.length === 0 ? ['*'] : written;
}

function hostDenial(
  route: GatewayApiRoute,
  { gateway, listener }: InternalGateway,
): Fault | undefined {
  const { namespace } = route.metadata;
  let hostMatched = false;
  for (const host of routeHostnames(route)) {
    for (const entry of gateway.spec.servers?.[0]?.hosts ?? []) {
      const slash = entry.indexOf('/');
      const allowed = entry.slice(0, slash);
      if (hostsMatch(entry.slice(slash + 1), host)) {
        if (allowed === '*' || allowed === namespace) {
          return undefined;
        }
        hostMatched = true;
      }
    }
  }
  const hostname = (listener.hostname ?? '') || '*';
  return hostMatched
    ? {
        reason: 'NotAllowedByListeners',
        message: `Listener ${listener.name} does not allow routes of namespace ${namespace}`,
      }
    : {
        reason: 'NoMatchingListenerHostname',
        message: `Listener ${listener.name} takes ${hostname}, which none of the route's host names fits`,
      };
}

/**
 * Why a route's reference does not attach it to a listener: port and section, then host names and namespace, then kind.
 * R7.15
 */
function attachmentDenial(
  route: GatewayApiRoute,
  { port, sectionName }: Pick<ParentReference, 'port' | 'sectionName'>,
  internal: InternalGateway,
): Fault | undefined {
  const { listener, kinds } = internal;
  if ((port ?? 0) !== 0 && port !== listener.port) {
    return {
      reason: 'NoMatchingParent',
      message: `Listener ${listener.name} is not on port ${port}`,
    };
  }
  if ((sectionName ?? '') !== '' && sectionName !== listener.name) {
    return {
      reason: 'NoMatchingParent',
      message: `Listener ${listener.name} is not ${sectionName}`,
    };
  }
  return (
    hostDenial(route, internal) ??
    (kinds.some(
      ({ group, kind }) => group === GATEWAY_API && kind === route.kind,
    )
      ? undefined
      : {
          reason: 'NotAllowedByListeners',
          message: `Listener ${listener.name} does not allow routes of kind ${route.kind}`,
        })
  );
}

/**
 * May a host of a route be served on this listener, or does another listener of the Gateway, on the same port with the
 * same protocol, name it more closely? R7.21
 */
export function isHostServed(
  host: string,
  { listener }: InternalGateway,
  isolatedHosts: readonly string[],
): boolean {
  const own = listener.hostname ?? '';
  if (own !== '' && !own.startsWith('*')) {
    return true;
  }
  if (own !== '' && !hostsMatch(host, own)) {
    return false;
  }
  return !isolatedHosts.some(
    other => own.length <= other.length && isHostWithin(host, other),
  );
}

function isolatedBy(
  internal: InternalGateway,
  siblings: readonly InternalGateway[],
): string[] {
  const own = internal.listener.hostname ?? '';
  return siblings
    .filter(
      ({ listener }) =>
        listener.port === internal.listener.port &&
        listener.protocol === internal.listener.protocol &&
        (listener.hostname ?? '') !== own,
    )
    .map(({ listener }) => listener.hostname ?? '');
}

function meshParent(
  reference: ParentReference,
  index: number,
  namespace: string,
  references: References,
): RouteParent | undefined {
  const { name } = reference;
  const kind = reference.kind === 'Service' ? 'Service' : 'ServiceEntry';
  if (references.hasForeignWaypoint(kind, namespace, name)) {
    // Its routes are the other implementation's.
    return undefined;
  }
  const hosts =
    kind === 'ServiceEntry'
      ? references.serviceEntry(namespace, name)?.hosts
      : references.service(namespace, name) && [
          serviceHostname(name, namespace, references.clusterDomain),
        ];
  if (hosts === undefined) {
    return {
      reference,
      index,
      target: { kind: 'mesh', hosts: [] },
      denial: {
        reason: 'NoMatchingParent',
        message: `There is no ${kind} ${namespace}/${name}`,
      },
    };
  }
  return {
    reference,
    index,
    target: { kind: 'mesh', hosts },
  };
}

/** The kind of a parent that Istio knows; other parents are another implementation's. */
export function parentKind(
  reference: ParentReference,
): 'Gateway' | 'ListenerSet' | 'Service' | 'ServiceEntry' | undefined {
  const group = reference.group ?? GATEWAY_API;
  const kind = reference.kind ?? 'Gateway';
  if (group === GATEWAY_API && (kind === 'Gateway' || kind === 'ListenerSet')) {
    return kind;
  }
  if ((group === '' || group === 'core') && kind === 'Service') {
    return kind;
  }
  return group === ISTIO_NETWORKING && kind === 'ServiceEntry'
    ? kind
    : undefined;
}

/** The listeners of every Gateway and ListenerSet that a route names as a parent. */
export function listenersOfParents(
  route: GatewayApiRoute,
  listenersOf: ListenersOf,
): InternalGateway[] {
  const owners = new Set<string>();
  return (route.spec.parentRefs ?? []).flatMap(reference => {
    const kind = parentKind(reference);
    const namespace = reference.namespace ?? route.metadata.namespace;
    const owner = `${kind}/${namespace}/${reference.name}`;
    if ((kind !== 'Gateway' && kind !== 'ListenerSet') || owners.has(owner)) {
      return [];
    }
    owners.add(owner);
    return listenersOf(kind, namespace, reference.name);
  });
}

/** The parent reference as a key that sorts the way istiod reports statuses. */
export function parentKey(
  reference: ParentReference,
  namespace: string,
): string {
  return `${reference.group ?? GATEWAY_API}/${reference.kind ?? 'Gateway'}/${
    reference.name
  }/${reference.sectionName ?? ''}/${reference.port ?? 0}.${
    reference.namespace ?? namespace
  }`;
}

/**
 * What every `parentRef` of a route comes to; a reference without `sectionName` stands for each listener of the Gateway.
 * References to what Istio does not know are left out: they may be another implementation's. R7.15, R7.24
 */
export function routeParents(
  route: GatewayApiRoute,
  listenersOf: ListenersOf,
  references: References,
): RouteParent[] {
  const found = (route.spec.parentRefs ?? []).flatMap((reference, index) => {
    const kind = parentKind(reference);
    const namespace = reference.namespace ?? route.metadata.namespace;
    if (kind === undefined) {
      return [];
    }
    if (kind === 'Service' || kind === 'ServiceEntry') {
      const parent = meshParent(reference, index, namespace, references);
      return parent === undefined ? [] : [parent];
    }
    const listeners = listenersOf(kind, namespace, reference.name);
    return listeners.map((internal): RouteParent => {
      const denial = attachmentDenial(route, reference, internal);
      return {
        reference,
        index,
        target: {
          kind: 'listener',
          internal,
          isolatedHosts: isolatedBy(internal, listeners),
        },
        ...(denial === undefined ? {} : { denial }),
      };
    });
  });
  return found
    .map(parent => ({
      parent,
      key: parentKey(parent.reference, route.metadata.namespace),
    }))
    .sort((a, b) => compareText(a.key, b.key))
    .map(({ parent }) => parent);
}

/** The parents a route attaches to, in the order in which istiod names its configurations. */
export function attachedParents(
  parents: readonly RouteParent[],
): RouteParent[] {
  return parents
    .filter(({ denial }) => denial === undefined)
    .map(parent => ({ parent, name: nameOf(parent.target) }))
    .sort((a, b) => compareText(a.name, b.name))
    .map(({ parent }) => parent);
}

function nameOf(target: ParentTarget): string {
  return target.kind === 'mesh' ? 'mesh' : internalName(target.internal);
}

function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
