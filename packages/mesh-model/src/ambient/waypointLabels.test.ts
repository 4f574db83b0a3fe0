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

import { canaryWaypointOf, ingressWaypointWish } from './waypointLabels';

describe('labels of waypoints', () => {
  it('R2.12: gateways use the waypoint only when the Service, else its namespace, says true', () => {
    const label = (value: string) => ({
      'istio.io/ingress-use-waypoint': value,
    });
    expect(ingressWaypointWish({}, {})).toEqual({ present: false, use: false });
    expect(ingressWaypointWish(label('false'), label('true')).use).toBe(false);
    expect(ingressWaypointWish({}, label('True')).use).toBe(true);
  });

  it('R2.11: a canary is read whole from the level that names it', () => {
    const other = {
      'istio.io/use-waypoint-canary': 'b',
      'istio.io/use-waypoint-canary-namespace': 'edge',
    };
    expect(
      canaryWaypointOf({ 'istio.io/use-waypoint-canary': 'a' }, other, 'shop'),
    ).toEqual({ name: 'a', namespace: 'shop' });
    expect(canaryWaypointOf({}, other, 'shop')).toEqual({
      name: 'b',
      namespace: 'edge',
    });
  });
});
