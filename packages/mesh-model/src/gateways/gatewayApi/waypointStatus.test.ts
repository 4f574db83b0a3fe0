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

import { mesh } from '../../testing';
import { routeStatusOf } from './statusOfMesh';

const WAYPOINT_CLASS = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio-waypoint}
spec: {controllerName: istio.io/mesh-controller}
---`;
const objects = (
  serviceLabels: string,
  namespaceLabels = '{}',
  parent = 'reviews',
) => `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: ${namespaceLabels}}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop, labels: ${serviceLabels}}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {parentRefs: [{group: "", kind: Service, name: ${parent}}], rules: [{backendRefs: [{name: reviews, port: 80}]}]}
---`;

const conditionIn = (yaml: string) => {
  const snapshot = mesh`${yaml}`;
  const [route] = snapshot.list('HTTPRoute');
  return routeStatusOf(snapshot, route)[0].conditions.find(
    ({ type }) => type === 'ResolvedWaypoints',
  );
};

const USES = '{istio.io/use-waypoint: waypoint}';
const NONE = '{istio.io/use-waypoint: none}';

describe('the waypoint of a route’s parent (R7.16)', () => {
  it('is told of only where the control plane has ambient mode', () => {
    expect(conditionIn(objects(USES))).toBeUndefined();
    expect(conditionIn(`${WAYPOINT_CLASS}${objects(USES)}`)).toBeDefined();
  });

  it.each([
    ['the service names it', objects(USES), 'has a waypoint'],
    ['its namespace names it', objects('{}', USES), 'has a waypoint'],
    ['nothing names one', objects('{}'), 'does nothing for clients in ambient'],
    [
      'the service asks for none',
      objects(NONE, USES),
      'does nothing for clients in ambient',
    ],
    [
      'there is no such service',
      objects(USES, USES, 'ratings'),
      'There is no Service shop/ratings',
    ],
  ])('stays true, and its message tells: %s', (_, yaml, message) => {
    expect(conditionIn(`${WAYPOINT_CLASS}${yaml}`)).toMatchObject({
      status: 'True',
      reason: 'ResolvedWaypoints',
      message: expect.stringContaining(message),
    });
  });
});
