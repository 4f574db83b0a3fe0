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

import { defaultClient, type ProxyType } from '../../membership';
import { envoyProxyOfClient, type EnvoyProxy } from '../../extensions';

/** A proxy of namespace `shop` with label `app`. */
export const app = (name: string, proxy: ProxyType = 'sidecar'): EnvoyProxy =>
  envoyProxyOfClient({
    ...defaultClient('shop'),
    labels: { app: name },
    proxy,
  });

/** The services of `PROVIDERS`. */
const COLLECTORS = `
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: collectors, namespace: observability}
spec: {hosts: [otel.svc, zipkin.svc, own.svc, loki.svc], ports: [{number: 4317, name: grpc, protocol: GRPC}], resolution: DNS}
`;

/** The mesh configuration with this content, and the services of `PROVIDERS`. */
export function meshConfig(text: string): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
${text
  .trim()
  .split('\n')
  .map(line => `    ${line}`)
  .join('\n')}
${COLLECTORS}`;
}

/** Extension providers, one of them with a sampler of its own. */
export const PROVIDERS = `
extensionProviders:
- {name: otel, opentelemetry: {service: otel.svc, port: 4317}}
- {name: zipkin, zipkin: {service: zipkin.svc, port: 9411}}
- {name: own, opentelemetry: {service: own.svc, port: 4317, dynatraceSampler: {tenant: t}}}
- {name: loki, envoyOtelAls: {service: loki.svc, port: 4317}}
`;

/** One Telemetry; `second` is its age, smaller is older. */
export function telemetry(
  name: string,
  namespace: string,
  spec: string,
  second = 0,
): string {
  return `
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "2026-01-01T00:00:0${second}Z"}
spec: ${spec}`;
}
