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

import { isIP } from 'node:net';
import { canaryWaypointOf, ingressWaypointWish } from '../../src/ambient';
import {
  allowedNamespacesOf,
  proxyOfPod,
  waypointOf,
  workloadOfEntry,
  workloadOfPod,
} from '../../src/membership';
import {
  projectObject,
  type MeshObject,
  type SlimObjectByKind,
  type StringMap,
} from '../../src/objects';
import { snapshotOf } from '../../src/snapshot';
import type { TableAdapter } from '../corpus';
import { difference, projectedAs, type RawObject } from './routingCase';

interface RawAllowedRoutes {
  fromNamespaces?: string;
  selector?: { matchLabels?: StringMap };
}

interface Input {
  $type?: string;
  kind?: string;
  metadata?: Readonly<Record<string, unknown>>;
  named?: { name: string; namespace: string };
  trafficType?: string;
  address?: object;
  allowedRoutes?: RawAllowedRoutes;
}

/** A waypoint of the table as the Gateway it stands for. */
function gatewayOf({
  named,
  trafficType,
  address,
  allowedRoutes,
}: Input): MeshObject[] {
  const gateway = projectObject({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: {
      ...named,
      labels: { 'istio.io/waypoint-for': trafficType },
    },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [
        {
          name: 'mesh',
          port: 15008,
          protocol: 'HBONE',
          ...(allowedRoutes && {
            allowedRoutes: {
              namespaces: {
                from: allowedRoutes.fromNamespaces,
                selector: allowedRoutes.selector,
              },
            },
          }),
        },
      ],
    },
    status: { addresses: address === undefined ? [] : [{ value: 'address' }] },
  });
  return gateway ? [gateway] : [];
}

function objectsOf(inputs: readonly Input[]): MeshObject[] {
  return inputs.flatMap(input => {
    if (input.$type === 'Waypoint') {
      return gatewayOf(input);
    }
    if (input.$type !== undefined) {
      return [];
    }
    const apiVersion =
      input.kind === 'EndpointSlice' ? 'discovery.k8s.io/v1' : 'v1';
    return projectObject({ apiVersion, ...input }) ?? [];
  });
}

interface ConditionCase {
  inputs: readonly Input[];
  svc?: RawObject;
  we?: RawObject;
  conditions: Readonly<Record<string, { status: boolean } | null>>;
}

function conditions(raw: unknown): string | undefined {
  const { inputs, svc, we, conditions: expected } = raw as ConditionCase;
  const object = svc
    ? projectedAs('Service', { apiVersion: 'v1', ...svc }, 'ns')
    : projectedAs('WorkloadEntry', we ?? { kind: 'WorkloadEntry' }, 'ns');
  const bound = expected['istio.io/WaypointBound'];
  const { state } = waypointOf(snapshotOf(objectsOf(inputs)), object);
  const named = bound?.status === true ? 'bound' : 'broken';
  return difference(
    bound === null || bound === undefined ? 'none' : named,
    state,
  );
}

interface WorkloadResult {
  addresses?: readonly string[];
  canonicalName: string;
  canonicalRevision: string;
  workloadName: string;
  status?: string;
  tunnelProtocol?: string;
  waypoint?: object;
}

/** What the model represents of ztunnel's workload. */
function represented(result: WorkloadResult) {
  return {
    addresses: result.addresses ?? [],
    canonicalName: result.canonicalName,
    canonicalRevision: result.canonicalRevision,
    workloadName: result.workloadName,
    healthy: (result.status ?? 'HEALTHY') === 'HEALTHY',
    hbone: result.tunnelProtocol === 'HBONE',
    waypoint: result.waypoint !== undefined,
  };
}

interface WorkloadCase {
  inputs: readonly Input[];
  pod?: RawObject;
  we?: RawObject;
  result: WorkloadResult | null;
}

function isWaypointItself(
  objects: readonly MeshObject[],
  labels: StringMap,
  namespace: string,
): boolean {
  return objects.some(
    ({ kind, metadata }) =>
      kind === 'K8sGateway' &&
      metadata.namespace === namespace &&
      metadata.name === labels['gateway.networking.k8s.io/gateway-name'],
  );
}

