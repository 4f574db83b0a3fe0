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

import type { AuthorizationWorkload } from '@mesh-portal/backstage-plugin-istio-common';
import { authorizationGroups } from './authorizationGroups';

function workload(
  name: string,
  more: Partial<AuthorizationWorkload> = {},
): AuthorizationWorkload {
  return {
    workload: {
      cluster: 'demo',
      namespace: 'bookinfo',
      kind: 'Deployment',
      name,
    },
    posture: 'allow-list',
    sentence: 'Only requests that match an ALLOW rule may call it.',
    verdict: { state: 'pass', reason: 'An ALLOW policy acts', facts: [] },
    policies: [],
    requestAuthentication: {
      state: 'none',
      verdict: { state: 'not-applicable', reason: 'Not read', facts: [] },
      issuers: [],
      requiredBy: [],
    },
    ignored: [],
    callers: [
      {
        caller: { namespace: 'bookinfo', workload: 'productpage-v1' },
        decision: 'allow',
        reason: 'Rule 1 matches',
        facts: [],
        observed: {
          protocol: 'http',
          requestsPerSecond: 2,
          refusedPerSecond: 0.5,
        },
      },
    ],
    ...more,
  };
}

describe('authorizationGroups', () => {
  it('tells workloads with the same answer once and adds what their callers send', () => {
    const groups = authorizationGroups([
      workload('reviews-v1'),
      workload('reviews-v2'),
    ]);
    expect(groups.map(({ name }) => name)).toEqual([
      'Deployment reviews-v1, reviews-v2',
    ]);
    expect(groups[0].answer.callers.map(({ observed }) => observed)).toEqual([
      { protocol: 'http', requestsPerSecond: 4, refusedPerSecond: 1 },
    ]);
  });

  it('never adds the connections of a caller to its requests', () => {
    const [requests] = workload('reviews-v1').callers;
    const connections = {
      ...requests,
      observed: {
        protocol: 'tcp' as const,
        requestsPerSecond: 7,
        refusedPerSecond: 0,
      },
    };
    const [{ answer }] = authorizationGroups([
      workload('reviews-v1', { callers: [requests, connections] }),
    ]);
    expect(
      answer.callers.map(({ observed }) => [
        observed?.protocol,
        observed?.requestsPerSecond,
      ]),
    ).toEqual([
      ['http', 2],
      ['tcp', 7],
    ]);
  });

  it('keeps a workload apart whose answer differs', () => {
    const groups = authorizationGroups([
      workload('reviews-v1'),
      workload('reviews-v2', { posture: 'open' }),
      workload('reviews-v3'),
    ]);
    expect(groups.map(({ name }) => name)).toEqual([
      'Deployment reviews-v1, reviews-v3',
      'Deployment reviews-v2',
    ]);
  });

  it('keeps callers apart whose verdict differs', () => {
    const refused = workload('reviews-v2');
    const groups = authorizationGroups([
      workload('reviews-v1'),
      {
        ...refused,
        callers: refused.callers.map(each => ({ ...each, decision: 'deny' })),
      },
    ]);
    expect(groups[0].answer.callers.map(({ decision }) => decision)).toEqual([
      'allow',
      'deny',
    ]);
  });
});
