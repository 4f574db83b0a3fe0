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

import type { DependencyNeighbour } from '@mesh-portal/backstage-plugin-istio-common';
import {
  membershipOf,
  workloadsOfService,
  type MeshSnapshot,
  type ProxyType,
} from '@mesh-portal/mesh-model';
import { workloadOfCaller } from '../clients';
import type { ServiceOwner } from '../meshServicesView';
import type { EdgeEnds } from './edgeRows';
import type { ObservedEdge } from './observedEdges';

/** Entities by cluster of the portal, then by `namespace/name`; only those the user may see. */
export type NamedEntities = ReadonlyMap<
  string,
  ReadonlyMap<string, ServiceOwner>
>;

/** Where names of metrics are looked up. */
export interface NameSources {
  /** the cluster of the portal the edge was seen in */
  cluster: string;
  snapshot: MeshSnapshot;
  services: NamedEntities;
  workloads: NamedEntities;
}

const UNKNOWN_CALLER: DependencyNeighbour = {
  kind: 'unknown-caller',
  title: 'unknown',
  note: 'Outside the mesh or without identity: the proxies cannot name it',
};

/** What is no service, by the name metrics give it (golden-signals §1). R9.8 */
const PSEUDO_CALLEES: Readonly<Record<string, DependencyNeighbour>> = {
  PassthroughCluster: {
    kind: 'unknown-external',
    title: 'unknown external',
    note: 'Requests that left for hosts that are not in the registry: no ServiceEntry names them',
  },
  BlackHoleCluster: {
    kind: 'refused-by-registry',
    title: 'hosts outside the registry',
    note: 'Refused by the own proxy: only registered hosts may be called (REGISTRY_ONLY)',
  },
};

/** Proxy of the workload that metrics name; undefined when the cluster has no such workload. */
export function proxyOfCaller(
  snapshot: MeshSnapshot,
  caller: Pick<EdgeEnds['caller'], 'namespace' | 'workload'>,
): ProxyType | undefined {
  const workload = workloadOfCaller(snapshot, caller);
  return workload && membershipOf(snapshot, workload).proxy;
}

/** Proxies of the workloads behind the service that metrics name. */
export function proxiesOfCallee(
  snapshot: MeshSnapshot,
  { namespace, name }: Pick<EdgeEnds['callee'], 'namespace' | 'name'>,
): Set<ProxyType> {
  const service = snapshot.get('Service', namespace, name);
  return new Set(
    (service ? workloadsOfService(snapshot, service) : []).map(
      workload => membershipOf(snapshot, workload).proxy,
    ),
  );
}

/**
 * The entity behind a name. In the own cluster first; what runs elsewhere is found where only one other cluster has an
 * entity of that name.
 *
 * @param remote - Istio's name of the other cluster; undefined for the own
 */
function entityOf(
  entities: NamedEntities,
  cluster: string,
  remote: string | undefined,
  key: string,
): Pick<DependencyNeighbour, 'entityRef' | 'owner'> {
  const own = entities.get(remote ?? cluster)?.get(key);
  if (own) return named(own);
  if (remote === undefined) return {};
  const found = new Map<string, ServiceOwner>();
  for (const each of entities.values()) {
    const entity = each.get(key);
    if (entity) found.set(entity.entityRef, entity);
  }
  const [only] = found.values();
  return found.size === 1 ? named(only) : {};
}

function named({ entityRef, owner }: ServiceOwner) {
  return { entityRef, ...(owner !== undefined && { owner }) };
}

function remoteCluster(end: string, own: string): string | undefined {
  return end !== own && end !== 'unknown' && own !== 'unknown'
    ? end
    : undefined;
}

function callerOf(
  { caller, callee }: ObservedEdge,
  { cluster, snapshot, workloads }: NameSources,
): DependencyNeighbour {
  const { namespace, workload } = caller;
  if (workload === 'unknown') return UNKNOWN_CALLER;
  const remote = remoteCluster(caller.cluster, callee.cluster);
  const proxy =
    remote === undefined ? proxyOfCaller(snapshot, caller) : undefined;
  const key = `${namespace}/${workload}`;
  const isProxy = proxy === 'gateway' || proxy === 'waypoint';
  return {
    kind: isProxy ? proxy : 'workload',
    title: isProxy ? `${proxy} ${key}` : key,
    namespace,
    name: workload,
    ...entityOf(workloads, cluster, remote, key),
  };
}

function calleeOf(
  { caller, callee }: ObservedEdge,
  { cluster, snapshot, services }: NameSources,
): DependencyNeighbour {
  const { namespace, name, host } = callee;
  const pseudo = Object.hasOwn(PSEUDO_CALLEES, name)
    ? PSEUDO_CALLEES[name]
    : undefined;
  if (pseudo) return pseudo;
  if (name === 'unknown') return { kind: 'service', title: host, host };
  const gateway = proxiesOfCallee(snapshot, callee).has('gateway');
  const inCluster = host.startsWith(`${name}.${namespace}.`);
  const key = `${namespace}/${name}`;
  return {
    kind: gateway ? 'gateway' : 'service',
    title: `${gateway ? 'gateway ' : ''}${inCluster ? key : host}`,
    namespace,
    name,
    host,
    ...entityOf(
      services,
      cluster,
      remoteCluster(callee.cluster, caller.cluster),
      key,
    ),
  };
}

/** Names the other end of an edge, with its entity where the user may see one. */
export function neighbourOf(
  edge: ObservedEdge,
  sources: NameSources,
): DependencyNeighbour {
  return edge.direction === 'inbound'
    ? callerOf(edge, sources)
    : calleeOf(edge, sources);
}
