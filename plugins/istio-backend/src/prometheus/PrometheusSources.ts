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

import { createHash } from 'node:crypto';
import type { CacheService } from '@backstage/backend-plugin-api';
import type { PrometheusStatus } from '@mesh-portal/backstage-plugin-istio-common';
import type { ClusterConnection } from '../cluster';
import type { IstioConfig, PrometheusConfig } from '../config';
import {
  AnswerCache,
  Failures,
  QueryEngine,
  type QueryObserver,
  type Queries,
  ReplicatedQueries,
  sharedAnswers,
  ShardedQueries,
} from './engine';
import type { Source } from './entityAnswers';
import { PrometheusClient } from './PrometheusClient';
import { quote } from './selector';
import type { TokenProviders } from './tokenProviders';
import { type AwsCredentialsOf, createTransport } from './transport';

/** The metrics of one cluster. */
export interface PrometheusSource extends Source {
  /** it was configured, so its absence is an error and not a default that did not fit */
  explicit: boolean;
}

export interface PrometheusSourcesOptions {
  config: IstioConfig;
  connectionOf: (cluster: string) => ClusterConnection | undefined;
  /** the portal's cache, where replicas share it; absent: each keeps its own answers only */
  cache?: CacheService;
  awsCredentialsOf?: AwsCredentialsOf;
  tokenProviders?: TokenProviders;
  observer?: QueryObserver;
  /** epoch milliseconds */
  now?: () => number;
}

/** What clusters of the same address share: its connections, limits and breaker. */
interface Reached {
  client: PrometheusClient;
  failures: Failures;
}

/** Which sources serve which cluster. */
export class PrometheusSources {
  readonly #options: PrometheusSourcesOptions;
  readonly #byCluster = new Map<string, PrometheusSource | undefined>();
  readonly #byConfig = new Map<PrometheusConfig, Reached>();
  readonly #engines = new Map<string, QueryEngine>();
  readonly #answers = new AnswerCache();

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
    const { config } = this.#options;
    const own = config.prometheusByCluster.get(cluster) ?? config.prometheus;
    if (!own.enabled) return undefined;
    const all = (own.sources ?? [own])
      .filter(({ enabled }) => enabled)
      .map(source => this.#engine(source, cluster));
    if (all.length === 0) return undefined;
    return {
      queries: combined(all, own.combine),
      learned: {},
      explicit: own.explicit,
    };
  }

  #engine(config: PrometheusConfig, cluster: string): QueryEngine {
    const scope = scopeOf(config, cluster);
    const id = idOf(config, cluster, scope);
    const known = this.#engines.get(id);
    if (known) return known;
    const { cache, observer, now } = this.#options;
    const engine = new QueryEngine({
      ...this.#reach(config, cluster),
      id,
      scope,
      scrapeSeconds: config.scrapeSeconds,
      cache: this.#answers,
      shared: cache && sharedAnswers(cache, id),
      observer,
      now,
    });
    this.#engines.set(id, engine);
    return engine;
  }

  #reach(config: PrometheusConfig, cluster: string): Reached {
    const shared = this.#byConfig.get(config);
    if (shared) return shared;
    const { connectionOf, awsCredentialsOf, tokenProviders, observer } =
      this.#options;
    const transport = createTransport({
      config,
      cluster,
      connection: () => connectionOf(cluster),
      awsCredentialsOf,
      tokenProviders,
    });
    const reached = {
      client: new PrometheusClient({
        transport,
        onWaited: seconds => observer?.waited(seconds),
      }),
      failures: new Failures(),
    };
    // Through the API server, every cluster has a service of its own behind the same block.
    if (config.url) this.#byConfig.set(config, reached);
    return reached;
  }
}

function combined(
  all: readonly Queries[],
  how: PrometheusConfig['combine'],
): Queries {
  if (all.length === 1) return all[0];
  return how === 'replicas'
    ? new ReplicatedQueries(all)
    : new ShardedQueries(all);
}

/** Matchers that every selector about proxies gets. */
function scopeOf(
  { queryScope, clusterLabel }: PrometheusConfig,
  cluster: string,
): string[] {
  const labels = Object.entries(queryScope);
  if (clusterLabel !== undefined) labels.push([clusterLabel, cluster]);
  return labels.map(([label, value]) => `${label}=${quote(value)}`);
}

/** Tells address, tenant and scope apart, without showing them. */
function idOf(
  config: PrometheusConfig,
  cluster: string,
  scope: readonly string[],
): string {
  const { url, service, headers } = config;
  const where = url ? [url.href] : [cluster, service];
  return createHash('sha256')
    .update(
      JSON.stringify([
        where,
        headers['x-scope-orgid'],
        scope,
        config.scrapeSeconds,
      ]),
    )
    .digest('hex')
    .slice(0, 16);
}
