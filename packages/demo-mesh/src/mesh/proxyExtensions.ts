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

import { seed, type SeedObject } from './workloads';

/** What acts on proxies beside routes and policies: patches, code, tracing, logs, threads. */
export function proxyExtensionSeeds(): readonly SeedObject[] {
  return [
    // A limit of its own in front of the payment API: what the cards say of it is advisory.
    seed('envoyfilters.networking.istio.io', 'payments', 'payment-api-limit', {
      spec: {
        workloadSelector: { labels: { app: 'payment-api' } },
        configPatches: [
          {
            applyTo: 'HTTP_FILTER',
            match: {
              context: 'SIDECAR_INBOUND',
              listener: {
                filterChain: {
                  filter: {
                    name: 'envoy.filters.network.http_connection_manager',
                  },
                },
              },
            },
            patch: {
              operation: 'INSERT_BEFORE',
              value: {
                name: 'envoy.filters.http.local_ratelimit',
                typed_config: {
                  '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct',
                  type_url:
                    'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
                  value: { stat_prefix: 'payment_api_limit' },
                },
              },
            },
          },
        ],
      },
    }),
    // Code in the proxies of the login.
    seed('wasmplugins.extensions.istio.io', 'identity', 'device-check', {
      spec: {
        selector: { matchLabels: { app: 'login' } },
        url: 'oci://registry.demo.example/device-check:1.4',
        phase: 'AUTHZ',
        failStrategy: 'FAIL_OPEN',
      },
    }),
    seed('telemetries.telemetry.istio.io', 'payments', 'payments', {
      spec: {
        accessLogging: [
          {
            providers: [{ name: 'envoy' }],
            filter: { expression: 'response.code >= 500' },
          },
        ],
      },
    }),
    seed('telemetries.telemetry.istio.io', 'payments', 'payment-api', {
      spec: {
        selector: { matchLabels: { app: 'payment-api' } },
        tracing: [{ randomSamplingPercentage: 25 }],
      },
    }),
    seed('proxyconfigs.networking.istio.io', 'payments', 'payment-api', {
      spec: {
        selector: { matchLabels: { app: 'payment-api' } },
        concurrency: 4,
      },
    }),
  ];
}
