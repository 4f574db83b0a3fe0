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

import { meshConfigOf, serviceHostname } from '../../identity';
import type { SlimObjectByKind } from '../../objects';
import {
  derivation,
  matchesLabelSelector,
  type MeshSnapshot,
} from '../../snapshot';
import { isReferenceGranted } from '../referenceGrant';
import {
  isForeignGateway,
  namesForeignWaypoint,
  type WaypointLookup,
} from './foreignWaypoints';
import {
  selectableLabels,
  type References,
  type ReferredServiceEntry,
} from './references';

function waypointLookup(snapshot: MeshSnapshot): WaypointLookup {
  return {
    gatewayClass: name => snapshot.get('GatewayClass', '', name),
    gateway: (namespace, name) => snapshot.get('K8sGateway', namespace, name),
    namespaceLabels: name =>
      snapshot.get('Namespace', '', name)?.metadata.labels,
  };
}

/**
 * Services and ServiceEntries whose waypoint is another implementation's, `kind/namespace/name` each, in order. A text,
 * so that what is computed from it is kept while Services change that have nothing to do with it.
 */
export const foreignWaypointsOf = derivation(
  () => [
    { kind: 'Service' },
    { kind: 'ServiceEntry' },
    { kind: 'Namespace' },
    { kind: 'K8sGateway' },
    { kind: 'GatewayClass' },
  ],
  (snapshot): string => {
    const lookup = waypointLookup(snapshot);
    if (
      !snapshot
        .list('K8sGateway')
        .some(gateway => isForeignGateway(gateway, lookup))
    ) {
      return '';
    }
    return [...snapshot.list('Service'), ...snapshot.list('ServiceEntry')]
      .filter(({ metadata }) =>
        namesForeignWaypoint(metadata.namespace, metadata.labels, lookup),
      )
      .map(
        ({ kind, metadata }) =>
          `${kind}/${metadata.namespace}/${metadata.name}`,
      )
      .sort()
      .join('\n');
  },
);

/** What routes and policies need to know of a ServiceEntry. */
export function referredServiceEntry({
  spec,
}: SlimObjectByKind['ServiceEntry']): ReferredServiceEntry {
  return {
    hosts: spec.hosts ?? [],
    ports: (spec.ports ?? []).map(({ name = '', number }) => ({
      name,
      port: number,
    })),
  };
}

/**
 * What objects of a cluster refer to. Secrets, and ConfigMaps that are not Istio's, are not read: they count as usable,
 * and answers that rest on them say so.
 *
 * @param foreignWaypoints - as `foreignWaypointsOf` gives them
 */
export function meshReferences(
  snapshot: MeshSnapshot,
  foreignWaypoints: string = foreignWaypointsOf(snapshot),
): References {
  const { clusterDomain } = meshConfigOf(snapshot);
  const foreign = new Set(foreignWaypoints.split('\n'));
  return {
    clusterDomain,
    gatewayClass: name => snapshot.get('GatewayClass', '', name),
    namespaceLabels: name =>
      snapshot.get('Namespace', '', name)?.metadata.labels,
    namespacesMatching: selector =>
      snapshot
        .list('Namespace')
        .filter(({ metadata }) =>
          matchesLabelSelector(
            selector,
            selectableLabels(metadata.name, metadata.labels),
          ),
        )
        .map(({ metadata }) => metadata.name)
        .sort(),
    service: (namespace, name) => {
      const service = snapshot.get('Service', namespace, name);
      return service && { ports: service.spec.ports };
    },
    serviceEntry: (namespace, name) => {
      const entry = snapshot.get('ServiceEntry', namespace, name);
      return entry && referredServiceEntry(entry);
    },
    hasForeignWaypoint: (kind, namespace, name) =>
      foreign.has(`${kind}/${namespace}/${name}`),
    hostnameExists: (hostname, namespace) =>
      snapshot
        .list('ServiceEntry', namespace)
        .some(({ spec }) => (spec.hosts ?? []).includes(hostname)) ||
      snapshot
        .list('Service', namespace)
        .some(
          ({ metadata }) =>
            serviceHostname(metadata.name, namespace, clusterDomain) ===
            hostname,
        ),
    secret: () => 'unread',
    configMap: () => 'unread',
    isGranted: reference =>
      isReferenceGranted(
        snapshot.list('ReferenceGrant', reference.to.namespace),
        reference,
      ),
  };
}

/**
 * The same, with every Service and host taken to be there: whether a backend exists decides what istiod reports, not what
 * it routes, so routing need not be computed anew whenever a Service comes or goes.
 */
export function routingReferences(
  snapshot: MeshSnapshot,
  foreignWaypoints: string,
): References {
  return {
    ...meshReferences(snapshot, foreignWaypoints),
    service: () => ({ ports: [] }),
    hostnameExists: () => true,
  };
}
