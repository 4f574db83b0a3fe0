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

import type { MeshSnapshot } from '../snapshot';
import { meshConfigOf } from './meshConfigSource';

/** Label that names the network of a namespace, a pod, a Service or a Gateway. R1.19 */
export const NETWORK_LABEL = 'topology.istio.io/network';

/** The namespace istiod runs in: that of the ConfigMap it reads, `istio-system` when none is seen. */
export function systemNamespaceOf(snapshot: MeshSnapshot): string {
  return (
    meshConfigOf(snapshot).source?.metadata.namespace ??
    meshConfigOf(snapshot, '').source?.metadata.namespace ??
    'istio-system'
  );
}

/** The network a cluster belongs to, from the label of its system namespace; `''` is the default network. R1.19 */
export function clusterNetworkOf(snapshot: MeshSnapshot): string {
  return (
    snapshot.get('Namespace', '', systemNamespaceOf(snapshot))?.metadata.labels[
      NETWORK_LABEL
    ] ?? ''
  );
}
