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

/**
 * Every service of the mesh, one row a service and reporter: requests per second (`all`), 5xx (`bad`) and those over
 * mutual TLS (`mtls`); connections opened per second (`tcp`) and those over mutual TLS (`tcpMtls`). Never asks for
 * buckets.
 */
export const meshTrafficTemplate: SourceTemplate<{ window: '5m' | '1h' }> = {
  name: 'mesh-traffic',
  parts: (scope, { window }) => {
    const rate = (metric: string, ...more: Matcher[]) =>
      `sum by (reporter, ${SERVICE_KEY}) (rate(${selector(
        metric,
        [NO_PSEUDO_SERVICES, ...more],
        scope,
      )}[${window}]))`;
    const requests = 'istio_requests_total';
    const connections = 'istio_tcp_connections_opened_total';
    return {
      all: rate(requests),
      bad: rate(requests, SERVER_ERRORS),
      mtls: rate(requests, ENCRYPTED),
      tcp: rate(connections),
      tcpMtls: rate(connections, ENCRYPTED),
    };
  },
};
