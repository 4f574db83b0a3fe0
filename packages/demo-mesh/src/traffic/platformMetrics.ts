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
import type { Series } from '../prometheus/series';
import { FunctionSeries } from './counterSeries';

/** What the platform says of each pod: scraped, its proxy's build, its containers' use of processor and memory. */
export function platformSeries(store: ObjectReader, since: number): Series[] {
  const series: Series[] = [];
  const add = (
    name: string,
    labels: { [label: string]: string },
    valueAt: (seconds: number) => number,
    isCounter: boolean,
  ) =>
    series.push(
      new FunctionSeries(
        { ...labels, __name__: name },
        () => ({ from: since, to: Infinity }),
        time => valueAt((time - since) / 1000),
        isCounter,
      ),
    );
  for (const pod of store.list('pods')) {
    const { namespace = '', name } = pod.metadata;
    const target = {
      namespace,
      pod: name,
      job: 'kubernetes-pods',
      instance: `${name}:15020`,
    };
    const containers = [
      ...asArray(fieldAt(pod.spec, 'containers')),
      ...asArray(fieldAt(pod.spec, 'initContainers')),
    ];
    for (const entry of containers) {
      const container = asString(fieldAt(entry, 'name'));
      const image = asString(fieldAt(entry, 'image')) || 'unknown';
      if (container === 'istio-init') {
        continue;
      }
      const isProxy = container === 'istio-proxy';
      const usage = isProxy ? 0.02 : 0.08;
      const where = { namespace, pod: name, container };
      const cadvisor = { ...where, image, job: 'kubernetes-cadvisor' };
      const state = { ...where, job: 'kube-state-metrics' };
      add('container_cpu_usage_seconds_total', cadvisor, s => s * usage, true);
      add(
        'container_cpu_cfs_periods_total',
        cadvisor,
        s => Math.floor(s * 10),
        true,
      );
      add(
        'container_cpu_cfs_throttled_periods_total',
        cadvisor,
        s => Math.floor(s * 0.1),
        true,
      );
      add(
        'container_memory_working_set_bytes',
        cadvisor,
        () => (isProxy ? 60e6 : 180e6),
        false,
      );
      add('kube_pod_container_status_restarts_total', state, () => 0, true);
      const limits = fieldAt(entry, 'resources', 'limits');
      for (const resource of ['cpu', 'memory']) {
        const limit = quantity(asString(fieldAt(limits, resource)));
        if (limit !== undefined) {
          add(
            'kube_pod_container_resource_limits',
            { ...state, resource },
            () => limit,
            false,
          );
        }
      }
      if (isProxy) {
        const tag = /:([^:@]+)(?:@.*)?$/.exec(image)?.[1] ?? 'unknown';
        add('up', target, () => 1, false);
        add(
          'istio_build',
          { ...target, component: 'proxy', tag },
          () => 1,
          false,
        );
      }
    }
    if (pod.metadata.labels?.app === 'istiod') {
      const istiod = { ...target, app: 'istiod', instance: `${name}:15014` };
      add('up', istiod, () => 1, false);
      add('pilot_xds', istiod, () => store.list('pods').length, false);
      add(
        'citadel_server_root_cert_expiry_timestamp',
        istiod,
        () => since / 1000 + 3650 * 86_400,
        false,
      );
    }
  }
  return series;
}

const SUFFIXES: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** A Kubernetes quantity as a number; `undefined` when there is none. */
function quantity(text: string): number | undefined {
  const match = /^([\d.]+)(m|k|M|G|Ki|Mi|Gi)?$/.exec(text);
  return match ? Number(match[1]) * SUFFIXES[match[2] ?? ''] : undefined;
}
