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

import type { ClusterConnection, ServiceProxyTarget } from '../../cluster';
import type { PrometheusTransport } from '../PrometheusClient';
import { PrometheusError } from '../response';

/** Node.js, in front of the API server, takes 16 KiB of address and headers; the token is one of them. */
const MAX_QUERY_BYTES = 12 * 1024;

/**
 * Reaches a source through the API server's service proxy, with the cluster's own credentials. Always `GET`: nothing
 * but reads may pass there.
 */
export function serviceProxyTransport(
  connection: () => ClusterConnection | undefined,
  cluster: string,
  target: ServiceProxyTarget,
): PrometheusTransport {
  return {
    name: `Prometheus (service ${target.namespace}/${target.service} of cluster ${cluster})`,
    maxQueryBytes: MAX_QUERY_BYTES,
    async request({ path, form, signal }) {
      const found = connection();
      if (!found) {
        throw new PrometheusError('unreachable', 'the cluster is not known');
      }
      const answer = await found.getThroughServiceProxy(
        target,
        `/api/v1/${path}`,
        form,
        signal,
      );
      if (answer.status === 404) {
        await answer.body?.cancel();
        throw new PrometheusError(
          'unreachable',
          `there is no service ${target.namespace}/${target.service} in the cluster: write its address to istio.prometheus.url, or its name to istio.prometheus.service`,
        );
      }
      if (answer.status === 403) {
        await answer.body?.cancel();
        throw new PrometheusError(
          'unauthorized',
          `the cluster role lacks "get" on services/proxy in namespace ${target.namespace}`,
        );
      }
      return answer;
    },
  };
}
