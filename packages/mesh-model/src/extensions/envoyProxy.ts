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
  ENFORCING_PROXY,
  policyTargetOf,
  type PolicyTarget,
  type TargetService,
} from '../authorization';
import {
  membershipOf,
  proxyOfPod,
  type Client,
  type Workload,
} from '../membership';
import type { StringMap } from '../objects';
import type { MeshSnapshot } from '../snapshot';

/** A proxy as EnvoyFilters, extensions and Telemetry see it. */
export interface EnvoyProxy {
  target: PolicyTarget;
  /** Revision of the control plane that configures it; left out when not known: objects of every revision count. */
  revision?: string;
  /** Versions of its running proxies by their images, each once; empty when not known. */
  versions: readonly string[];
  /** Annotations of its pods; absent when no workload is known. */
  annotations?: StringMap;
}

/** The proxy of a caller, of which no running pods are known. */
export function envoyProxyOfClient(client: Client): EnvoyProxy {
  return {
    target: {
      proxy: ENFORCING_PROXY[client.proxy],
      namespace: client.namespace,
      labels: client.labels,
    },
    ...(client.revision === undefined ? {} : { revision: client.revision }),
    versions: [],
  };
}

/**
 * The proxy of a workload.
 *
 * @param services - only for a waypoint: the services whose chains are asked about
 */
export function envoyProxyOfWorkload(
  snapshot: MeshSnapshot,
  workload: Workload,
  services?: readonly TargetService[],
): EnvoyProxy {
  const { revision } = membershipOf(snapshot, workload);
  const versions = new Set(
    workload.pods.flatMap(pod => proxyOfPod(pod).version ?? []),
  );
  return {
    target: policyTargetOf(snapshot, workload, services),
    ...(revision === undefined ? {} : { revision }),
    versions: [...versions].sort(),
    annotations: workload.annotations,
  };
}
