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

import { AMBIENT_BOOKINFO } from '../testing/bookinfo';
import {
  TO,
  ap,
  dr,
  ignored,
  object,
  summary,
  vs,
} from './__testUtils__/ignoredMesh';

describe('what ambient ignores', () => {
  it('S43: a DENY policy of HTTP attributes only, without a waypoint', () => {
    const [found] = ignored(
      AMBIENT_BOOKINFO +
        ap(
          'bookinfo/l7',
          '{action: DENY, rules: [{to: [{operation: {paths: ["/admin"]}}]}]}',
        ),
    );
    expect(found).toMatchObject({
      object: { name: 'l7' },
      cause: 'ztunnel-http-only',
      path: 'spec.rules',
      remedy: expect.stringMatching(/waypoint/),
    });
  });

  it('RequestAuthentication, Telemetry, VirtualService and DestinationRule, without a waypoint', () => {
    expect(
      summary(
        AMBIENT_BOOKINFO +
          object(
            'security.istio.io/v1',
            'RequestAuthentication',
            'bookinfo/jwt',
            '{jwtRules: [{issuer: a}]}',
          ) +
          object(
            'telemetry.istio.io/v1',
            'Telemetry',
            'bookinfo/ns',
            '{tracing: [{randomSamplingPercentage: 1}]}',
          ) +
          vs('bookinfo/a', `{hosts: [reviews], ${TO}}`) +
          dr('bookinfo/b', '{host: reviews}'),
      ).map(([name, cause]) => [name, cause]),
    ).toEqual([
      ['VirtualService a', 'client-without-envoy'],
      ['DestinationRule b', 'client-without-envoy'],
      ['RequestAuthentication jwt', 'ztunnel-http-only'],
      ['Telemetry ns', 'ztunnel-http-only'],
    ]);
  });

  const WAYPOINT = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: bookinfo}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
status: {addresses: [{value: 10.0.0.9}]}`;
  const BOUND = AMBIENT_BOOKINFO.replace(
    'metadata: {name: reviews, namespace: bookinfo}',
    'metadata: {name: reviews, namespace: bookinfo, labels: {istio.io/use-waypoint: wp}}',
  );

  it('S51 and S52: behind a waypoint a policy acts from the namespace of the service only', () => {
    const target = '{targetRefs: [{kind: Service, name: reviews}]}';
    expect(
      summary(
        BOUND + WAYPOINT + ap('bookinfo/a', target) + ap('infra/b', target),
      ),
    ).toEqual([
      [
        'AuthorizationPolicy b',
        'target-in-other-namespace',
        'spec.targetRefs[0]',
      ],
    ]);
  });

  it('S53: GatewayClass istio-waypoint is targeted from the root namespace only', () => {
    const target =
      '{targetRefs: [{group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint}]}';
    expect(
      summary(
        BOUND +
          WAYPOINT +
          ap('istio-system/a', target) +
          ap('bookinfo/b', target),
      ),
    ).toEqual([
      ['AuthorizationPolicy b', 'target-not-matched', 'spec.targetRefs[0]'],
    ]);
  });
});
