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

import { membershipOf, proxyOfPod, type Workload } from '../membership';
import type { MeshSnapshot } from '../snapshot';
import {
  agreeing,
  podsInWords,
  provenanceOf,
  type Provenance,
  type Verdict,
} from '../verdict';

/** How many pods of a workload ztunnel captures, against what its labels ask for. R2.7, R2.8 */
export interface AmbientCapture {
  wanted: boolean;
  pods: number;
  captured: number;
  /** enrolment began and did not end */
  pending: number;
  /** pods that keep a sidecar, which beats capture. R2.9 */
  withSidecar: number;
  verdict: Verdict;
  /** what to do; only when the verdict fails */
  remedy?: string;
}

const REDIRECTION = 'ambient.istio.io/redirection';

interface Counts {
  pods: number;
  captured: number;
  pending: number;
  withSidecar: number;
  facts: Provenance[];
}

function countOf({ pods }: Workload): Counts {
  const counts: Counts = {
    pods: pods.length,
    captured: 0,
    pending: 0,
    withSidecar: 0,
    facts: [],
  };
  for (const pod of pods) {
    const { proxy, says } = proxyOfPod(pod);
    const isPending = pod.metadata.annotations[REDIRECTION] === 'pending';
    counts.captured += proxy === 'ambient' ? 1 : 0;
    counts.pending += isPending ? 1 : 0;
    counts.withSidecar +=
      proxy === 'sidecar' || proxy === 'native-sidecar' ? 1 : 0;
    if (proxy !== 'ambient' && counts.facts.length < 3) {
      counts.facts.push(
        provenanceOf(pod, `metadata.annotations[${REDIRECTION}]`, `${says}.`),
      );
    }
  }
  return counts;
}

/** Who, and the form of `to be` that fits: `All 3 pods are`. */
function podsAre(part: number, all: number): string {
  return `${podsInWords(part, all)} ${agreeing(part, 'is', 'are')}`;
}

function failing(
  counts: Counts,
  why: Verdict,
): { reason: string; remedy: string } {
  const { pods, captured, pending, withSidecar } = counts;
  if (withSidecar > 0) {
    return {
      reason: `${podsInWords(withSidecar, pods)} still ${agreeing(
        withSidecar,
        'runs',
        'run',
      )} a sidecar, which beats capture by ztunnel. ${why.reason}`,
      remedy:
        'Restart the workload: new pods get no sidecar and ztunnel captures them.',
    };
  }
  return pending > 0
    ? {
        reason: `${podsAre(
          pending,
          pods,
        )} only partly enrolled: traffic is not redirected to ztunnel yet.`,
        remedy:
          'Look at the logs of ztunnel and istio-cni on the nodes of these pods; enrolment is tried again until it succeeds.',
      }
    : {
        reason: `${podsAre(
          pods - captured,
          pods,
        )} not redirected to ztunnel, although ambient is asked for.`,
        remedy:
          'Check that istio-cni and ztunnel run on the nodes of these pods: they enrol running pods without a restart.',
      };
}

/** Does ztunnel capture the workload, and should it? R2.7 – R2.9 */
export function ambientCaptureOf(
  snapshot: MeshSnapshot,
  workload: Workload,
): AmbientCapture {
  const membership = membershipOf(snapshot, workload);
  const { facts, ...counts } = countOf(workload);
  const { pods, captured } = counts;
  const wanted = membership.wanted === 'ambient';
  const because = membership.verdict;
  const answer = (
    state: Verdict['state'],
    reason: string,
    remedy?: string,
  ): AmbientCapture => ({
    wanted,
    ...counts,
    verdict: { state, reason, facts: [...because.facts, ...facts] },
    ...(remedy !== undefined && { remedy }),
  });
  if (workload.workloadEntry) {
    return answer(
      'not-applicable',
      'A machine outside the cluster is not captured by ztunnel.',
    );
  }
  if (!wanted) {
    return captured === 0
      ? answer('not-applicable', 'Ambient is not asked for.')
      : answer(
          'fail',
          `${podsAre(
            captured,
            pods,
          )} captured by ztunnel, although no label asks for it any more.`,
          'Check that istio-cni runs on the nodes of these pods: it ends the capture when the label goes.',
        );
  }
  if (pods === 0) {
    return answer(
      'unknown',
      'It has no running pod; a new pod would be captured by ztunnel.',
    );
  }
  if (captured === pods) {
    return answer('pass', `${podsAre(pods, pods)} captured by ztunnel.`);
  }
  const { reason, remedy } = failing({ ...counts, facts }, because);
  return answer('fail', reason, remedy);
}
