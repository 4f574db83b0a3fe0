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

import type { StringMap } from '../objects';
import type { ObjectRef } from '../verdict';

/**
 * What carries a workload's traffic. `sidecar` runs as a container, `native-sidecar` as an init container that stays;
 * `ambient` means captured by ztunnel. R2.14
 */
export type ProxyType =
  | 'sidecar'
  | 'native-sidecar'
  | 'ambient'
  | 'waypoint'
  | 'gateway'
  | 'ztunnel'
  | 'vm'
  | 'none';

/**
 * Who calls. Routes, visibility and client-side TLS depend on the caller, so every answer about traffic names one.
 */
export interface Client {
  namespace: string;
  /** Labels of its pods (of the pod template); what `sourceLabels`, Sidecar and DestinationRule selectors match. */
  labels: StringMap;
  serviceAccount: string;
  proxy: ProxyType;
  /** Revision of the control plane that configures its proxy, when known. R1.16 */
  revision?: string;
  /** The workload, when the client is one and not merely "some meshed client of the namespace". */
  workload?: ObjectRef;
  /** Set when the client is a gateway's proxy: the Istio `Gateway` or Gateway API `Gateway` whose listeners it serves. */
  gateway?: { kind: 'Gateway' | 'K8sGateway'; namespace: string; name: string };
}

/** Does an Envoy apply outbound configuration (VirtualService, DestinationRule, Sidecar) for this client? */
export function hasEnvoy(proxy: ProxyType): boolean {
  return (
    proxy === 'sidecar' ||
    proxy === 'native-sidecar' ||
    proxy === 'gateway' ||
    proxy === 'waypoint' ||
    proxy === 'vm'
  );
}

/** The client that answers assume when none is named: a sidecar-proxied workload without labels in this namespace. */
export function defaultClient(namespace: string): Client {
  return {
    namespace,
    labels: {},
    serviceAccount: 'default',
    proxy: 'sidecar',
  };
}
