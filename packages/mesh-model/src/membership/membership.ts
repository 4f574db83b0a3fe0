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

import { resolveRevision } from '../identity';
import type { MeshSnapshot } from '../snapshot';
import {
  agreeing,
  podsInWords,
  type Provenance,
  type Verdict,
} from '../verdict';
import type { Client, ProxyType } from './client';
import { injectionOf, type InjectionDecision } from './injection';
import { captureWishOf } from './captureWish';
import { sidecarDriftOf, type SidecarDrift } from './drift';
import { nativeSidecarWanted } from './nativeSidecar';
import { proxyOfPod } from './podProxy';
import { waypointOf, type WaypointBinding } from './waypoint';
import type { Workload } from './workload';
import { healthOfWorkload } from './workloadHealth';

/** How many live pods of a workload run behind which proxy. */
export interface ProxyCount {
  proxy: ProxyType;
  pods: number;
}

/** Whether and how a workload takes part in the mesh. R2.14 */
export interface Membership {
  /** What carries its traffic now; of several, that of most pods. What is wanted when it has no pod. */
  proxy: ProxyType;
  /** What new pods would get. */
  wanted: ProxyType;
  /** Per proxy; more than one entry means the pods differ. */
  counts: readonly ProxyCount[];
  pods: number;
  readyPods: number;
  /** Revision of the control plane that injected the running sidecars. */
  revision?: string;
  /** What the namespace and pod labels ask for today. */
  injection: InjectionDecision;
  /** Where running sidecars differ from those that new pods would get. R2.6 */
  drift: readonly SidecarDrift[];
  /** Are its pods ready? Of a machine outside the cluster: does it get traffic? R8.16 */
  health: Verdict;
  waypoint?: WaypointBinding;
  verdict: Verdict;
}

/** As container or as init container that stays; what runs now, where that cannot be known. R2.2 */
function wantedSidecar(
  snapshot: MeshSnapshot,
  workload: Workload,
  actual: ProxyType | undefined,
  { servedBy }: InjectionDecision,
): ProxyType {
  const { native } = nativeSidecarWanted(
    snapshot,
    { annotations: workload.annotations, nodeName: '' },
    servedBy,
  );
  return native ?? actual === 'native-sidecar' ? 'native-sidecar' : 'sidecar';
}

function wantedProxy(
  snapshot: MeshSnapshot,
  workload: Workload,
  actual: ProxyType | undefined,
  injection: InjectionDecision,
): { proxy: ProxyType; reason: string; facts: Provenance[] } {
  if (workload.workloadEntry) {
    return {
      proxy: 'vm',
      reason: 'A machine outside the cluster, registered by a WorkloadEntry.',
      facts: [],
    };
  }
  if (actual === 'gateway' || actual === 'waypoint' || actual === 'ztunnel') {
    return { proxy: actual, reason: `It is a ${actual}.`, facts: [] };
  }
  if (injection.injected) {
    return {
      proxy: wantedSidecar(snapshot, workload, actual, injection),
      reason: injection.reason,
      facts: injection.facts,
    };
  }
  const wish = captureWishOf(snapshot, {
    namespace: workload.namespace,
    labels: workload.labels,
    hostNetwork: workload.pods.some(pod => pod.spec.hostNetwork),
  });
  if (wish.captured) {
    return { proxy: 'ambient', reason: wish.reason, facts: wish.facts };
  }
  return {
    proxy: 'none',
    reason: wish.refused ? wish.reason : injection.reason,
    facts: injection.facts,
  };
}

function isSidecar(proxy: ProxyType): boolean {
  return proxy === 'sidecar' || proxy === 'native-sidecar';
}

function sameDataPlane(a: ProxyType, b: ProxyType): boolean {
  return a === b || (isSidecar(a) && isSidecar(b));
}

