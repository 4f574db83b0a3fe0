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

import { asString, fieldAt } from '../kubernetes/object';
import type { ObjectReader } from '../kubernetes/storeTypes';
import type { Labels, Series } from '../prometheus/series';
import { EventCounter, FunctionSeries, type Regime } from './counterSeries';
import type { Flow } from './flow';

/** What Envoy counts of a cluster, and which flows it counts. */
const COUNTERS: Readonly<Record<string, (flow: Flow) => boolean>> = {
  envoy_cluster_upstream_rq_total: ({ server }) => server !== undefined,
  // Istio retries 503 twice by default, in vain where every try fails.
  envoy_cluster_upstream_rq_retry: ({ code }) => code === '503',
  envoy_cluster_upstream_rq_retry_success: () => false,
  envoy_cluster_upstream_rq_retry_overflow: () => false,
  envoy_cluster_upstream_rq_retry_limit_exceeded: ({ flags }) =>
    flags.includes('URX'),
  envoy_cluster_upstream_rq_pending_overflow: ({ flags }) =>
    flags.includes('UO'),
  envoy_cluster_upstream_rq_timeout: ({ flags }) => flags.includes('UT'),
  envoy_cluster_upstream_cx_overflow: () => false,
  envoy_cluster_outlier_detection_ejections_enforced_total: () => false,
};

/** What is so now; nothing is ever ejected or full in the demo. */
const GAUGES: Readonly<Record<string, (endpoints: number) => number>> = {
  envoy_cluster_circuit_breakers_default_rq_pending_open: () => 0,
  envoy_cluster_circuit_breakers_default_cx_open: () => 0,
  envoy_cluster_outlier_detection_ejections_active: () => 0,
  envoy_cluster_membership_healthy: endpoints => endpoints,
  envoy_cluster_membership_total: endpoints => endpoints,
};

interface Cluster {
  pod: string;
  counters: Map<string, EventCounter>;
  endpoints: Map<string, number>;
}

/** Does the pod's proxy export the statistics of its clusters? By default Istio leaves them out. */
export function exportsClusters(
  store: ObjectReader,
  namespace: string,
  pod: string,
): boolean {
  const config = fieldAt(
    store.get('pods', namespace, pod)?.metadata,
    'annotations',
    'proxy.istio.io/config',
  );
  return asString(config).includes('proxyStatsMatcher');
}

/** The statistics of the clusters of proxies that export them. */
export class ClusterStatistics {
  readonly #clusters = new Map<string, Cluster>();

  /** @param since - from when on there are samples, milliseconds */
  constructor(private readonly since: number) {}

  /**
   * Counts a flow in the statistics of the client's pod.
   *
   * @returns series that are new
   */
  record(flow: Flow, pod: string, regime: Regime): Series[] {
    const { namespace, service, edge, server } = flow;
    const name = `outbound|${edge.to.port}||${service}.${namespace}.svc.cluster.local`;
    const key = `${flow.client.namespace}/${pod} ${name}`;
    const known = this.#clusters.get(key);
    const cluster = known ?? {
      pod: `${flow.client.namespace}/${pod}`,
      counters: new Map(
        Object.keys(COUNTERS).map(metric => [metric, new EventCounter()]),
      ),
      endpoints: new Map<string, number>(),
    };
    this.#clusters.set(key, cluster);
    if (server) cluster.endpoints.set(server.name, server.pods.length);
    for (const [metric, counts] of Object.entries(COUNTERS)) {
      if (counts(flow)) cluster.counters.get(metric)?.regimes.push(regime);
    }
    return known ? [] : this.#series(cluster, labelsOf(flow, pod, name));
  }

  /** Ends the regimes of all clusters; those of pods that are gone end with them. */
  endRegimes(time: number, pods: ReadonlySet<string>): void {
    for (const { pod, counters, endpoints } of this.#clusters.values()) {
      endpoints.clear();
      for (const counter of counters.values()) {
        for (const regime of counter.regimes) {
          regime.to = Math.min(regime.to, time);
        }
        if (!pods.has(pod)) counter.end = Math.min(counter.end, time);
        counter.changed();
      }
    }
  }

  #series({ counters, endpoints }: Cluster, labels: Labels): Series[] {
    const [first] = counters.values();
    const lifetime = () => ({ from: this.since, to: first.end });
    return [
      ...[...counters].map(
        ([metric, counter]) =>
          new FunctionSeries(
            { ...labels, __name__: metric },
            lifetime,
            time => Math.floor(counter.total(time)),
            true,
          ),
      ),
      ...Object.entries(GAUGES).map(
        ([metric, value]) =>
          new FunctionSeries(
            { ...labels, __name__: metric },
            lifetime,
            () => value([...endpoints.values()].reduce((a, b) => a + b, 0)),
            false,
          ),
      ),
    ];
  }
}

function labelsOf({ client }: Flow, pod: string, cluster: string): Labels {
  return {
    cluster_name: cluster,
    namespace: client.namespace,
    pod,
    app: client.app,
    job: 'kubernetes-pods',
    instance: `${pod}:15020`,
  };
}
