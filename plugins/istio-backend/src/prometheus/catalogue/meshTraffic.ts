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

import { type Matcher, selector } from '../selector';
import { NO_PSEUDO_SERVICES } from './pseudoServices';
import { SERVICE_KEY, type SourceTemplate } from './template';

const SERVER_ERRORS: Matcher = {
  label: 'response_code',
  operator: '=~',
  value: [{ pattern: '5..' }],
};

const ENCRYPTED: Matcher = {
  label: 'connection_security_policy',
  operator: '=',
  value: 'mutual_tls',
};

/** Requests as the recording rules keep them, see manifests/prometheus. */
export const RECORDED_REQUESTS = 'istio_gs:requests:rate5m';

/**
 * Every service of the mesh, one row a service and reporter: requests per second (`all`), 5xx (`bad`) and those over
 * mutual TLS (`mtls`); connections opened per second (`tcp`) and those over mutual TLS (`tcpMtls`). Never asks for
 * buckets.
 */
export const meshTrafficTemplate: SourceTemplate<{
  window: '5m' | '1h';
  /** read requests from the recording rules: a few series a service, in place of those of every pod and caller */
  recorded?: true;
}> = {
  name: 'mesh-traffic',
  parts: (scope, { window, recorded }) => {
    const sum = (rates: string) =>
      `sum by (reporter, ${SERVICE_KEY}) (${rates})`;
    const series = (metric: string, more: readonly Matcher[]) =>
      selector(metric, [NO_PSEUDO_SERVICES, ...more], scope);
    const rate = (metric: string, ...more: Matcher[]) =>
      sum(`rate(${series(metric, more)}[${window}])`);
    const requests = (...more: Matcher[]) =>
      recorded
        ? sum(
            window === '5m'
              ? series(RECORDED_REQUESTS, more)
              : `avg_over_time(${series(RECORDED_REQUESTS, more)}[${window}])`,
          )
        : rate('istio_requests_total', ...more);
    const connections = 'istio_tcp_connections_opened_total';
    return {
      all: requests(),
      bad: requests(SERVER_ERRORS),
      mtls: requests(ENCRYPTED),
      tcp: rate(connections),
      tcpMtls: rate(connections, ENCRYPTED),
    };
  },
};
