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

import type { RootConfigService } from '@backstage/backend-plugin-api';
import { readDurationFromConfig, type Config } from '@backstage/config';
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';
import type { ServiceProxyTarget } from '../cluster';
import type { SloDefaults } from '../slo';
import { readSloDefaults } from './sloConfig';

/** Where and how metrics are read. */
export interface PrometheusConfig {
  /** Absent: through the API server's service proxy. */
  url?: URL;
  service: ServiceProxyTarget;
  /** The block was written, so that its absence is an error and not a default that did not fit. */
  explicit: boolean;
  enabled: boolean;
  headers: Readonly<Record<string, string>>;
  bearerTokenFile?: string;
  caFile?: string;
  scrapeSeconds: number;
  /** equality matchers by label */
  queryScope: Readonly<Record<string, string>>;
}

/** The `istio` block, checked. */
export interface IstioConfig {
  prometheus: PrometheusConfig;
  prometheusByCluster: ReadonlyMap<string, PrometheusConfig>;
  /** Absent: all clusters of the Kubernetes plugin. */
  clusters?: readonly string[];
  rootNamespace: string;
  /** Objectives of entities that state none. */
  slo: SloDefaults;
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function invalid(key: string, problem: string): Error {
  return new Error(`Invalid configuration: '${key}' ${problem}`);
}

function checkedName(key: string, value: string): string {
  if (!DNS_LABEL.test(value) || value.length > 63) {
    throw invalid(
      key,
      `must be a Kubernetes name (lower-case letters, digits and -), but is '${value}'`,
    );
  }
  return value;
}

function readUrl(config: Config | undefined, key: string): URL | undefined {
  const text = config?.getOptionalString('url');
  if (text === undefined) {
    return undefined;
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid(`${key}.url`, 'is not a URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(`${key}.url`, 'must begin with http:// or https://');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      `${key}.url`,
      `must not contain credentials: write them to ${key}.basicAuth`,
    );
  }
  return url;
}

function readHeaders(
  config: Config | undefined,
  key: string,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const extra = config?.getOptionalConfig('headers');
  for (const name of extra?.keys() ?? []) {
    if (!HEADER_NAME.test(name)) {
      throw invalid(`${key}.headers.${name}`, 'is not a name of a header');
    }
    headers[name.toLowerCase()] = extra?.getString(name) ?? '';
  }
  const tenant = config?.getOptionalString('tenant');
  if (tenant !== undefined) {
    headers['x-scope-orgid'] = tenant;
  }
  const bearer = config?.getOptionalString('bearerToken');
  const basic = config?.getOptionalConfig('basicAuth');
  if (bearer !== undefined && basic !== undefined) {
    throw invalid(key, 'has both bearerToken and basicAuth: keep one');
  }
  if (bearer !== undefined) {
    headers.authorization = `Bearer ${bearer}`;
  }
  if (basic !== undefined) {
    const pair = `${basic.getString('username')}:${basic.getString(
      'password',
    )}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return headers;
}

function readQueryScope(
  config: Config | undefined,
  key: string,
): Record<string, string> {
  const block = config?.getOptionalConfig('queryScope');
  const scope: Record<string, string> = {};
  for (const label of block?.keys() ?? []) {
    if (!LABEL_NAME.test(label)) {
      throw invalid(`${key}.queryScope.${label}`, 'is not a name of a label');
    }
    scope[label] = block?.getString(label) ?? '';
  }
  return scope;
}

function readScrapeSeconds(config: Config | undefined, key: string): number {
  if (!config?.has('scrapeInterval')) {
    return 30;
  }
  const duration: HumanDuration = readDurationFromConfig(config, {
    key: 'scrapeInterval',
  });
  const seconds = durationToMilliseconds(duration) / 1000;
  if (seconds < 1 || seconds > 600) {
    throw invalid(
      `${key}.scrapeInterval`,
      'must be between 1 second and 10 minutes',
    );
  }
  return seconds;
}

function readPrometheus(
  config: Config | undefined,
  key: string,
): PrometheusConfig {
  const url = readUrl(config, key);
  const service = config?.getOptionalConfig('service');
  if (url !== undefined && service !== undefined) {
    throw invalid(key, 'has both url and service: keep one');
  }
  const port = service?.getOptional('port') ?? 9090;
  const portText = String(port);
  if (!/^[a-z0-9-]{1,15}$/.test(portText)) {
    throw invalid(`${key}.service.port`, 'must be a number or name of a port');
  }
  const serviceKey = `${key}.service`;
  return {
    ...(url === undefined ? {} : { url }),
    service: {
      namespace: checkedName(
        `${serviceKey}.namespace`,
        service?.getOptionalString('namespace') ?? 'istio-system',
      ),
      service: checkedName(
        `${serviceKey}.name`,
        service?.getOptionalString('name') ?? 'prometheus',
      ),
      port: portText,
    },
    explicit: url !== undefined || service !== undefined,
    enabled: config?.getOptionalBoolean('enabled') ?? true,
    headers: readHeaders(config, key),
    bearerTokenFile: config?.getOptionalString('bearerTokenFile'),
    caFile: config?.getOptionalString('caFile'),
    scrapeSeconds: readScrapeSeconds(config, key),
    queryScope: readQueryScope(config, key),
  };
}

/**
 * Reads and checks the `istio` block; every value has a default, so that the plugin starts without the block.
 *
 * @throws Error naming the key that is wrong and what it must be
 */
export function readIstioConfig(root: RootConfigService): IstioConfig {
  const config = root.getOptionalConfig('istio');
  const clusters = config?.getOptionalConfigArray('clusters');
  const prometheusByCluster = new Map<string, PrometheusConfig>();
  const names: string[] = [];
  clusters?.forEach((cluster, index) => {
    const name = cluster.getString('name');
    if (names.includes(name)) {
      throw invalid(`istio.clusters[${index}].name`, `names '${name}' twice`);
    }
    names.push(name);
    const block = cluster.getOptionalConfig('prometheus');
    if (block) {
      prometheusByCluster.set(
        name,
        readPrometheus(block, `istio.clusters[${index}].prometheus`),
      );
    }
  });
  return {
    prometheus: readPrometheus(
      config?.getOptionalConfig('prometheus'),
      'istio.prometheus',
    ),
    prometheusByCluster,
    ...(clusters === undefined ? {} : { clusters: names }),
    rootNamespace: checkedName(
      'istio.rootNamespace',
      config?.getOptionalString('rootNamespace') ?? 'istio-system',
    ),
    slo: readSloDefaults(config),
  };
}
