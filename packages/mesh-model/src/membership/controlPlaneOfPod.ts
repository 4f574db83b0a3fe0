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
import { derivation, type MeshSnapshot } from '../snapshot';
import { proxyOfPod } from './podProxy';

type Pod = SlimObjectByKind['Pod'];

/** The revision or tag that ztunnel is configured by, from the labels of its DaemonSet; `undefined` when none can be seen. */
const ztunnelRevisionOf: (snapshot: MeshSnapshot) => string | undefined =
  derivation(
    () => [{ kind: 'DaemonSet' }],
    snapshot => {
      const ztunnel = snapshot
        .list('DaemonSet')
        .find(({ spec }) => spec.templateLabels.app === 'ztunnel');
      return (
        ztunnel?.spec.templateLabels['istio.io/rev'] ??
        ztunnel?.metadata.labels['istio.io/rev']
      );
    },
  );

/**
 * The revision of the control plane that configures what carries a pod's traffic: its own proxy's, else that of ztunnel, tags
 * resolved; `undefined` when it is not known. R1.16, R1.17
 */
export function controlPlaneOfPod(
  snapshot: MeshSnapshot,
  pod: Pod,
): string | undefined {
  const { proxy, revision: own } = proxyOfPod(pod);
  const revision = proxy === 'ambient' ? ztunnelRevisionOf(snapshot) : own;
  return revision ? resolveRevision(snapshot, revision) : undefined;
}
