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
  labelsOfWorkloadEntry,
  workloadsOfServiceEntry,
  type Client,
} from '../membership';
import { acceptsMeshMtls, proxyOfPod } from '../membership/podProxy';
import type {
  SlimObjectByKind,
  StringMap,
  WorkloadEntrySpec,
} from '../objects';
import type { MeshSnapshot } from '../snapshot';
import {
  effectivePolicies,
  peerAuthenticationScopes,
} from './peerAuthentication';
import {
  serverModeOfPod,
  sidecarServerMode,
  type ServerMode,
} from './serverMode';
import { transportTo, type Receiver, type SentTransport } from './transport';

type ServiceEntry = SlimObjectByKind['ServiceEntry'];

/** One endpoint of a ServiceEntry with what a client sends it. */
export interface EntryTransport {
  /** address, or the name of the pod or WorkloadEntry that it selects */
  endpoint: string;
  targetPort: number;
  sent: SentTransport;
  /** What it accepts, where that can be known: pods and machines of the mesh. */
  server: ServerMode;
}

/**
 * Is a machine taken for able to speak mesh mTLS? Its label `security.istio.io/tlsMode` says so, else whether it has a service
 * account. R2.13
 */
export function machineAcceptsMeshMtls(
  labels: StringMap,
  serviceAccount: string | undefined,
): boolean {
  const mode = labels['security.istio.io/tlsMode'];
  return mode === undefined
    ? serviceAccount !== undefined && serviceAccount !== ''
    : mode === 'istio';
}

const OUTSIDE: ServerMode = {
  mode: 'NONE',
  says: 'No proxy of the mesh is known in front of it',
};

interface Endpoint extends Receiver {
  name: string;
  targetPort: number;
}

function machine(
  snapshot: MeshSnapshot,
  namespace: string,
  name: string,
  labels: StringMap,
  spec: WorkloadEntrySpec,
  targetPort: number,
): Endpoint {
  const mutualTls = machineAcceptsMeshMtls(labels, spec.serviceAccount);
  const policies = effectivePolicies(
    peerAuthenticationScopes(snapshot, namespace),
    labels,
  );
  return {
    name,
    targetPort,
    mutualTls,
    hbone: (labels['networking.istio.io/tunnel'] ?? '')
      .split(',')
      .includes('http'),
    server: mutualTls ? sidecarServerMode(policies, targetPort) : OUTSIDE,
  };
}

function endpointsOf(
  snapshot: MeshSnapshot,
  entry: ServiceEntry,
  port: { name?: string; number: number; targetPort?: number },
): Endpoint[] {
  const { namespace } = entry.metadata;
  const numbered = port.targetPort || port.number;
  const portAt = (ports: WorkloadEntrySpec['ports']) =>
    ports?.[port.name ?? ''] ?? numbered;
  const inline = (entry.spec.endpoints ?? []).map(spec =>
    machine(
      snapshot,
      namespace,
      spec.address ?? '',
      spec.labels ?? {},
      spec,
      portAt(spec.ports),
    ),
  );
  const selected = workloadsOfServiceEntry(snapshot, entry).flatMap(
    ({ workloadEntry, pods }) =>
      workloadEntry
        ? [
            machine(
              snapshot,
              namespace,
              workloadEntry.metadata.name,
              labelsOfWorkloadEntry(workloadEntry),
              workloadEntry.spec,
              portAt(workloadEntry.spec.ports),
            ),
          ]
        : pods.map(pod => ({
            name: pod.metadata.name,
            targetPort: numbered,
            mutualTls: acceptsMeshMtls(pod),
            hbone: proxyOfPod(pod).hbone,
            server: serverModeOfPod(snapshot, pod, numbered),
          })),
  );
  return [...inline, ...selected];
}

/**
 * What a client sends to the endpoints of a ServiceEntry: a service outside the mesh never gets mutual TLS by itself; one inside
 * does where its endpoints are known to take it. Hosts that DNS resolves are endpoints of which nothing is known. R3.9, R8.13
 *
 * @param host - one of the hosts of the ServiceEntry
 */
export function transportsToServiceEntry(
  snapshot: MeshSnapshot,
  client: Client,
  entry: ServiceEntry,
  host: string,
  portNumber: number,
): EntryTransport[] {
  const port = entry.spec.ports?.find(({ number }) => number === portNumber);
  if (port === undefined) {
    return [];
  }
  const known = endpointsOf(snapshot, entry, port);
  const endpoints =
    known.length > 0
      ? known
      : [
          {
            name: host,
            targetPort: port.targetPort || port.number,
            mutualTls: false,
            hbone: false,
            server: OUTSIDE,
          },
        ];
  const sends = transportTo(
    snapshot,
    client,
    {
      namespace: entry.metadata.namespace,
      host,
      headless: (entry.spec.resolution ?? 'NONE') === 'NONE',
      meshExternal: entry.spec.location !== 'MESH_INTERNAL',
      entry,
    },
    portNumber,
    endpoints,
  );
  return endpoints.map(endpoint => ({
    endpoint: endpoint.name,
    targetPort: endpoint.targetPort,
    sent: sends(endpoint),
    server: endpoint.server,
  }));
}
