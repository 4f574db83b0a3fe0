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
import { gatewayProxyOf, routeAtGateway } from '.';

const EAST_WEST = mesh`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: cross, namespace: istio-system}
spec: {selector: {istio: eastwest}, servers: [{port: {number: 15443, protocol: TLS, name: tls}, hosts: ["*.local"], tls: {mode: AUTO_PASSTHROUGH}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ew-1, namespace: istio-system, labels: {istio: eastwest}}
spec: {containers: [{name: istio-proxy, image: i}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: vs, namespace: istio-system}
spec: {hosts: ["*"], gateways: [cross], tls: [{match: [{sniHosts: ["*.local"]}], route: [{destination: {host: elsewhere}}]}]}
`;
const [POD] = EAST_WEST.list('Pod');
const ask = (serverName: string, tls = true) =>
  routeAtGateway(EAST_WEST, gatewayProxyOf(EAST_WEST, POD), {
    port: 15443,
    tls,
    serverName,
  });

describe('a gateway between networks', () => {
  it('R7.8: passes a connection on to the cluster that its server name encodes, whatever VirtualServices say', () => {
    expect(
      ask('outbound_.8080_.v1_.reviews.prod.svc.cluster.local'),
    ).toMatchObject({
      outcome: 'routed',
      destinations: [
        {
          host: 'reviews.prod.svc.cluster.local',
          port: 8080,
          subset: 'v1',
        },
      ],
      route: { path: 'spec.servers[0].tls.mode' },
    });
    expect(
      ask('outbound_.80_._.reviews.prod.svc.cluster.local').destinations,
    ).toEqual([
      { host: 'reviews.prod.svc.cluster.local', port: 80, weight: 0 },
    ]);
  });

  it('R7.8: takes neither other names, nor hosts it does not list, nor plaintext', () => {
    expect(ask('reviews.prod.svc.cluster.local').outcome).toBe('tls-mismatch');
    expect(ask('outbound_.80_._.example.com').outcome).toBe('tls-mismatch');
    expect(ask('', false).outcome).toBe('tls-mismatch');
  });
});
