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

import type { RouteDestination } from '@mesh-portal/backstage-plugin-istio-common';
import { pass } from '../testing/fixtures/refs';
import { observedRemarks } from './observedRemarks';

function destination(
  configuredWeight: number,
  share: number,
  reason: string,
): RouteDestination {
  return {
    host: 'reviews.bookinfo.svc.cluster.local',
    configuredWeight,
    verdict: pass('The destination exists'),
    observed: { state: 'as-configured', share, reason },
  };
}

describe('remarks about observed shares', () => {
  it('are none where the shares are as configured', () => {
    expect(
      observedRemarks([
        destination(90, 0.902, '90 % seen, 90 % configured'),
        destination(10, 0.098, '10 % seen, 10 % configured'),
      ]),
    ).toEqual([]);
  });

  it('say once that a share is visibly off and still taken as configured', () => {
    const off = '14 % seen, 10 % configured: chance explains it';
    expect(
      observedRemarks([
        destination(90, 0.861, '86 % seen, 90 % configured'),
        destination(10, 0.141, off),
      ]),
    ).toEqual([`Taken as configured: ${off}`]);
  });

  it('are none for the only destination of a rule', () => {
    expect(observedRemarks([destination(100, 0.9, 'x')])).toEqual([]);
  });
});
