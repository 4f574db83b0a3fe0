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

import { controlPlaneFlagsOf, systemNamespaceOf } from '../identity';
import type { SlimObjectByKind, StringMap } from '../objects';
import { derivation, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';

const ANNOTATION = 'sidecar.istio.io/nativeSidecar';
const FLAG = 'ENABLE_NATIVE_SIDECARS';

/** The first kubelet that runs native sidecars without a feature gate that anyone could switch off: 1.33. */
const FIRST_MINOR = 33;

/** Would a sidecar be injected as an init container that stays? */
export interface NativeSidecarDecision {
  /** `undefined` when it cannot be known */
  native: boolean | undefined;
  /** one sentence */
  says: string;
  facts: Provenance[];
}

/** What decides about one pod. */
export interface NativeSidecarCandidate {
  annotations: StringMap;
  /** the node it is bound to; `''` when it is not scheduled yet, as when it is injected */
  nodeName: string;
}

function kubeletMinor({ spec }: SlimObjectByKind['Node']): number | undefined {
  const match = /^v?1\.(\d+)/.exec(spec.kubeletVersion);
  return match ? Number(match[1]) : undefined;
}

function byNodes(
  nodes: readonly SlimObjectByKind['Node'][],
): NativeSidecarDecision {
  const old = nodes.find(
    node => (kubeletMinor(node) ?? FIRST_MINOR) < FIRST_MINOR,
  );
  if (old) {
    const says = `Node ${old.metadata.name} runs kubelet ${old.spec.kubeletVersion}, older than 1.${FIRST_MINOR}: the sidecar is a container.`;
    return {
      native: false,
      says,
      facts: [provenanceOf(old, 'status.nodeInfo.kubeletVersion', says)],
    };
  }
  if (
    nodes.length === 0 ||
    nodes.some(node => kubeletMinor(node) === undefined)
  ) {
    return {
      native: undefined,
      says: 'The version of the nodes cannot be seen, so it is not known whether the sidecar is a container or an init container that stays.',
      facts: [],
    };
  }
  return {
    native: true,
    says: `Every node runs kubelet 1.${FIRST_MINOR} or newer: the sidecar is an init container that stays.`,
    facts: [],
  };
}

/** What all nodes together say; kept until one of them changes. */
const byAllNodes: (snapshot: MeshSnapshot) => NativeSidecarDecision =
  derivation(
    () => [{ kind: 'Node' }],
    snapshot => byNodes(snapshot.list('Node')),
  );

/**
 * Would a sidecar that is injected now be a native one? The pod's annotation, then the injector's flag, then the kubelets: that
 * of the node, of all nodes as long as the pod has none. R2.2
 *
 * @param revision - of the control plane that injects
 */
export function nativeSidecarWanted(
  snapshot: MeshSnapshot,
  pod: NativeSidecarCandidate,
  revision?: string,
): NativeSidecarDecision {
  const wish = pod.annotations[ANNOTATION];
  if (wish === 'true' || wish === 'false') {
    return {
      native: wish === 'true',
      says: `The pod's annotation ${ANNOTATION} is "${wish}".`,
      facts: [],
    };
  }
  const flag = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    revision,
  ).values[FLAG];
  if (flag === 'true' || flag === 'false') {
    return {
      native: flag === 'true',
      says: `The control plane sets ${FLAG}=${flag}.`,
      facts: [],
    };
  }
  if (pod.nodeName === '') {
    return byAllNodes(snapshot);
  }
  const node = snapshot.get('Node', '', pod.nodeName);
  return byNodes(node ? [node] : []);
}
