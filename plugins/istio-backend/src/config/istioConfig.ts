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
import type { SloDefaults } from '../slo';
import { checkedName, invalid } from './invalidConfiguration';
import { readPrometheus, type PrometheusConfig } from './prometheusConfig';
import { readSloDefaults } from './sloConfig';

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
