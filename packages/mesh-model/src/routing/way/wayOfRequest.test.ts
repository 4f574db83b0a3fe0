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

import {
  istio,
  policy,
  REVIEWS,
  way,
  stages,
  ends,
} from './__testUtils__/wayMesh';

describe('a request from sidecar to sidecar', () => {
  it('passes every step in order and arrives encrypted', () => {
    const found = way(REVIEWS);
    expect(stages(found)).toEqual([
      'scope pass',
      'listener pass',
      'virtual-host pass',
      'rule pass',
      'timeout pass',
      'retries pass',
      'destination pass',
      'traffic-policy not-applicable',
      'endpoints pass',
      'client-tls pass',
      'server-mode pass',
      'authorization pass',
      'server-retries unknown',
      'delivery pass',
    ]);
    expect(found.outcome).toMatchObject({
      ending: 'delivered',
      encrypted: true,
    });
    expect(found.ending).toBe('delivered');
  });

  it('names what it assumed about the request', () => {
    expect(way(REVIEWS).assumed).toEqual([
      'The request is HTTP',
      'No JSON Web Token is sent',
      'The path is /',
      'The method is GET',
      'No headers are sent',
    ]);
    expect(
      way(REVIEWS, {
        protocol: 'http',
        path: '/a',
        method: 'POST',
        headers: {},
        token: 'none',
      }).assumed,
    ).toEqual([]);
  });

  it('says whence retries and timeout come', () => {
    const found = way(
      `${REVIEWS}${istio(
        'VirtualService',
        'reviews',
        '{hosts: [reviews], http: [{timeout: 2s, route: [{destination: {host: reviews}}]}]}',
      )}`,
    );
    const step = (stage: string) =>
      found.steps.find(item => item.stage === stage);
    expect(step('timeout')).toMatchObject({
      says: 'Timeout 2s',
      facts: [{ path: 'spec.http[0].timeout', object: { name: 'reviews' } }],
    });
    expect(step('retries')?.says).toContain('Default of Istio');
    expect(step('rule')?.says).toBe(
      'Rule 1 of VirtualService shop/reviews takes it: every request',
    );
  });
});

describe('where a request is tried again', () => {
  const retries = (balancer: string, written = '') =>
    way(
      `${REVIEWS}${istio(
        'DestinationRule',
        'reviews',
        `{host: reviews, trafficPolicy: {loadBalancer: {${balancer}}}}`,
      )}${istio(
        'VirtualService',
        'reviews',
        `{hosts: [reviews], http: [{${written}route: [{destination: {host: reviews}}]}]}`,
      )}`,
    ).steps.find(({ stage }) => stage === 'retries')?.says;
  const HASH = 'consistentHash: {useSourceIp: true}';

  it('R5.24: rather on an endpoint that was not tried, unless requests are hashed', () => {
    expect(retries('simple: RANDOM')).toMatch(/that was not tried before$/);
    expect(retries(HASH)).toMatch(/is not avoided$/);
  });

  it('R5.24: as the rule says, where it says so', () => {
    const avoid = (value: boolean) =>
      `retries: {attempts: 1, retryIgnorePreviousHosts: ${value}}, `;
    expect(retries(HASH, avoid(true))).toMatch(/not tried before$/);
    expect(retries('simple: RANDOM', avoid(false))).toMatch(/not avoided$/);
    expect(retries(HASH, 'retries: {attempts: 0}, ')).toBe(
      'Retries are switched off',
    );
  });
});

describe('what the DestinationRule does to a request', () => {
  const policyStep = (settings: string) =>
    way(
      `${REVIEWS}${istio(
        'DestinationRule',
        'reviews',
        `{host: reviews, trafficPolicy: ${settings}}`,
      )}`,
    ).steps.find(({ stage }) => stage === 'traffic-policy');

  it('R6.16: says that it is sent as HTTP/2 where something asks for that', () => {
    expect(
      policyStep('{connectionPool: {http: {h2UpgradePolicy: UPGRADE}}}'),
    ).toMatchObject({
      says: expect.stringContaining('Requests are sent as HTTP/2'),
      facts: expect.arrayContaining([
        expect.objectContaining({
          path: 'spec.trafficPolicy.connectionPool.http.h2UpgradePolicy',
        }),
      ]),
    });
    expect(
      policyStep('{connectionPool: {http: {maxRetries: 1}}}')?.says,
    ).not.toMatch(/HTTP/);
  });

  it('R6.10: says that a warm-up changes shares, where the algorithm knows one', () => {
    const says = (simple: string) =>
      policyStep(`{loadBalancer: {simple: ${simple}, warmup: {duration: 60s}}}`)
        ?.says;
    expect(says('ROUND_ROBIN')).toMatch(/less than its share .* first 60s/);
    expect(says('RANDOM')).not.toMatch(/share/);
  });
});

