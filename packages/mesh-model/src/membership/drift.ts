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

import {
  controlPlaneVersionOf,
  isOlder,
  parseVersion,
  resolveRevision,
} from '../identity';
import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import type { InjectionDecision } from './injection';
import { injectorConfigOf } from './injectorConfig';
import { nativeSidecarWanted } from './nativeSidecar';
import { imageTag, proxyOfPod } from './podProxy';
import type { Workload } from './workload';

/**
 * How running sidecars differ from those that new pods would get. Injection is an act at the creation of a pod, so a difference
 * stays until the pods are created anew. R2.6
 */
export interface SidecarDrift {
  /**
   * `revision`: of the control plane that injected them; `version`: of the proxy; `kind`: a container, or an init container
   * that stays
   */
  of: 'revision' | 'version' | 'kind';
  /** pods that differ */
  pods: number;
  actual: string;
  wanted: string;
  /** one sentence that ends with what to do */
  says: string;
  /** the pods, as many as a person reads, then what decides what new ones would get */
  facts: Provenance[];
}

/** A workload may have thousands of pods. */
const MAX_NAMED_PODS = 10;

type Pod = SlimObjectByKind['Pod'];

function sidecarPods({ pods }: Workload): Pod[] {
  return pods.filter(pod => /sidecar$/.test(proxyOfPod(pod).proxy));
}

function podsWord(count: number): string {
  return count === 1 ? '1 pod runs' : `${count} pods run`;
}

function podFacts(
  pods: readonly Pod[],
  path: string | ((pod: Pod) => string),
  says: string,
): Provenance[] {
  return pods
    .slice(0, MAX_NAMED_PODS)
    .map(pod =>
      provenanceOf(pod, typeof path === 'string' ? path : path(pod), says),
    );
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
      ...podFacts(
        some,
        'metadata.annotations[istio.io/rev]',
        `It was injected by revision ${actual}.`,
      ),
      ...because,
    ],
  }));
}

const PROXY_IMAGE = 'sidecar.istio.io/proxyImage';

/** The version that new sidecars would have, and whether another one differs from it. */
interface WantedVersion {
  version: string;
  differs: (actual: string) => boolean;
  because: Provenance[];
}

function exactly(version: string, because: Provenance[]): WantedVersion {
  return { version, differs: actual => actual !== version, because };
}

/**
 * The image that the workload asks for, else the tag that the injector is configured with, else the version of the control
 * plane, of which only major and minor are compared: its patch version may differ from that of its proxies. R2.6
 */
function wantedVersion(
  snapshot: MeshSnapshot,
  { annotations }: Workload,
  revision: string | undefined,
): WantedVersion | undefined {
  const image = annotations[PROXY_IMAGE] ?? '';
  if (image !== '') {
    const tag = imageTag(image);
    return tag === undefined ? undefined : exactly(tag, []);
  }
  const { proxyTag, source } = injectorConfigOf(snapshot, revision);
  if (source && proxyTag !== undefined) {
    return exactly(proxyTag, [
      provenanceOf(
        source,
        'data.values: global.tag',
        `New sidecars have version ${proxyTag}.`,
      ),
    ]);
  }
  const version = controlPlaneVersionOf(snapshot, revision);
  return (
    version && {
      version: `${version.major}.${version.minor}`,
      differs: actual => {
        const parsed = parseVersion(actual);
        return (
          parsed !== undefined &&
          (isOlder(parsed, version) || isOlder(version, parsed))
        );
      },
      because: [],
    }
  );
}

function versionDrift(
  snapshot: MeshSnapshot,
  workload: Workload,
  pods: readonly Pod[],
  revision: string | undefined,
): SidecarDrift[] {
  const wanted = wantedVersion(snapshot, workload, revision);
  if (wanted === undefined) {
    return [];
  }
  const differing = byActual(
    pods,
    pod => {
      const { version } = proxyOfPod(pod);
      return version !== undefined && wanted.differs(version)
        ? version
        : undefined;
    },
    wanted.version,
  );
  return [...differing].map(([actual, some]) => ({
    of: 'version',
    pods: some.length,
    actual,
    wanted: wanted.version,
    says: `${podsWord(
      some.length,
    )} a sidecar of version ${actual}, new pods would get version ${
      wanted.version
    }: restart the workload to update it.`,
    facts: [
      ...podFacts(
        some,
        pod =>
          `spec.${
            proxyOfPod(pod).proxy === 'native-sidecar'
              ? 'initContainers'
              : 'containers'
          }[istio-proxy].image`,
        `Its sidecar has version ${actual}.`,
      ),
      ...wanted.because,
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
          facts: [
            ...podFacts(
              some,
              decision.native ? 'spec.containers' : 'spec.initContainers',
              `Its sidecar is ${KINDS[other]}.`,
            ),
            ...decision.facts,
          ],
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
  const sameRevision = pods.filter(pod => {
    const { revision } = proxyOfPod(pod);
    return (
      wanted === undefined ||
      !revision ||
      resolveRevision(snapshot, revision) === wanted
    );
  });
  return [
    ...(wanted === undefined
      ? []
      : revisionDrift(snapshot, pods, wanted, injection.facts)),
    ...versionDrift(snapshot, workload, sameRevision, wanted),
    ...kindDrift(snapshot, workload, pods, wanted),
  ];
}
