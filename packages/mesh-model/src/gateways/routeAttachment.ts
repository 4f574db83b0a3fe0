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

import type {
  K8sListener,
  ParentReference,
  SlimObjectByKind,
  StringMap,
} from '../objects';
import { hostsOverlap, hostWithin } from '../scoping/egressHosts';
import { matchesLabelSelector } from '../snapshot';

/** Routes of Gateway API that attach to gateways. */
export type AttachedRoute =
  | SlimObjectByKind['HTTPRoute']
  | SlimObjectByKind['GRPCRoute']
  | SlimObjectByKind['TLSRoute']
  | SlimObjectByKind['TCPRoute'];

/** Reasons of `Accepted=False`, as Gateway API names them. */
export type RefusalReason =
  | 'NoMatchingParent'
  | 'NoMatchingListenerHostname'
  | 'NotAllowedByListeners';

/** Does a route attach to a listener, and under which hosts? */
export type Attachment =
  | { attached: true; hosts: readonly string[] }
  | { attached: false; reason: RefusalReason; says: string };

/** Hostnames of a route; all when it names none, or can name none. */
export function hostnamesOf(route: AttachedRoute): readonly string[] {
  const written = route.kind === 'TCPRoute' ? [] : route.spec.hostnames ?? [];
  return written.length === 0 ? ['*'] : written;
}

function sharedHostnames(
  listenerHost: string,
  hostnames: readonly string[],
): string[] {
  return hostnames
    .filter(host => hostsOverlap(host, listenerHost))
    .map(host => (hostWithin(host, listenerHost) ? host : listenerHost));
}

const DEFAULT_KINDS: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute', 'TCPRoute'],
  TCP: ['TCPRoute'],
};

function allowsNamespace(
  listener: K8sListener,
  gatewayNamespace: string,
  route: AttachedRoute,
  namespaceLabels: StringMap,
): boolean {
  const { namespace } = route.metadata;
  const allowed = listener.allowedRoutes?.namespaces;
  switch (allowed?.from ?? 'Same') {
    case 'All':
      return true;
    case 'Selector':
      return (
        allowed?.selector !== undefined &&
        matchesLabelSelector(allowed.selector, namespaceLabels)
      );
    case 'None':
      return false;
    default:
      return namespace === gatewayNamespace;
  }
}

function allowsKind(listener: K8sListener, kind: string): boolean {
  const named = listener.allowedRoutes?.kinds ?? [];
  const kinds =
    named.length > 0
      ? named.map(item => item.kind)
      : DEFAULT_KINDS[listener.protocol.toUpperCase()] ?? [];
  return kinds.includes(kind);
}

/**
 * Whether a route's parent reference binds to a listener: port and section, then host names, then namespace, then kind.
 * R7.15
 *
 * @param namespaceLabels - of the route's namespace
 */
export function attachmentOf(
  route: AttachedRoute,
  parent: ParentReference,
  gatewayNamespace: string,
  listener: K8sListener,
  namespaceLabels: StringMap,
): Attachment {
  const refused = (reason: RefusalReason, says: string): Attachment => ({
    attached: false,
    reason,
    says,
  });
  if (
    (parent.port !== undefined && parent.port !== listener.port) ||
    ((parent.sectionName ?? '') !== '' && parent.sectionName !== listener.name)
  ) {
    return refused(
      'NoMatchingParent',
      `The parent reference does not mean listener ${listener.name}`,
    );
  }
  const listenerHost = (listener.hostname ?? '') || '*';
  const hosts = sharedHostnames(listenerHost, hostnamesOf(route));
  if (hosts.length === 0) {
    return refused(
      'NoMatchingListenerHostname',
      `Listener ${listener.name} takes ${listenerHost}, which none of the route's host names fits`,
    );
  }
  if (!allowsNamespace(listener, gatewayNamespace, route, namespaceLabels)) {
    return refused(
      'NotAllowedByListeners',
      `Listener ${listener.name} does not allow routes of namespace ${route.metadata.namespace}`,
    );
  }
  return allowsKind(listener, route.kind)
    ? { attached: true, hosts }
    : refused(
        'NotAllowedByListeners',
        `Listener ${listener.name} does not allow routes of kind ${route.kind}`,
      );
}