describe('a split', () => {
  const SPLIT = istio(
    'VirtualService',
    'reviews',
    '{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}, weight: 90}, {destination: {host: reviews, subset: v2}, weight: 10}]}]}',
  );
  const subsets = (names: string) =>
    istio('DestinationRule', 'reviews', `{host: reviews, subsets: [${names}]}`);
  const V1 = '{name: v1, labels: {version: v1}}';

  it('is a tree whose branches go on by themselves, with the share of each', () => {
    const found = way(`${REVIEWS}${SPLIT}${subsets(V1)}`);
    expect(found.branches.map(branch => [branch.share, branch.fork])).toEqual([
      [90, 'weight'],
      [10, 'weight'],
    ]);
    expect(ends(found)).toEqual([
      [90, 'delivered', undefined, undefined],
      [10, 'failed', 503, 'NC'],
    ]);
    expect(found.ending).toBe('mixed');
    expect(found.says).toContain('90 %: The application gets the request');
  });

  it('ends with 503 UH where a subset selects no ready pod', () => {
    const found = way(
      `${REVIEWS}${SPLIT}${subsets(
        `${V1}, {name: v2, labels: {version: v9}}`,
      )}`,
    );
    expect(ends(found)[1]).toEqual([10, 'failed', 503, 'UH']);
  });
});

describe('what a rule does itself', () => {
  const rule = (body: string) =>
    `${REVIEWS}${istio(
      'VirtualService',
      'reviews',
      `{hosts: [reviews], http: [${body}]}`,
    )}`;
  const TO = 'route: [{destination: {host: reviews}}]';

  it('answers 404 NR when the host has rules and none matches', () => {
    const found = way(rule(`{match: [{uri: {prefix: /api}}], ${TO}}`), {
      path: '/other',
    });
    expect(ends(found)).toEqual([[100, 'failed', 404, 'NR']]);
    expect(found.steps.at(-1)).toMatchObject({
      stage: 'rule',
      state: 'fail',
      facts: [{ object: { name: 'reviews' } }],
    });
  });

  it('splits off the share that an injected fault aborts', () => {
    expect(
      ends(
        way(
          rule(
            `{fault: {abort: {httpStatus: 418, percentage: {value: 25}}}, ${TO}}`,
          ),
        ),
      ),
    ).toEqual([
      [25, 'answered', 418, 'FI'],
      [75, 'delivered', undefined, undefined],
    ]);
  });

  it('ends with the redirect and its code', () => {
    expect(
      ends(way(rule('{redirect: {uri: /new, redirectCode: 308}}'))),
    ).toEqual([[100, 'answered', 308, undefined]]);
  });

  it('ends with the direct response', () => {
    expect(ends(way(rule('{directResponse: {status: 503}}')))).toEqual([
      [100, 'answered', 503, undefined],
    ]);
  });

  it('lets the server judge the path as it was rewritten', () => {
    const yaml = `${rule(
      `{match: [{uri: {prefix: /api}}], rewrite: {uri: /internal}, ${TO}}`,
    )}${policy(
      'AuthorizationPolicy',
      'no-internal',
      '{action: DENY, rules: [{to: [{operation: {paths: ["/internal/*"]}}]}]}',
    )}`;
    const found = way(yaml, { path: '/api/x' });
    expect(ends(found)).toEqual([[100, 'denied', 403, undefined]]);
    expect(found.outcome?.details).toBe(
      'rbac_access_denied_matched_policy[ns[shop]-policy[no-internal]-rule[0]]',
    );
  });

  it('lets the server judge the headers as a rule set them', () => {
    const allow = policy(
      'AuthorizationPolicy',
      'tenants',
      '{rules: [{when: [{key: "request.headers[x-tenant]", values: [a]}]}]}',
    );
    const headers = (value: string) =>
      `{headers: {request: {set: {x-tenant: "${value}"}}}, ${TO}}`;
    expect(way(`${rule(headers('a'))}${allow}`).ending).toBe('delivered');
    expect(way(`${rule(headers('b'))}${allow}`).ending).toBe('denied');
    // A value that Envoy computes is not known before the request passes.
    expect(way(`${rule(headers('%REQ(y)%'))}${allow}`).ending).toBe('unknown');
  });

  it('copies requests to a mirror without any bearing on the answer', () => {
    const found = way(rule(`{mirror: {host: nowhere}, ${TO}}`));
    expect(found.ending).toBe('delivered');
    expect(found.steps.find(({ stage }) => stage === 'mirror')?.says).toContain(
      'nowhere',
    );
  });
});
