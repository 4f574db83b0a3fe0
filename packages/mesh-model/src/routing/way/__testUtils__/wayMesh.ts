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

import { defaultClient, type Client } from '../../../membership';
import { mesh } from '../../../testing';
import { wayOfRequest, type RequestWay, type WayRequest } from '..';

/** A client with a sidecar. */
export const MESHED = defaultClient('shop');
/** A client without any proxy. */
export const UNMESHED: Client = { ...MESHED, proxy: 'none' };
/** A client that ztunnel carries. */
export const AMBIENT: Client = { ...MESHED, proxy: 'ambient' };

const CONTAINERS = {
  sidecar:
    'containers: [{name: app, image: i, ports: [{containerPort: 8080}]}, {name: istio-proxy, image: "istio/proxyv2:1.27.1"}]',
  ambient:
    'containers: [{name: app, image: i, ports: [{containerPort: 8080}]}]',
  none: 'containers: [{name: app, image: i, ports: [{containerPort: 8080}]}]',
};
type Proxy = keyof typeof CONTAINERS;

const META: Readonly<Record<Proxy, string>> = {
  sidecar: 'security.istio.io/tlsMode: istio',
  ambient: 'x: y',
  none: 'x: y',
};

/** A pod of a service, with one container that listens on port 8080. */
export function pod(
  name: string,
  app: string,
  version: string,
  proxy: Proxy,
  { namespace = 'shop', ready = true } = {},
) {
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: {app: ${app}, version: ${version}, ${META[proxy]}}
  annotations: {${
    proxy === 'ambient' ? 'ambient.istio.io/redirection: enabled' : ''
  }}
spec: {serviceAccountName: ${app}, ${CONTAINERS[proxy]}}
status: {phase: Running, conditions: [{type: Ready, status: "${
    ready ? 'True' : 'False'
  }"}]}
---`;
}

/** A Service whose port leads to 8080 of its pods. */
export function service(
  name: string,
  { namespace = 'shop', port = 'name: http, port: 80', labels = '' } = {},
) {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}}
spec: {clusterIP: 10.0.0.1, selector: {app: ${name}}, ports: [{${port}, targetPort: 8080}]}
---`;
}

/** An object of Istio, its spec as YAML. */
export function istio(
  kind: string,
  name: string,
  spec: string,
  { namespace = 'shop', group = 'networking.istio.io/v1' } = {},
) {
  return `
apiVersion: ${group}
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
---`;
}

/** A policy of security.istio.io. */
export function policy(
  kind: string,
  name: string,
  spec: string,
  namespace = 'shop',
) {
  return istio(kind, name, spec, {
    namespace,
    group: 'security.istio.io/v1',
  });
}

/** A service with two versions, with sidecars. */
export const REVIEWS = `${service('reviews')}${pod(
  'reviews-v1',
  'reviews',
  'v1',
  'sidecar',
)}${pod('reviews-v2', 'reviews', 'v2', 'sidecar')}`;

/** The way of a request to `reviews` on port 80 unless it says otherwise. */
export function way(
  yaml: string,
  request: Partial<WayRequest> = {},
  client: Client = MESHED,
): RequestWay {
  return wayOfRequest(mesh`${yaml}`, client, {
    host: 'reviews',
    port: 80,
    ...request,
  });
}

/** The steps up to the first fork, in short. */
export const stages = ({ steps }: Pick<RequestWay, 'steps'>) =>
  steps.map(({ stage, state }) => `${stage} ${state}`);

/** Every end: share, ending, code, flag. */
export const ends = ({ ends: all }: RequestWay) =>
  all.map(({ share, outcome }) => [
    Math.round(share),
    outcome.ending,
    outcome.code,
    outcome.flag,
  ]);

const WAYPOINT = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop, labels: {istio.io/waypoint-for: service}}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
status: {addresses: [{type: IPAddress, value: 10.0.0.9}]}
---
apiVersion: v1
kind: Pod
metadata: {name: wp-1, namespace: shop, labels: {gateway.networking.k8s.io/gateway-name: wp, gateway.istio.io/managed: istio.io-mesh-controller}}
spec: {serviceAccountName: wp, containers: [{name: istio-proxy, image: p}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;
/** A service in ambient whose requests pass a waypoint. */
export const THROUGH_WAYPOINT = `${WAYPOINT}${service('reviews', {
  labels: 'istio.io/use-waypoint: wp',
})}${pod('reviews-v1', 'reviews', 'v1', 'ambient')}${pod(
  'reviews-v2',
  'reviews',
  'v2',
  'ambient',
)}`;
