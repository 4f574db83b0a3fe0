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

import { serviceHostname } from '../../identity';
import type {
  BackendReference,
  Destination,
  RouteDestination,
} from '../../objects';
import type { Fault } from './conditions';
import { GATEWAY_API, ISTIO_NETWORKING, type References } from './references';

/** Whose backends are looked up, and how strictly. */
export interface BackendContext {
  /** kind of the route */
  kind: string;
  /** namespace of the route */
  namespace: string;
  /** another namespace's backends need a ReferenceGrant; not so for routes of the mesh. R7.17 */
  needsGrant: boolean;
  references: References;
}

/** A part of a route: what it became, and what is wrong with it. Without a value the whole route is void. */
export interface Converted<T> {
  value?: T;
  fault?: Fault;
}

const MULTI_CLUSTER = 'multicluster.x-k8s.io';

/** A destination that nothing can answer for: its share of the traffic gets 500. R7.18 */
const NOWHERE: Destination = { host: '' };

function notFound(name: string): Fault {
  return {
    reason: 'BackendNotFound',
    message: `Backend ${name} does not exist`,
  };
}

function invalid(message: string): { fault: Fault } {
  return { fault: { reason: 'InvalidDestination', message } };
}

interface Named {
  host: string;
  exists: boolean;
}

function namedBackend(
  backend: BackendReference,
  { namespace: own, references }: BackendContext,
): Named | { fault: Fault } | undefined {
  const group = backend.group ?? '';
  const kind = backend.kind ?? 'Service';
  const namespace = backend.namespace ?? own;
  const inCluster = () => ({
    host: serviceHostname(backend.name, namespace, references.clusterDomain),
    exists: references.service(namespace, backend.name) !== undefined,
  });
  if (kind === 'Service' && (group === '' || group === 'core')) {
    return backend.name.includes('.')
      ? invalid('Write the name of the Service, not its host name')
      : inCluster();
  }
  if (kind === 'Hostname' && group === ISTIO_NETWORKING) {
    return backend.namespace === undefined
      ? {
          host: backend.name,
          exists: references.hostnameExists(backend.name, namespace),
        }
      : invalid('A backend of kind Hostname has no namespace; remove it');
  }
  return kind === 'ServiceImport' && group === MULTI_CLUSTER
    ? inCluster()
    : undefined;
}

/** Where a backend reference leads. R7.17 – R7.19 */
export function destinationOf(
  backend: BackendReference,
  context: BackendContext,
): Converted<Destination> {
  const { kind, namespace, needsGrant, references } = context;
  const group = backend.group ?? '';
  if (
    needsGrant &&
    backend.namespace !== undefined &&
    backend.namespace !== namespace &&
    !references.isGranted({
      from: { group: GATEWAY_API, kind, namespace },
      to: {
        group,
        kind: backend.kind ?? 'Service',
        namespace: backend.namespace,
        name: backend.name,
      },
    })
  ) {
    return {
      value: NOWHERE,
      fault: {
        reason: 'RefNotPermitted',
        message: `No ReferenceGrant in namespace ${backend.namespace} lets ${kind}s of namespace ${namespace} use backend ${backend.name}`,
      },
    };
  }
  const named = namedBackend(backend, context);
  if (named === undefined) {
    return {
      value: NOWHERE,
      fault: {
        reason: 'InvalidKind',
        message: `Istio knows no backends of kind ${backend.kind ?? ''} of ${
          group || 'the core group'
        }`,
      },
    };
  }
  if ('fault' in named) {
    return named;
  }
  if (backend.port === undefined) {
    return invalid('The backend needs a port; write it');
  }
  return {
    value: { host: named.host, port: { number: backend.port } },
    ...(named.exists ? {} : { fault: notFound(named.host) }),
  };
}

/** The share a backend asks for; 1 when it does not say. */
function weightOf(backend: BackendReference): number {
  return backend.weight ?? 1;
}

/** Does no backend take any traffic? */
export function isWeightless(
  backends: readonly BackendReference[] | undefined,
): boolean {
  return (backends ?? []).every(backend => weightOf(backend) === 0);
}

/** The backends that take traffic, each with its destination; a single one takes all and has no weight. R7.18 */
export function destinationsOf<D extends RouteDestination>(
  backends: readonly BackendReference[],
  context: BackendContext,
  complete: (
    backend: BackendReference,
    destination: RouteDestination,
  ) => Converted<D>,
): Converted<D[]> {
  const active = backends.filter(backend => weightOf(backend) !== 0);
  const value: D[] = [];
  let fault: Fault | undefined;
  for (const backend of active) {
    const found = destinationOf(backend, context);
    if (found.value === undefined) {
      return { fault: found.fault };
    }
    const made = complete(backend, {
      destination: found.value,
      ...(active.length > 1 ? { weight: weightOf(backend) } : {}),
    });
    if (made.value === undefined) {
      return { fault: made.fault };
    }
    value.push(made.value);
    fault = found.fault ?? fault;
  }
  return { value, ...(fault === undefined ? {} : { fault }) };
}
