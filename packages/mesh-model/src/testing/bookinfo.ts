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

import { workloadOf, type Workload } from '../membership';
import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';

/** A service `reviews` with one pod behind a sidecar, and a client namespace, for tests. */
export const BOOKINFO = `
apiVersion: v1
kind: Namespace
metadata: {name: bookinfo, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: bookinfo}
spec:
  clusterIP: 10.0.0.1
  selector: {app: reviews}
  ports: [{name: http, port: 9080}, {name: tcp, port: 9000}]
---
apiVersion: v1
kind: Pod
metadata:
  name: reviews-1
  namespace: bookinfo
  labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}
spec:
  containers: [{name: reviews}, {name: istio-proxy, image: "istio/proxyv2:1.27.1"}]
status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
`;

/** The same service in ambient mode, without a waypoint. */
export const AMBIENT_BOOKINFO = BOOKINFO.replace(
  'istio-injection: enabled',
  'istio.io/dataplane-mode: ambient',
)
  .replace(
    'labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}',
    'labels: {app: reviews, version: v1}\n  annotations: {ambient.istio.io/redirection: enabled}',
  )
  .replace(', {name: istio-proxy, image: "istio/proxyv2:1.27.1"}', '');

/** The Service `reviews`. */
export function reviewsOf(snapshot: MeshSnapshot): SlimObjectByKind['Service'] {
  const service = snapshot.get('Service', 'bookinfo', 'reviews');
  if (service === undefined) {
    throw new Error('The test needs Service bookinfo/reviews.');
  }
  return service;
}

/** The workload behind it. */
export function reviewsWorkload(snapshot: MeshSnapshot): Workload {
  const workload = workloadOf(snapshot, 'bookinfo', 'Pod', 'reviews-1');
  if (workload === undefined) {
    throw new Error('The test needs Pod bookinfo/reviews-1.');
  }
  return workload;
}
