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

import { readDurationFromConfig, type Config } from '@backstage/config';
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';
import type { ServiceProxyTarget } from '../cluster';
import { checkedName, invalid } from './invalidConfiguration';
import {
  readAuthentication,
  readHeaders,
  type PrometheusAuthentication,
} from './prometheusAuthentication';
import { readAddress } from './readAddress';

/** Files of certificates, PEM; read again when they change. */
export interface TlsFiles {
  /** authorities to trust */
  caFile?: string;
  /** the certificate we show, with its key */
  certFile?: string;
  keyFile?: string;
}

/** Where and how metrics are read. */
export interface PrometheusConfig {
  /** Absent: through the API server's service proxy. */
  url?: URL;
  service: ServiceProxyTarget;
  /** The block was written, so that its absence is an error and not a default that did not fit. */
  explicit: boolean;
  enabled: boolean;
  headers: Readonly<Record<string, string>>;
  authentication: PrometheusAuthentication;
  tls: TlsFiles;
  /** link-local and metadata addresses that may be asked all the same */
  allowedAddresses: readonly string[];
  scrapeSeconds: number;
  /** equality matchers by label */
  queryScope: Readonly<Record<string, string>>;
  /** the label that holds the cluster's name, where the source has several clusters */
  clusterLabel?: string;
  /** Sources in place of this one; absent: there is one. */
  sources?: readonly PrometheusConfig[];
  /** What several sources are to each other. */
  combine: 'shards' | 'replicas';
}

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function readQueryScope(
  config: Config | undefined,
  key: string,
): Record<string, string> {
  const block = config?.getOptionalConfig('queryScope');
  const scope: Record<string, string> = {};
  for (const label of block?.keys() ?? []) {
    checkLabel(label, `${key}.queryScope.${label}`);
    scope[label] = block?.getString(label) ?? '';
  }
  return scope;
}

function checkLabel(label: string, key: string): void {
  if (!LABEL_NAME.test(label)) throw invalid(key, 'is not a name of a label');
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

function readService(
  config: Config | undefined,
  key: string,
): ServiceProxyTarget {
  const port = String(config?.getOptional('port') ?? 9090);
  if (!/^[a-z0-9-]{1,15}$/.test(port)) {
    throw invalid(`${key}.port`, 'must be a number or name of a port');
  }
  return {
    namespace: checkedName(
      `${key}.namespace`,
      config?.getOptionalString('namespace') ?? 'istio-system',
    ),
    service: checkedName(
      `${key}.name`,
      config?.getOptionalString('name') ?? 'prometheus',
    ),
    port,
  };
}

function readTls(config: Config | undefined, key: string): TlsFiles {
  const files: TlsFiles = {};
  for (const name of ['caFile', 'certFile', 'keyFile'] as const) {
    const file = config?.getOptionalString(name);
    if (file !== undefined) files[name] = file;
  }
  if ((files.certFile === undefined) !== (files.keyFile === undefined)) {
    throw invalid(key, 'needs certFile and keyFile together');
  }
  return files;
}

function readSources(
  config: Config | undefined,
  key: string,
): PrometheusConfig[] | undefined {
  const blocks = config?.getOptionalConfigArray('sources');
  if (!config || !blocks) return undefined;
  const beside = config
    .keys()
    .find(name => !['sources', 'combine', 'enabled'].includes(name));
  if (beside !== undefined) {
    throw invalid(
      `${key}.${beside}`,
      `does nothing beside ${key}.sources: write it to each of them`,
    );
  }
  if (blocks.length === 0) throw invalid(`${key}.sources`, 'is empty');
  return blocks.map((block, index) => {
    const own = `${key}.sources[${index}]`;
    if (block.has('sources')) {
      throw invalid(`${own}.sources`, 'cannot be inside of sources');
    }
    return readPrometheus(block, own);
  });
}

function readCombine(
  config: Config | undefined,
  key: string,
): PrometheusConfig['combine'] {
  const text = config?.getOptionalString('combine') ?? 'shards';
  if (text !== 'shards' && text !== 'replicas') {
    throw invalid(`${key}.combine`, 'must be shards or replicas');
  }
  return text;
}

/**
 * Reads a block about Prometheus.
 *
 * @throws Error naming the key that is wrong and what it must be
 */
export function readPrometheus(
  config: Config | undefined,
  key: string,
): PrometheusConfig {
  const text = config?.getOptionalString('url');
  const service = config?.getOptionalConfig('service');
  if (text !== undefined && service !== undefined) {
    throw invalid(key, 'has both url and service: keep one');
  }
  const url =
    text === undefined
      ? undefined
      : readAddress(text, `${key}.url`, `${key}.basicAuth`);
  const sources = readSources(config, key);
  const clusterLabel = config?.getOptionalString('clusterLabel');
  if (clusterLabel !== undefined) {
    checkLabel(clusterLabel, `${key}.clusterLabel`);
  }
  return {
    ...(url && { url }),
    service: readService(service, `${key}.service`),
    explicit:
      url !== undefined || service !== undefined || sources !== undefined,
    enabled: config?.getOptionalBoolean('enabled') ?? true,
    headers: readHeaders(config, key),
    authentication: readAuthentication(config, key),
    tls: readTls(config, key),
    allowedAddresses: config?.getOptionalStringArray('allowedAddresses') ?? [],
    scrapeSeconds: readScrapeSeconds(config, key),
    queryScope: readQueryScope(config, key),
    ...(clusterLabel !== undefined && { clusterLabel }),
    ...(sources && { sources }),
    combine: readCombine(config, key),
  };
}