function workloadOfPodCase(
  objects: readonly MeshObject[],
  pod: SlimObjectByKind['Pod'],
): ReturnType<typeof represented> {
  const snapshot = snapshotOf([...objects, pod]);
  const workload = workloadOfPod(snapshot, pod);
  const itself = isWaypointItself(
    objects,
    pod.metadata.labels,
    pod.metadata.namespace,
  );
  return {
    addresses: pod.spec.podIPs,
    canonicalName: workload.canonicalName,
    canonicalRevision: workload.canonicalRevision,
    workloadName: workload.name,
    healthy: pod.spec.ready,
    hbone: proxyOfPod(pod).hbone,
    waypoint: !itself && waypointOf(snapshot, pod).state === 'bound',
  };
}

function podWorkload(raw: unknown): string | undefined {
  const { inputs, pod: rawPod, result } = raw as WorkloadCase;
  const pod = projectedAs(
    'Pod',
    { apiVersion: 'v1', ...(rawPod ?? { kind: 'Pod' }) },
    'ns',
  );
  return difference(
    result === null ? undefined : represented(result),
    workloadOfPodCase(objectsOf(inputs), pod),
  );
}

function entryWorkload(raw: unknown): string | undefined {
  const { inputs, we, result } = raw as WorkloadCase;
  const entry = projectedAs(
    'WorkloadEntry',
    we ?? { kind: 'WorkloadEntry' },
    'ns',
  );
  const snapshot = snapshotOf([...objectsOf(inputs), entry]);
  const workload = workloadOfEntry(entry);
  const { address } = entry.spec;
  return difference(result === null ? undefined : represented(result), {
    addresses: address !== undefined && isIP(address) > 0 ? [address] : [],
    canonicalName: workload.canonicalName,
    canonicalRevision: workload.canonicalRevision,
    workloadName: workload.name,
    healthy: true,
    hbone: (workload.labels['networking.istio.io/tunnel'] ?? '')
      .split(',')
      .includes('http'),
    waypoint: waypointOf(snapshot, entry).state === 'bound',
  });
}

/** Waypoints and what ztunnel is told about workloads. */
export const ambientTests: TableAdapter = {
  tests: {
    TestMakeAllowedRoutes: raw => {
      const { gateway, gatewayClass, expected } = raw as {
        gateway: RawObject;
        gatewayClass?: RawObject;
        expected: RawAllowedRoutes;
      };
      const apiVersion = 'gateway.networking.k8s.io/v1';
      const projectedClass =
        gatewayClass && projectObject({ apiVersion, ...gatewayClass });
      const projected = projectObject({
        apiVersion,
        ...gateway,
        kind: 'Gateway',
        metadata: { name: 'gateway', namespace: 'ns', ...gateway.metadata },
      });
      const allowed =
        projected?.kind === 'K8sGateway'
          ? allowedNamespacesOf(
              projected,
              projectedClass?.kind === 'GatewayClass'
                ? projectedClass
                : undefined,
            )
          : undefined;
      return difference(
        {
          from: expected.fromNamespaces,
          labels: { ...expected.selector?.matchLabels },
        },
        {
          from: allowed?.from,
          labels: { ...allowed?.selector?.matchLabels },
        },
      );
    },
    TestIngressUseWaypointFromLabels: raw => {
      const { serviceLabels, namespaceLabels, wantPresent, wantUseWaypoint } =
        raw as {
          serviceLabels?: StringMap;
          namespaceLabels?: StringMap;
          wantPresent: boolean;
          wantUseWaypoint: boolean;
        };
      return difference(
        { present: wantPresent, use: wantUseWaypoint },
        ingressWaypointWish(serviceLabels ?? {}, namespaceLabels ?? {}),
      );
    },
    TestGetUseWaypointCanary: raw => {
      const { labels, nsLabels, defaultNS, want } = raw as {
        labels?: StringMap;
        nsLabels?: StringMap;
        defaultNS: string;
        want?: { name: string; namespace: string };
      };
      return difference(
        want,
        canaryWaypointOf(labels ?? {}, nsLabels ?? {}, defaultNS),
      );
    },
    TestWorkloadEntryConditions: conditions,
    TestServiceConditions: conditions,
    TestPodWorkloads: podWorkload,
    TestWorkloadEntryWorkloads: entryWorkload,
  },
  excluded: {
    TestMatchServiceScope:
      'serviceScopeConfigs (global services between clusters) is not represented',
    TestEndpointSliceWorkloads:
      'Workloads of ztunnel that stand for bare addresses are not represented',
    TestServiceEntryWorkloads:
      'Workloads of ztunnel that stand for bare addresses are not represented',
  },
};
