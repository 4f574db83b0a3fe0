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

import { asArray, asString, fieldAt } from '../kubernetes/object';
import type { ObjectReader } from '../kubernetes/storeTypes';
import type { ExternalTraffic } from '../mesh/externalTraffic';
import type { Flow } from './flow';
import type { LiveWorkload } from './liveMesh';

/** The namespace of the ServiceEntry that names a host. */
function registeredIn(store: ObjectReader, host: string): string | undefined {
  return store
    .list('serviceentries.networking.istio.io')
    .find(entry => asArray(fieldAt(entry.spec, 'hosts')).includes(host))
    ?.metadata.namespace;
}

/** May workloads of a namespace call hosts that nobody registered? Its Sidecar decides, else the mesh. */
function registryOnly(store: ObjectReader, namespace: string): boolean {
  const sidecar = store
    .list('sidecars.networking.istio.io', namespace)
    .find(({ spec }) => fieldAt(spec, 'workloadSelector') === undefined);
  const own = asString(fieldAt(sidecar?.spec, 'outboundTrafficPolicy', 'mode'));
  if (own !== undefined) {
    return own === 'REGISTRY_ONLY';
  }
  const mesh = store.get('configmaps', 'istio-system', 'istio');
  const text = asString(fieldAt(mesh?.data, 'mesh')) ?? '';
  return /outboundTrafficPolicy:\s*\{?\s*mode:\s*REGISTRY_ONLY/.test(text);
}

function destinationOf(
  store: ObjectReader,
  { from, host }: ExternalTraffic,
): Pick<Flow, 'namespace' | 'service' | 'code'> {
  const namespace = registeredIn(store, host);
  if (namespace !== undefined) {
    return { namespace, service: host, code: '200' };
  }
  return registryOnly(store, from.namespace)
    ? { namespace: 'unknown', service: 'BlackHoleCluster', code: '502' }
    : { namespace: 'unknown', service: 'PassthroughCluster', code: '200' };
}

/** What the sidecars of the callers see of calls that leave the cluster; nobody else reports them. */
export function externalFlows(
  store: ObjectReader,
  workloads: ReadonlyMap<string, LiveWorkload>,
  traffic: readonly ExternalTraffic[],
): Flow[] {
  return traffic.flatMap(external => {
    const { id, from, host, requestsPerSecond, latencyMs } = external;
    const client = workloads.get(`${from.namespace}/${from.workload}`);
    if (client?.proxy !== 'sidecar') {
      return [];
    }
    const destination = destinationOf(store, external);
    const refused = destination.service === 'BlackHoleCluster';
    return [
      {
        ...destination,
        host,
        edge: {
          id,
          from,
          to: { ...destination, port: 80 },
          protocol: 'http',
          requestsPerSecond,
          requestBytes: external.requestBytes,
          responseBytes: external.responseBytes,
        },
        client,
        perSecond: requestsPerSecond,
        grpcStatus: '',
        flags: '-',
        mutualTls: false,
        seenBy: { client: true, server: false },
        deniedByPolicy: false,
        latency: refused ? { p50: 1, p95: 4 } : latencyMs,
      },
    ];
  });
}
