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

import type { DemoTopology } from '../mesh/topology';
import type { Labels } from '../prometheus/series';
import { EventCounter, FunctionSeries, Regime } from './counterSeries';
import { principalOf, type Flow } from './flow';
import type { LiveWorkload } from './liveMesh';

/** Envoy's default histogram boundaries. */
const BOUNDARIES = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000,
  300000, 600000, 1800000, 3600000,
];

/** Whose view of a request a series is. */
export type Reporter = 'source' | 'destination' | 'waypoint';

/** The workload whose proxy reports the flow in this role; `undefined` when nobody does. */
export function emitterOf(
  flow: Flow,
  reporter: Reporter,
): LiveWorkload | undefined {
  switch (reporter) {
    case 'source':
      return flow.seenBy.client ? flow.client : undefined;
    case 'destination':
      return flow.seenBy.server ? flow.server : undefined;
    default:
      return flow.seenBy.waypoint;
  }
}

/** The labels that one proxy (pod) puts on the metrics of a flow. */
export function flowLabels(
  topology: DemoTopology,
  flow: Flow,
  reporter: Reporter,
  pod: string,
): Labels {
  const { client, server, edge } = flow;
  const atServer = reporter !== 'source';
  const emitter = emitterOf(flow, reporter) ?? client;
  const knownClient = !atServer || flow.mutualTls;
  const ztunnel = edge.protocol === 'tcp' && emitter.proxy === 'ambient';
  const { namespace, service } = flow;
  const labels: Record<string, string> = {
    reporter,
    namespace: ztunnel ? 'istio-system' : emitter.namespace,
    pod: ztunnel ? 'ztunnel-demo' : pod,
    app: ztunnel ? 'ztunnel' : emitter.app,
    job: 'kubernetes-pods',
    instance: `${pod}:15020`,
    ...endLabels(
      topology,
      'source',
      knownClient ? client : undefined,
      flow.mutualTls,
    ),
    ...endLabels(topology, 'destination', server, flow.mutualTls),
    destination_service:
      flow.host ?? `${service}.${namespace}.svc.cluster.local`,
    destination_service_name: service,
    destination_service_namespace: namespace,
    request_protocol: edge.protocol,
    response_flags: flow.flags,
    connection_security_policy: securityPolicy(flow, atServer),
  };
  if (edge.protocol !== 'tcp') {
    labels.response_code = flow.code;
  }
  if (flow.grpcStatus !== '') {
    labels.grpc_response_status = flow.grpcStatus;
  }
  return labels;
}

function securityPolicy(flow: Flow, atServer: boolean): string {
  if (!atServer) {
    return 'unknown';
  }
  return flow.mutualTls ? 'mutual_tls' : 'none';
}

function endLabels(
  topology: DemoTopology,
  side: 'source' | 'destination',
  workload: LiveWorkload | undefined,
  mutualTls: boolean,
): Labels {
  const values = {
    workload: workload?.name,
    workload_namespace: workload?.namespace,
    principal:
      workload && mutualTls
        ? `spiffe://${principalOf(topology, workload)}`
        : undefined,
    app: workload?.app,
    version: workload?.version,
    canonical_service: workload?.app,
    canonical_revision: workload?.version,
    cluster: workload ? topology.clusterId : undefined,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `${side}_${name}`,
      value ??
        (name === 'canonical_revision' && !workload ? 'latest' : 'unknown'),
    ]),
  );
}

/** The share of a log-normal distribution, given by its median and 95th percentile, that is at most `x`. */
export function latencyShare(
  latency: { p50: number; p95: number },
  x: number,
): number {
  const sigma = Math.log(latency.p95 / latency.p50) / 1.6449;
  const z = (Math.log(x) - Math.log(latency.p50)) / sigma;
  return 1 / (1 + Math.exp(-1.702 * z));
}

/** A regime's weight never changes. */
function remembered(
  weight: (regime: Regime) => number,
): (regime: Regime) => number {
  const known = new WeakMap<Regime, number>();
  return regime => {
    const found = known.get(regime) ?? weight(regime);
    known.set(regime, found);
    return found;
  };
}

/** Every series that one proxy's counter of one label set gives rise to. */
export function seriesOfCounter(
  counter: EventCounter,
  labels: Labels,
  protocol: 'http' | 'grpc' | 'tcp',
): FunctionSeries[] {
  const lifetime = () => ({ from: counter.birth(), to: counter.end });
  const make = (
    name: string,
    weight: (regime: Regime) => number,
    more: Labels = {},
    base: Labels = labels,
  ) => {
    const weightOf = remembered(weight);
    return new FunctionSeries(
      { ...base, ...more, __name__: name },
      lifetime,
      time => Math.floor(counter.total(time, weightOf)),
      true,
    );
  };
  if (protocol === 'tcp') {
    return [
      make('istio_tcp_connections_opened_total', () => 1),
      make('istio_tcp_connections_closed_total', () => 0.98),
      make('istio_tcp_sent_bytes_total', r => r.responseBytes),
      make('istio_tcp_received_bytes_total', r => r.requestBytes),
    ];
  }
  const histogram = (
    name: string,
    share: (regime: Regime, bound: number) => number,
    mean: (regime: Regime) => number,
  ) => [
    ...BOUNDARIES.map(bound =>
      make(`${name}_bucket`, r => share(r, bound), { le: String(bound) }),
    ),
    make(`${name}_bucket`, () => 1, { le: '+Inf' }),
    make(`${name}_count`, () => 1),
    make(`${name}_sum`, mean),
  ];
  const sized = (bytes: number, bound: number) =>
    latencyShare({ p50: bytes, p95: bytes * 2 }, bound);
  const messages: Record<string, string> = { ...labels };
  delete messages.response_code;
  return [
    make('istio_requests_total', () => 1),
    ...histogram(
      'istio_request_duration_milliseconds',
      (r, bound) => r.latencyShare(bound),
      r => r.latencyMean,
    ),
    ...histogram(
      'istio_request_bytes',
      (r, bound) => sized(r.requestBytes, bound),
      r => r.requestBytes,
    ),
    ...histogram(
      'istio_response_bytes',
      (r, bound) => sized(r.responseBytes, bound),
      r => r.responseBytes,
    ),
    ...(protocol === 'grpc'
      ? [
          make('istio_request_messages_total', () => 1, {}, messages),
          make('istio_response_messages_total', () => 1, {}, messages),
        ]
      : []),
  ];
}
