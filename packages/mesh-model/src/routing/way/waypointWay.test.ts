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

import type { Client } from '../../membership';
import {
  AMBIENT,
  istio,
  policy,
  way,
  THROUGH_WAYPOINT,
} from './__testUtils__/wayMesh';

describe('R5.13: a request of an ambient client through a waypoint', () => {
  const ROUTE = istio(
    'VirtualService',
    'reviews',
    '{hosts: [reviews], http: [{match: [{uri: {prefix: /v2}}], route: [{destination: {host: reviews, subset: v2}}]}, {route: [{destination: {host: reviews, subset: v1}}]}]}',
  );
  const RULE = istio(
    'DestinationRule',
    'reviews',
    '{host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}',
  );

  it('is routed there, and goes on as the waypoint', () => {
    const found = way(
      `${THROUGH_WAYPOINT}${ROUTE}${RULE}`,
      { path: '/v2/x' },
      AMBIENT,
    );
    expect(found.ending).toBe('delivered');
    expect(
      found.steps
        .filter(({ at }) => at?.name === 'wp')
        .map(({ stage }) => stage),
    ).toEqual([
      'authorization',
      'virtual-host',
      'rule',
      'timeout',
      'retries',
      'destination',
      'traffic-policy',
      'endpoints',
      'client-tls',
    ]);
    expect(found.steps.find(({ stage }) => stage === 'destination')?.says).toBe(
      'Sent to reviews.shop.svc.cluster.local:80 subset v2',
    );
    expect(found.outcome?.encrypted).toBe(true);
  });

  it('takes no routes of the caller’s namespace', () => {
    const foreign = istio(
      'VirtualService',
      'reviews',
      '{hosts: [reviews.shop.svc.cluster.local], http: [{directResponse: {status: 418}}]}',
      { namespace: 'web' },
    );
    const client: Client = { ...AMBIENT, namespace: 'web' };
    const request = { host: 'reviews.shop' };
    expect(way(`${THROUGH_WAYPOINT}${foreign}`, request, client).ending).toBe(
      'delivered',
    );
  });

  it('leaves out matches on the labels of the caller', () => {
    const labelled = istio(
      'VirtualService',
      'reviews',
      '{hosts: [reviews], http: [{match: [{sourceLabels: {app: a}}], directResponse: {status: 418}}, {route: [{destination: {host: reviews}}]}]}',
    );
    expect(
      way(
        `${THROUGH_WAYPOINT}${labelled}`,
        {},
        {
          ...AMBIENT,
          labels: { app: 'a' },
        },
      ).ending,
    ).toBe('delivered');
  });

  it('is judged by the waypoint with the caller’s identity, and by the pod with the waypoint’s', () => {
    const atWaypoint = policy(
      'AuthorizationPolicy',
      'at-waypoint',
      '{targetRefs: [{kind: Service, group: "", name: reviews}], action: DENY, rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/default"]}}]}]}',
    );
    const found = way(`${THROUGH_WAYPOINT}${atWaypoint}`, {}, AMBIENT);
    expect(found.outcome).toMatchObject({
      ending: 'denied',
      code: 403,
      at: { name: 'wp' },
    });
    const atPod = policy(
      'AuthorizationPolicy',
      'at-pod',
      '{selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/wp"]}}]}]}',
    );
    expect(way(`${THROUGH_WAYPOINT}${atPod}`, {}, AMBIENT).ending).toBe(
      'delivered',
    );
  });

  it('goes past it from a sidecar, which says so', () => {
    const found = way(THROUGH_WAYPOINT);
    expect(found.steps.find(({ stage }) => stage === 'waypoint')).toMatchObject(
      {
        state: 'not-applicable',
        says: expect.stringContaining('goes past it'),
      },
    );
    expect(found.ending).toBe('delivered');
  });

  it('R2.11: is shared with a canary waypoint by its weight', () => {
    const canary = THROUGH_WAYPOINT.replaceAll(
      'istio.io/use-waypoint: wp',
      'istio.io/use-waypoint: wp, istio.io/use-waypoint-canary: wp2',
    ).replace(
      'metadata: {name: reviews,',
      'metadata: {name: reviews, annotations: {istio.io/use-waypoint-canary-weight: "30"},',
    );
    const second = THROUGH_WAYPOINT.split('apiVersion: v1\nkind: Service')[0]
      .replaceAll('name: wp-1', 'name: wp2-1')
      .replaceAll('name: wp,', 'name: wp2,')
      .replaceAll('gateway-name: wp,', 'gateway-name: wp2,');
    const found = way(`${canary}${second}`, {}, AMBIENT);
    expect(
      found.branches.map(({ share, because }) => [share, because]),
    ).toEqual([
      [70, '70 % go through waypoint shop/wp'],
      [30, '30 % go through waypoint shop/wp2'],
    ]);
    expect(found.ending).toBe('delivered');
    // Without the second waypoint all go through the first.
    const alone = way(canary, {}, AMBIENT);
    expect(alone.branches).toEqual([]);
    expect(alone.ending).toBe('delivered');
  });

  it('S134: is not routed by configuration of another revision than the waypoint’s', () => {
    const ofRevision = (revision: string) =>
      way(
        `${THROUGH_WAYPOINT.replace(
          'gateway.istio.io/managed: istio.io-mesh-controller',
          'gateway.istio.io/managed: istio.io-mesh-controller, istio.io/rev: r1',
        )}${istio(
          'VirtualService',
          'reviews',
          '{hosts: [reviews], http: [{directResponse: {status: 418}}]}',
        ).replace(
          'metadata: {name: reviews,',
          `metadata: {name: reviews, labels: {istio.io/rev: ${revision}},`,
        )}`,
        {},
        AMBIENT,
      ).ending;
    expect(ofRevision('r1')).toBe('answered');
    expect(ofRevision('r2')).toBe('delivered');
  });
});
