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

import type {
  SloService,
  SloState,
} from '@mesh-portal/backstage-plugin-istio-common';
import { plainVerdict } from '../verdicts';
import { verdictWithObjective } from './verdictWithObjective';

const FINE = plainVerdict('pass', '0.4 % of requests fail with 5xx');

function slo(state: SloState): SloService {
  return {
    service: {
      cluster: 'east',
      namespace: 'shop',
      name: 'cart',
      host: 'cart.shop.svc.cluster.local',
    },
    origin: 'default',
    originWords: 'a default',
    view: 'server',
    exclude: [],
    reporter: 'destination',
    state,
    verdict: plainVerdict('unknown', `The objective is ${state}`),
    objectives: [],
    problems: [],
  };
}

describe('the verdict of a service with few errors', () => {
  it.each(['ticket', 'spent', 'elevated'] as const)(
    'is not healthy where its budget is in state %s',
    state => {
      expect(verdictWithObjective(FINE, slo(state))).toMatchObject({
        state: 'unknown',
        reason: `${FINE.reason}. The objective is ${state}`,
      });
    },
  );

  it('fails where somebody should be paged', () => {
    expect(verdictWithObjective(FINE, slo('page')).state).toBe('fail');
  });

  it('is healthy within its budget, and without an objective', () => {
    expect(verdictWithObjective(FINE, slo('ok'))).toBe(FINE);
    expect(verdictWithObjective(FINE, undefined)).toBe(FINE);
  });

  it('is never better than its errors', () => {
    const bad = plainVerdict('fail', '12 % of requests fail with 5xx');
    expect(verdictWithObjective(bad, slo('elevated'))).toBe(bad);
  });
});
