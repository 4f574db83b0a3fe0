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
import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import type { InjectionDecision } from './injection';
import { nativeSidecarWanted } from './nativeSidecar';
import { proxyOfPod } from './podProxy';
import type { Workload } from './workload';

/**
 * How running sidecars differ from those that new pods would get. Injection is an act at the creation of a pod, so a difference
 * stays until the pods are created anew. R2.6
 */
export interface SidecarDrift {
  /** `revision`: of the control plane that injected them; `kind`: a container, or an init container that stays */
  of: 'revision' | 'kind';
  /** pods that differ */
  pods: number;
  actual: string;
  wanted: string;
  /** one sentence that ends with what to do */
  says: string;
  facts: Provenance[];
}

type Pod = SlimObjectByKind['Pod'];

function sidecarPods({ pods }: Workload): Pod[] {
  return pods.filter(pod => /sidecar$/.test(proxyOfPod(pod).proxy));
}

function podsWord(count: number): string {
  return count === 1 ? '1 pod runs' : `${count} pods run`;
}

function byActual(
  pods: readonly Pod[],
  actualOf: (pod: Pod) => string | undefined,
  wanted: string,
): Map<string, Pod[]> {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) {
    const actual = actualOf(pod);
    if (actual !== undefined && actual !== wanted) {
      found.set(actual, [...(found.get(actual) ?? []), pod]);
    }
  }
  return found;
}

function revisionDrift(
  snapshot: MeshSnapshot,
  pods: readonly Pod[],
  wanted: string,
  because: readonly Provenance[],
): SidecarDrift[] {
  const differing = byActual(
    pods,
    pod => {
      const { revision } = proxyOfPod(pod);
      return revision ? resolveRevision(snapshot, revision) : undefined;
    },
    wanted,
  );
  return [...differing].map(([actual, some]) => ({
    of: 'revision',
    pods: some.length,
    actual,
    wanted,
    says: `${podsWord(
      some.length,
    )} a sidecar of revision ${actual}, new pods would get one of revision ${wanted}: restart the workload to move it.`,
    facts: [
      provenanceOf(
        some[0],
        'metadata.annotations[istio.io/rev]',
        `It was injected by revision ${actual}.`,
      ),
      ...because,
    ],
  }));
}

const KINDS = {
  sidecar: 'a container',
  'native-sidecar': 'an init container that stays',
} as const;

function kindDrift(
  snapshot: MeshSnapshot,
  workload: Workload,
  pods: readonly Pod[],
  revision: string | undefined,
): SidecarDrift[] {
  const decision = nativeSidecarWanted(
    snapshot,
    { annotations: workload.annotations, nodeName: '' },
    revision,
  );
  if (decision.native === undefined) {
    return [];
  }
  const wanted = decision.native ? 'native-sidecar' : 'sidecar';
  const other = decision.native ? 'sidecar' : 'native-sidecar';
  const some = pods.filter(pod => proxyOfPod(pod).proxy === other);
  return some.length === 0
    ? []
    : [
        {
          of: 'kind',
          pods: some.length,
          actual: other,
          wanted,
          says: `${podsWord(some.length)} the sidecar as ${
            KINDS[other]
          }, new pods would get it as ${KINDS[wanted]}. ${
            decision.says
          } Restart the workload to change it.`,
          facts: decision.facts,
        },
      ];
}

/** Where running sidecars differ from what new pods would get; empty when nothing would be injected now. R2.2, R2.6 */
export function sidecarDriftOf(
  snapshot: MeshSnapshot,
  workload: Workload,
  injection: InjectionDecision,
): SidecarDrift[] {
  const pods = sidecarPods(workload);
  if (!injection.injected || pods.length === 0) {
    return [];
  }
  const wanted =
    injection.servedBy ??
    (injection.revision === undefined
      ? undefined
      : resolveRevision(snapshot, injection.revision));
  return [
    ...(wanted === undefined
      ? []
      : revisionDrift(snapshot, pods, wanted, injection.facts)),
    ...kindDrift(snapshot, workload, pods, wanted),
  ];
}
