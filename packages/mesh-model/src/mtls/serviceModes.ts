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

import { protocolOfPort, type Protocol } from '../identity';
import type { SlimObjectByKind } from '../objects';
import { ownerOfPod, type MeshSnapshot } from '../snapshot';
import { endpointsOfPort } from './path';
import type { ServerMode } from './serverMode';

/** What the pods of one workload accept on the port a Service port leads to. */
export interface WorkloadMode {
  kind: string;
  name: string;
  targetPort: number;
  server: ServerMode;
}

/** What a Service port accepts. `MIXED`: its workloads differ. `UNKNOWN`: it has no endpoints. */
export interface ServicePortMode {
  port: number;
  name: string;
  protocol: Protocol;
  mode: ServerMode['mode'] | 'MIXED' | 'UNKNOWN';
  workloads: readonly WorkloadMode[];
}

/** The server side of every port of a Service. R3.16 */
export function serverModesOfService(
  snapshot: MeshSnapshot,
  service: SlimObjectByKind['Service'],
): ServicePortMode[] {
  return service.spec.ports.map(port => {
    const workloads = new Map<string, WorkloadMode>();
    for (const { pod, targetPort, server } of endpointsOfPort(
      snapshot,
      service,
      port,
    )) {
      const replicaSet = pod.spec.owners.find(
        ({ kind, controller }) => controller && kind === 'ReplicaSet',
      );
      const { kind, name } = ownerOfPod(
        pod,
        replicaSet &&
          snapshot.get('ReplicaSet', pod.metadata.namespace, replicaSet.name),
      );
      const key = [kind, name, targetPort, server.mode, server.says].join('\n');
      workloads.set(key, { kind, name, targetPort, server });
    }
    const modes = new Set([...workloads.values()].map(w => w.server.mode));
    const [only] = modes;
    return {
      port: port.port,
      name: port.name,
      protocol: protocolOfPort(port),
      mode: modes.size > 1 ? 'MIXED' : only ?? 'UNKNOWN',
      workloads: [...workloads.values()],
    };
  });
}
