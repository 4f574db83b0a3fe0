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

import { serviceEntriesSelectPods, servicesSelectMachines } from '../identity';
import {
  healthOfWorkloadEntry,
  isReady,
  labelsOfWorkloadEntry,
  type Client,
} from '../membership';
import type { SlimObjectByKind, StringMap } from '../objects';
import type { RoutableService } from '../routing/routableService';
import { isSubset, type MeshSnapshot } from '../snapshot';
import type { MergedDestinationRule } from './mergedDestinationRule';

/** Pods (or other endpoints) behind a destination. */
export interface EndpointCount {
  ready: number;
  total: number;
}

interface LabelledEndpoint {
  labels: StringMap;
  ready: boolean;
  /** a pod of this cluster */
  isPod: boolean;
}

function podsWith(
  snapshot: MeshSnapshot,
  namespace: string,
  selector: StringMap,
): LabelledEndpoint[] {
  return snapshot
    .podsBySelector(namespace, selector)
    .filter(
      pod => pod.spec.phase !== 'Succeeded' && pod.spec.phase !== 'Failed',
    )
    .map(pod => ({
      labels: pod.metadata.labels,
      ready: isReady(pod),
      isPod: true,
    }));
}

/** Machines outside the cluster: Services and ServiceEntries select them like pods. R2.15, R8.16 */
function machinesWith(
  snapshot: MeshSnapshot,
  namespace: string,
  selector: StringMap,
): LabelledEndpoint[] {
  return snapshot.list('WorkloadEntry', namespace).flatMap(entry => {
    const labels = labelsOfWorkloadEntry(entry);
    return isSubset(selector, labels)
      ? [
          {
            labels,
            ready: healthOfWorkloadEntry(entry).state !== 'fail',
            isPod: false,
          },
        ]
      : [];
  });
}

function podEndpoints(
  snapshot: MeshSnapshot,
  service: SlimObjectByKind['Service'],
): LabelledEndpoint[] {
  const { namespace, name } = service.metadata;
  const selector = service.spec.selector;
  if (Object.keys(selector).length > 0) {
    const pods = podsWith(snapshot, namespace, selector);
    return [
      ...(service.spec.publishNotReadyAddresses === true
        ? pods.map(pod => ({ ...pod, ready: true }))
        : pods),
      ...(servicesSelectMachines(snapshot)
        ? machinesWith(snapshot, namespace, selector)
        : []),
    ];
  }
  const seen = new Set<string>();
  return snapshot.endpointSlicesOf(namespace, name).flatMap(slice =>
    slice.spec.endpoints.flatMap(endpoint => {
      const key = endpoint.podName ?? endpoint.addresses.join(',');
      if (seen.has(key)) {
        return [];
      }
      seen.add(key);
      const pod =
        endpoint.podName === undefined
          ? undefined
          : snapshot.get('Pod', namespace, endpoint.podName);
      return [
        {
          labels: pod?.metadata.labels ?? {},
          ready: endpoint.ready,
          isPod: pod !== undefined,
        },
      ];
    }),
  );
}

function entryEndpoints(
  snapshot: MeshSnapshot,
  entry: SlimObjectByKind['ServiceEntry'],
): LabelledEndpoint[] {
  const { spec, metadata } = entry;
  if (spec.workloadSelector !== undefined) {
    const selector = spec.workloadSelector.labels ?? {};
    return [
      ...(serviceEntriesSelectPods(snapshot)
        ? podsWith(snapshot, metadata.namespace, selector)
        : []),
      ...machinesWith(snapshot, metadata.namespace, selector),
    ];
  }
  return (spec.endpoints ?? []).map(endpoint => ({
    labels: endpoint.labels ?? {},
    ready: true,
    isPod: false,
  }));
}

function endpointsOf(
  snapshot: MeshSnapshot,
  service: RoutableService,
): LabelledEndpoint[] {
  const object = service.object;
  if (object?.kind === 'Service') {
    return podEndpoints(snapshot, object);
  }
  return object?.kind === 'ServiceEntry'
    ? entryEndpoints(snapshot, object)
    : [];
}

/**
 * Are the endpoints of a service objects of the cluster, so that they can be counted? Those of a host that is resolved by
 * DNS, or passed through, are not.
 */
export function hasCountableEndpoints(service: RoutableService): boolean {
  if (service.registry === 'Kubernetes') {
    return service.externalName === undefined;
  }
  return service.resolution === 'STATIC';
}

/** Endpoints behind a service whose labels contain `labels`; all of them when `labels` is empty. R6.9 */
export function countEndpoints(
  snapshot: MeshSnapshot,
  service: RoutableService,
  labels: StringMap,
): EndpointCount {
  const selected = endpointsOf(snapshot, service).filter(endpoint =>
    isSubset(labels, endpoint.labels),
  );
  return {
    ready: selected.filter(endpoint => endpoint.ready).length,
    total: selected.length,
  };
}

/** Of the ready endpoints behind a service, those that are no pods of this cluster: machines, addresses. */
export function countReadyOutsideCluster(
  snapshot: MeshSnapshot,
  service: RoutableService,
  labels: StringMap,
): number {
  return endpointsOf(snapshot, service).filter(
    endpoint =>
      !endpoint.isPod && endpoint.ready && isSubset(labels, endpoint.labels),
  ).length;
}

/** Names the proxy type for which client certificates by `credentialName` work. */
export function honoursCredentialName(
  client: Client,
  rule: MergedDestinationRule,
): boolean {
  return client.proxy === 'gateway' || rule.workloadSelector !== undefined;
}
