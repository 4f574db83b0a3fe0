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

import { parseAllDocuments } from 'yaml';
import { serverModeOfPod } from '../../src/mtls';
import { protocolOfPort } from '../../src/identity';
import {
  projectObject,
  type MeshObject,
  type StringMap,
} from '../../src/objects';
import { isSubset, snapshotOf, type SnapshotStore } from '../../src/snapshot';
import type { TableAdapter } from '../corpus';
import { difference } from './routingCase';

interface Call {
  port: number;
  tls: 'plaintext' | 'mtls' | 'tls';
}

interface SimulationCase {
  proxy: { labels: StringMap };
  config: string;
  calls: readonly {
    name: string;
    call: Call;
    result: { error?: string; clusterMatched?: string };
  }[];
}

const NAMESPACE = 'default';

/** The address every simulated proxy has. */
const PROXY_ADDRESS = '1.1.1.1';

function objectsOf(yaml: string): MeshObject[] {
  return parseAllDocuments(yaml).flatMap(document => {
    const raw: unknown = document.toJS();
    return projectObject(raw) ?? [];
  });
}

function sidecarPod(labels: StringMap): MeshObject[] {
  const pod = projectObject({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'proxy', namespace: NAMESPACE, labels },
    spec: {
      containers: [
        { name: 'app', image: 'app' },
        { name: 'istio-proxy', image: 'proxyv2' },
      ],
    },
    status: { phase: 'Running' },
  });
  return pod ? [pod] : [];
}

/** Is the port declared as HTTP by a service of which the proxy is an endpoint? */
function isDeclaredHttp(
  snapshot: SnapshotStore,
  labels: StringMap,
  port: number,
): boolean {
  return snapshot
    .list('ServiceEntry')
    .filter(({ spec }) =>
      (spec.endpoints ?? []).some(
        ({ address, labels: own }) =>
          address === PROXY_ADDRESS ||
          (own !== undefined && isSubset(own, labels)),
      ),
    )
    .flatMap(({ spec }) => spec.ports ?? [])
    .some(
      declared =>
        (declared.targetPort ?? declared.number) === port &&
        protocolOfPort({ name: declared.protocol ?? '' }) === 'http',
    );
}

function outcomeOfCall(
  snapshot: SnapshotStore,
  labels: StringMap,
  { port, tls }: Call,
): string {
  const [pod] = snapshot.list('Pod');
  const { mode } = serverModeOfPod(snapshot, pod, port);
  if (mode === 'STRICT' && tls === 'plaintext') {
    return 'ErrNoFilterChain';
  }
  return mode === 'DISABLE' &&
    tls === 'mtls' &&
    isDeclaredHttp(snapshot, labels, port)
    ? 'ErrProtocolError'
    : 'reached';
}

function simulate(raw: unknown): string | undefined {
  const { proxy, config, calls } = raw as SimulationCase;
  const snapshot = snapshotOf([
    ...objectsOf(config),
    ...sidecarPod(proxy.labels),
  ]);
  return difference(
    calls.map(({ name, result }) => [name, result.error ?? 'reached']),
    calls.map(({ name, call }) => [
      name,
      outcomeOfCall(snapshot, proxy.labels, call),
    ]),
  );
}

/** What a sidecar accepts, by port and kind of connection. */
export const peerAuthenticationSimulationTests: TableAdapter = {
  tests: {
    TestPeerAuthenticationPassthrough: simulate,
    TestPeerAuthenticationWithSidecar: simulate,
  },
};
