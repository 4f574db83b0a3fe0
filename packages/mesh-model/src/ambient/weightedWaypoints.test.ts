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

import { mesh } from '../testing';
import { ztunnelServicesOf } from './meshEnvironment';
import { waypointStateOf } from './waypointState';
import { canaryWeightOf } from './waypointLabels';
import { owningWaypointsOf } from './weightedWaypoints';

function gateway(name: string, traffic = 'service') {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: shop, labels: {istio.io/waypoint-for: ${traffic}}}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
status: {addresses: [{type: Hostname, value: ${name}.shop.svc.cluster.local}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}-1, namespace: shop, labels: {gateway.networking.k8s.io/gateway-name: ${name}}}
spec: {containers: [{name: istio-proxy}]}
status: {phase: Running, podIP: 10.1.0.9, conditions: [{type: Ready, status: "True"}]}
---`;
}

function shop(
  service: { labels: string; annotations?: string },
  namespace: { labels?: string; annotations?: string } = {},
  canaryTraffic?: string,
) {
  return mesh`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {${namespace.labels ?? ''}}, annotations: {${
    namespace.annotations ?? ''
  }}}
---
${gateway('wp')}
${gateway('next', canaryTraffic)}
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop, labels: {${
    service.labels
  }}, annotations: {${service.annotations ?? ''}}}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
`;
}

function stateOf(...args: Parameters<typeof shop>) {
  const snapshot = shop(...args);
  return waypointStateOf(snapshot, snapshot.list('Service')[0]);
}

const PRIMARY = 'istio.io/use-waypoint: wp';
const CANARY = 'istio.io/use-waypoint-canary: next';
const WEIGHT = 'istio.io/use-waypoint-canary-weight';

describe('canary waypoints (R2.11)', () => {
  it('takes its share, the primary the rest', () => {
    const snapshot = shop({
      labels: `${PRIMARY}, ${CANARY}`,
      annotations: `${WEIGHT}: "20"`,
    });
    const [{ service }] = ztunnelServicesOf(snapshot, 'shop');
    expect(service.weightedWaypoints?.map(({ weight }) => weight)).toEqual([
      80, 20,
    ]);
    expect(
      owningWaypointsOf(service).map(({ hostname }) => hostname?.hostname),
    ).toEqual(['wp.shop.svc.cluster.local', 'next.shop.svc.cluster.local']);
    expect(
      waypointStateOf(snapshot, snapshot.list('Service')[0]).canary,
    ).toEqual({ namespace: 'shop', name: 'next', weight: 20 });
  });

  it('is read from the namespace only when the primary is', () => {
    const namespace = {
      labels: `${PRIMARY}, ${CANARY}`,
      annotations: `${WEIGHT}: "5"`,
    };
    expect(stateOf({ labels: '' }, namespace).canary?.weight).toBe(5);
    expect(stateOf({ labels: PRIMARY }, namespace).canary).toBeUndefined();
  });

  it.each([
    ['an invalid weight', `${PRIMARY}, ${CANARY}`, '"101"', 'service'],
    [
      'the primary itself',
      `${PRIMARY}, istio.io/use-waypoint-canary: wp`,
      '"5"',
      'service',
    ],
    [
      'a waypoint that is not there',
      `${PRIMARY}, istio.io/use-waypoint-canary: gone`,
      '"5"',
      'service',
    ],
    ['one for other traffic', `${PRIMARY}, ${CANARY}`, '"5"', 'workload'],
  ])(
    'is ignored with a reason when it is %s; the primary serves alone',
    (_, labels, weight, traffic) => {
      const state = stateOf(
        { labels, annotations: `${WEIGHT}: ${weight}` },
        {},
        traffic,
      );
      expect(state.binding.state).toBe('bound');
      expect(state.canary).toBeUndefined();
      expect(state.canaryProblem).toEqual(expect.any(String));
      expect(state.verdict.state).toBe('fail');
    },
  );

  it.each([
    ['0', 0],
    ['100', 100],
    ['+7', 7],
    ['-1', undefined],
    ['5%', undefined],
    ['', undefined],
  ])('reads weight %p as %p', (text, weight) => {
    expect(canaryWeightOf({ [WEIGHT]: text }, {})).toBe(weight);
  });
});
