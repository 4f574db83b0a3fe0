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

import type { PrometheusStatus } from '@mesh-portal/backstage-plugin-istio-common';
import type { ClusterConnection } from '../cluster';
import type { IstioConfig, PrometheusConfig } from '../config';
import { QueryEngine, type Queries } from './engine';
import { PrometheusClient } from './PrometheusClient';
import { quote } from './selector';
import { serviceProxyTransport, urlTransport } from './transports';

/** The source of one cluster's metrics. */
export interface PrometheusSource {
  queries: Queries;
  /** it was configured, so its absence is an error and not a default that did not fit */
  explicit: boolean;
}

export interface PrometheusSourcesOptions {
  config: IstioConfig;
  connectionOf: (cluster: string) => ClusterConnection | undefined;
  /** epoch milliseconds */
  now?: () => number;
}

/** Which source serves which cluster. Clusters of the same address share one, with its cache and limits. */
export class PrometheusSources {
  readonly #options: PrometheusSourcesOptions;
  readonly #byCluster = new Map<string, PrometheusSource | undefined>();
  readonly #byConfig = new Map<PrometheusConfig, PrometheusSource>();

  constructor(options: PrometheusSourcesOptions) {
    this.#options = options;
  }

  /** Undefined where `istio.prometheus.enabled` is false. */
  of(cluster: string): PrometheusSource | undefined {
    if (!this.#byCluster.has(cluster)) {
      this.#byCluster.set(cluster, this.#create(cluster));
    }
    return this.#byCluster.get(cluster);
  }

  /** What is known of the sources from the queries of their pages; nothing is sent. */
  status(clusters: readonly string[]): PrometheusStatus[] {
    return clusters.map(cluster => {
      const source = this.of(cluster);
      if (!source) {
        return {
          source: 'none',
          clusters: [cluster],
          state: 'not-configured',
          message: 'istio.prometheus.enabled is false',
        };
      }
      const { name, lastError } = source.queries;
      return {
        source: name,
        clusters: [cluster],
        state: lastError ? 'unavailable' : 'ok',
        ...(lastError && { message: lastError.message }),
      };
    });
  }

  #create(cluster: string): PrometheusSource | undefined {
    const { config, connectionOf, now } = this.#options;
    const own = config.prometheusByCluster.get(cluster) ?? config.prometheus;
    if (!own.enabled) return undefined;
    const shared = this.#byConfig.get(own);
    if (shared) return shared;
    const transport = own.url
      ? urlTransport({ ...own, url: own.url })
      : serviceProxyTransport(
          () => connectionOf(cluster),
          cluster,
          own.service,
        );
    const source: PrometheusSource = {
      queries: new QueryEngine({
        client: new PrometheusClient({ transport }),
        scope: Object.entries(own.queryScope).map(
          ([label, value]) => `${label}=${quote(value)}`,
        ),
        now,
      }),
      explicit: own.explicit,
    };
    if (own.url) this.#byConfig.set(own, source);
    return source;
  }
}
