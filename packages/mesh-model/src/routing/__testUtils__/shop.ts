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

import { defaultClient, type Client } from '../../membership';
import type { mesh } from '../../testing';
import { routesOfService } from '..';

/** A client with a sidecar in the namespace of the service. */
export const FROM_SHOP = defaultClient('shop');

/** A Service and one ready pod of it. */
export function service(
  name: string,
  namespace: string,
  ports = '{name: http, port: 80}',
) {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {clusterIP: 10.0.0.1, selector: {app: ${name}}, ports: [${ports}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}-1, namespace: ${namespace}, labels: {app: ${name}, version: v1}}
spec: {containers: [{name: c, image: i}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;
}

/** A VirtualService, its spec as YAML. */
export function virtualService(
  name: string,
  namespace: string,
  spec: string,
  created = '2024-01-01T00:00:00Z',
) {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}"}
spec: ${spec}
---`;
}

/** An HTTP route to one host. */
export const to = (host: string) => `route: [{destination: {host: ${host}}}]`;

/** The first port of a service as a client has it. */
export function port80(
  snapshot: ReturnType<typeof mesh>,
  client: Client = FROM_SHOP,
  name = 'reviews',
  namespace = 'shop',
) {
  const port = routesOfService(snapshot, client, { namespace, name })?.ports[0];
  if (port === undefined) {
    throw new Error('The service has no port');
  }
  return port;
}

/** First labels of the hosts that each rule leads to. */
export const hostsOf = (port: ReturnType<typeof port80>) =>
  port.rules.map(rule =>
    rule.destinations.map(item => item.host.split('.')[0]),
  );
