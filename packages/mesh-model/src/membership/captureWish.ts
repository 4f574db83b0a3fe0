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

import { parseDocument } from 'yaml';
import type { LabelSelector, SlimObjectByKind, StringMap } from '../objects';
import { labelSelector } from '../objects/labelSelectorShape';
import { list, Reading, record } from '../objects/shape';
import {
  derivation,
  matchesLabelSelector,
  type MeshSnapshot,
} from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';

/** One way to be captured: both selectors must match; an absent one matches everything. R2.7 */
export interface EnablementSelector {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
}

const MODE = 'istio.io/dataplane-mode';

/** What the CNI chart installs: pods that ask, and pods of namespaces that ask unless they opt out. */
const DEFAULT_ENABLEMENT_SELECTORS: readonly EnablementSelector[] = [
  { podSelector: { matchLabels: { [MODE]: 'ambient' } } },
  {
    podSelector: {
      matchExpressions: [{ key: MODE, operator: 'NotIn', values: ['none'] }],
    },
    namespaceSelector: { matchLabels: { [MODE]: 'ambient' } },
  },
];

const shape = list(
  record<EnablementSelector>({
    podSelector: labelSelector,
    namespaceSelector: labelSelector,
  }),
);

/** The selectors of capture in effect. */
export interface Enablement {
  selectors: readonly EnablementSelector[];
  /** The ConfigMap of istio-cni, when it sets them. */
  source?: SlimObjectByKind['ConfigMap'];
}

/** The selectors that istio-cni captures by: those of its ConfigMap, else the chart's. R2.7 */
const ambientEnablementOf: (snapshot: MeshSnapshot) => Enablement = derivation(
  () => [{ kind: 'ConfigMap' }],
  snapshot => {
    const source = snapshot
      .list('ConfigMap')
      .find(({ metadata }) => metadata.name === 'istio-cni-config');
    const yaml = source?.spec.data.AMBIENT_ENABLEMENT_SELECTOR ?? '';
    const document = parseDocument(yaml, { uniqueKeys: false });
    const parsed: unknown =
      document.errors.length > 0 ? undefined : document.toJS();
    const selectors = shape(parsed, new Reading()) ?? [];
    return source !== undefined && selectors.length > 0
      ? { selectors, source }
      : { selectors: DEFAULT_ENABLEMENT_SELECTORS };
  },
);

/** Is a pod to be captured, and what says so? */
export interface CaptureWish {
  captured: boolean;
  /** It is asked for, and something of the pod forbids it. */
  refused: boolean;
  reason: string;
  facts: Provenance[];
}

function reasonFor(
  snapshot: MeshSnapshot,
  namespaceName: string,
  labels: StringMap,
  enablement: Enablement,
): Pick<CaptureWish, 'reason' | 'facts'> {
  const { source } = enablement;
  if (source) {
    const reason =
      'A selector of istio-cni (AMBIENT_ENABLEMENT_SELECTOR) matches the pod.';
    return {
      reason,
      facts: [provenanceOf(source, 'data.AMBIENT_ENABLEMENT_SELECTOR', reason)],
    };
  }
  if (labels[MODE] === 'ambient') {
    return {
      reason: 'The pod label istio.io/dataplane-mode is ambient.',
      facts: [],
    };
  }
  const reason = `Namespace ${namespaceName} has the label istio.io/dataplane-mode=ambient.`;
  const namespace = snapshot.get('Namespace', '', namespaceName);
  return {
    reason,
    facts: namespace
      ? [provenanceOf(namespace, `metadata.labels[${MODE}]`, reason)]
      : [],
  };
}

/** Do the labels of a pod and its namespace ask for capture by ztunnel? Pods of the host network are never captured. R2.7 */
export function captureWishOf(
  snapshot: MeshSnapshot,
  pod: { namespace: string; labels: StringMap; hostNetwork: boolean },
): CaptureWish {
  const { namespace, labels, hostNetwork } = pod;
  const ofNamespace: StringMap = {
    'kubernetes.io/metadata.name': namespace,
    ...snapshot.get('Namespace', '', namespace)?.metadata.labels,
  };
  const enablement = ambientEnablementOf(snapshot);
  const asked = enablement.selectors.some(
    ({ podSelector = {}, namespaceSelector = {} }) =>
      matchesLabelSelector(podSelector, labels) &&
      matchesLabelSelector(namespaceSelector, ofNamespace),
  );
  const answer = (captured: boolean, refused: boolean, reason: string) => ({
    captured,
    refused,
    reason,
    facts: [],
  });
  if (asked) {
    return hostNetwork
      ? answer(
          false,
          true,
          'The pod uses the network of its node (hostNetwork: true), which ztunnel does not capture.',
        )
      : {
          captured: true,
          refused: false,
          ...reasonFor(snapshot, namespace, labels, enablement),
        };
  }
  const optsOut = labels[MODE] === 'none';
  return optsOut && ofNamespace[MODE] === 'ambient'
    ? answer(
        false,
        true,
        'The pod opts out of ambient with istio.io/dataplane-mode=none.',
      )
    : answer(false, false, 'No label asks for ambient.');
}
