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

export interface Config {
  /** What Istio does to the services of the catalog. The plugin works without this block. */
  istio?: {
    /** Where metrics are read. Default: the service `istio-system/prometheus:9090` of each cluster, through its API server. */
    prometheus?: IstioPrometheusConfig;
    /** Clusters to read, and what differs between them. Default: every cluster of the Kubernetes plugin. */
    clusters?: Array<{
      /** The name of the cluster in the Kubernetes plugin. */
      name: string;
      /** The Prometheus of this cluster, in place of `istio.prometheus`. */
      prometheus?: IstioPrometheusConfig;
    }>;
    /** The root namespace of the mesh (MeshConfig `rootNamespace`). Default: istio-system. */
    rootNamespace?: string;
    /**
     * Objectives of entities that state none with the annotation `backstage.io/istio-slo`. The pages say "default
     * target" then. A tier wins over a lifecycle. Default: 99.5 % of requests succeed over 30 days.
     */
    slo?: {
      /** The label of entities that holds their tier. Default: `tier` */
      tierLabel?: string;
      /** By the value of that label. */
      byTier?: { [tier: string]: IstioSloConfig };
      /** By `spec.lifecycle`. */
      byLifecycle?: { [lifecycle: string]: IstioSloConfig };
      /** Of all others. */
      default?: IstioSloConfig;
    };
  };
}

/** What a service promises. At least one of `availability` and `latency`. */
export interface IstioSloConfig {
  /** Percent of requests that succeed, from 50 to 99.999. */
  availability?: number | string;
  /** For example `99% < 500ms`. The threshold is rounded down to a bucket boundary. */
  latency?: string;
  /** Days or weeks, for example `30d`. Default: 30d */
  period?: string;
  /** `client` counts requests that never reached the service. Default: server */
  view?: 'server' | 'client';
  /** Response codes that count neither as good nor as bad, for example `403,429`. */
  exclude?: string;
}

/** How a Prometheus (or Thanos, Mimir, VictoriaMetrics) is asked. */
export interface IstioPrometheusConfig {
  /** Base address, without `/api/v1`. */
  url?: string;
  /** A Service with Prometheus inside the cluster, reached through the API server. Only without `url`. */
  service?: {
    /** Default: istio-system */
    namespace?: string;
    /** Default: prometheus */
    name?: string;
    /** Number or name of its port. Default: 9090 */
    port?: number | string;
  };
  /** Set to false for no metrics at all. */
  enabled?: boolean;
  /** @visibility secret */
  bearerToken?: string;
  /** A file with the bearer token; it is read again for every request. */
  bearerTokenFile?: string;
  basicAuth?: {
    username: string;
    /** @visibility secret */
    password: string;
  };
  /**
   * More headers, by name, for example of a tenant.
   * @deepVisibility secret
   */
  headers?: { [name: string]: string };
  /** Tenant, sent as `X-Scope-OrgID`. */
  tenant?: string;
  /** A file with the certificates of the authorities to trust, PEM. It is read again when it changes. */
  caFile?: string;
  /** The certificate to show (mutual TLS), PEM, with its key in `keyFile`. Both are read again when they change. */
  certFile?: string;
  keyFile?: string;
  /**
   * Sign requests as AWS wants it (Signature Version 4), for Amazon Managed Service for Prometheus. The credentials are
   * those of the block `aws`, see `@backstage/integration-aws-node`.
   */
  sigv4?: {
    /** For example eu-central-1 */
    region: string;
    /** Default: aps */
    service?: string;
    /** Default: the main account of the block `aws`. */
    accountId?: string;
  };
  /** Get a token with the client credentials grant of OAuth 2. */
  oauth2?: {
    tokenUrl: string;
    clientId: string;
    /** @visibility secret */
    clientSecret: string;
    scopes?: string[];
    audience?: string;
  };
  /** A name that a module of the back end has given to its tokens, with `istioPrometheusExtensionPoint`. */
  tokenProvider?: string;
  /** Link-local and cloud metadata addresses that may be asked; all others of these are refused. */
  allowedAddresses?: string[];
  /** The label that holds the name of the cluster, where this source has the metrics of several clusters. */
  clusterLabel?: string;
  /** Several sources in place of this one; each is a block like this. */
  sources?: IstioPrometheusConfig[];
  /**
   * What `sources` are to each other: `shards` scrape different targets and are added up, `replicas` scrape the same and
   * stand in for each other. Default: shards
   */
  combine?: 'shards' | 'replicas';
  /** How often Prometheus scrapes the proxies. Default: 30 seconds. */
  scrapeInterval?: {
    minutes?: number;
    seconds?: number;
  };
  /** Label matchers added to every query, by label, for example `{ job: kubernetes-pods }`. */
  queryScope?: { [label: string]: string };
}