function verdictOf(
  workload: Workload,
  counts: readonly ProxyCount[],
  wanted: { proxy: ProxyType; reason: string; facts: Provenance[] },
): Verdict {
  const { pods } = workload;
  if (pods.length === 0 && !workload.workloadEntry) {
    return {
      state: 'unknown',
      reason: `It has no running pod; a new pod would be ${describe(
        wanted.proxy,
      )}. ${wanted.reason}`,
      facts: wanted.facts,
    };
  }
  const deviating = counts
    .filter(({ proxy }) => !sameDataPlane(proxy, wanted.proxy))
    .reduce((sum, count) => sum + count.pods, 0);
  if (deviating > 0) {
    const [most] = counts.filter(
      ({ proxy }) => !sameDataPlane(proxy, wanted.proxy),
    );
    return {
      state: 'fail',
      reason: `${podsInWords(deviating, pods.length)} ${agreeing(
        deviating,
        'is',
        'are',
      )} ${describe(most.proxy)}, but new pods would be ${describe(
        wanted.proxy,
      )}: ${
        wanted.reason
      } Restart the workload so that its pods are created anew.`,
      facts: wanted.facts,
    };
  }
  return wanted.proxy === 'none'
    ? {
        state: 'not-applicable',
        reason: `It is not in the mesh. ${wanted.reason}`,
        facts: wanted.facts,
      }
    : {
        state: 'pass',
        reason: workload.workloadEntry
          ? wanted.reason
          : `${podsInWords(pods.length, pods.length)} ${agreeing(
              pods.length,
              'is',
              'are',
            )} ${describe(wanted.proxy)}. ${wanted.reason}`,
        facts: wanted.facts,
      };
}

function describe(proxy: ProxyType): string {
  switch (proxy) {
    case 'sidecar':
    case 'native-sidecar':
      return 'behind a sidecar';
    case 'ambient':
      return 'captured by ztunnel';
    case 'none':
      return 'without a proxy';
    case 'vm':
      return 'a machine outside the cluster';
    default:
      return `a ${proxy}`;
  }
}

function countProxies(workload: Workload): ProxyCount[] {
  const counts = new Map<ProxyType, number>();
  for (const pod of workload.pods) {
    const { proxy } = proxyOfPod(pod);
    counts.set(proxy, (counts.get(proxy) ?? 0) + 1);
  }
  return [...counts]
    .map(([proxy, pods]) => ({ proxy, pods }))
    .sort((a, b) => b.pods - a.pods);
}

/**
 * How a workload takes part in the mesh: what its pods run with now against what its namespace and labels ask for.
 * Injection happens once, when a pod is created, so the two may differ until the pods are restarted. R2.4 – R2.10
 */
export function membershipOf(
  snapshot: MeshSnapshot,
  workload: Workload,
): Membership {
  const counts = countProxies(workload);
  const newest = workload.pods.at(-1);
  const injection = injectionOf(snapshot, {
    namespace: workload.namespace,
    labels: workload.labels,
    annotations: workload.annotations,
    hostNetwork: workload.pods.some(pod => pod.spec.hostNetwork),
  });
  const wanted = wantedProxy(snapshot, workload, counts[0]?.proxy, injection);
  const proxy = counts[0]?.proxy ?? wanted.proxy;
  const newestProxy = newest && proxyOfPod(newest);
  const revision = newestProxy?.revision;
  const waypointTarget = workload.workloadEntry ?? newest;
  return {
    proxy,
    wanted: wanted.proxy,
    counts,
    pods: workload.pods.length,
    readyPods: workload.pods.filter(pod => pod.spec.ready).length,
    ...(revision === undefined || revision === ''
      ? {}
      : { revision: resolveRevision(snapshot, revision) }),
    injection,
    drift: sidecarDriftOf(snapshot, workload, injection),
    health: healthOfWorkload(workload),
    ...(proxy === 'ambient' && waypointTarget
      ? { waypoint: waypointOf(snapshot, waypointTarget) }
      : {}),
    verdict: verdictOf(workload, counts, wanted),
  };
}

/** A workload as the caller of a service. */
export function clientOfWorkload(
  snapshot: MeshSnapshot,
  workload: Workload,
): Client {
  const { proxy, revision } = membershipOf(snapshot, workload);
  const gatewayName = workload.labels['gateway.networking.k8s.io/gateway-name'];
  return {
    namespace: workload.namespace,
    labels: workload.labels,
    serviceAccount: workload.serviceAccount,
    proxy,
    ...(revision === undefined ? {} : { revision }),
    workload: workload.ref,
    ...(gatewayName !== undefined && proxy === 'gateway'
      ? {
          gateway: {
            kind: 'K8sGateway' as const,
            namespace: workload.namespace,
            name: gatewayName,
          },
        }
      : {}),
  };
}
