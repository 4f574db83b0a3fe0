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

import { workloadOfPod } from '../membership';
import { mesh as snapshotFrom } from '../testing';
import { policyTargetOf } from './meshBinding';
import type { AuthorizationMesh, PolicyTarget } from './policyTarget';
import { postureOf } from './posture';
import { sentencesOf } from './sentences';

const MESH: AuthorizationMesh = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
};
const SIDECAR: PolicyTarget = {
  proxy: 'sidecar',
  namespace: 'foo',
  labels: { app: 'a' },
};

function policy(spec: string): string {
  return `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: foo }
spec: ${spec}
`;
}

function posture(spec: string | undefined, target = SIDECAR) {
  const yaml = spec === undefined ? '' : policy(spec);
  const answer = postureOf(snapshotFrom`${yaml}`, target, MESH);
  return [answer.posture, answer.verdict.state];
}

const GET_ONLY = 'rules: [{ to: [{ operation: { methods: [GET] } }] }]';

describe('posture of a workload', () => {
  it.each([
    [undefined, 'open', 'fail'],
    ['{}', 'deny-all', 'pass'],
    [`{ ${GET_ONLY} }`, 'allow-list', 'pass'],
    ['{ rules: [{}] }', 'allow-all', 'fail'],
    [`{ action: DENY, ${GET_ONLY} }`, 'deny-list', 'fail'],
    ['{ action: DENY, rules: [{}] }', 'blocked', 'pass'],
    [
      `{ action: CUSTOM, provider: { name: x }, ${GET_ONLY} }`,
      'custom',
      'unknown',
    ],
    ['{ selector: { matchLabels: { app: other } } }', 'open', 'fail'],
    ['{ rules: 7 }', 'unknown', 'unknown'],
  ])('%s is %s', (spec, expected, state) => {
    expect(posture(spec)).toEqual([expected, state]);
  });

  it('without a proxy nothing is enforced', () => {
    expect(posture('{}', { ...SIDECAR, proxy: 'none' })).toEqual([
      'not-enforced',
      'fail',
    ]);
  });

  it('is open to plaintext that passes by ztunnel, whatever its policies say', () => {
    const snapshot = snapshotFrom`${policy('{}')}---
apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: foo
  labels: { app: a }
  annotations: { ambient.istio.io/redirection: enabled, ambient.istio.io/bypass-inbound-capture: "true" }
spec: { containers: [{ name: app }] }
`;
    const [pod] = snapshot.list('Pod');
    const target = policyTargetOf(snapshot, workloadOfPod(snapshot, pod));
    const answer = postureOf(snapshot, target, MESH);
    expect(answer.posture).toBe('passed-by');
    expect(answer.verdict.state).toBe('fail');
    expect(answer.verdict.reason).toMatch(
      /^Whoever sends plaintext may call it, past every policy\. .*bypass-inbound-capture is true\. Over HBONE: Nobody may call it/,
    );
    expect(answer.verdict.facts[0].object).toMatchObject({
      kind: 'Pod',
      name: 'a',
    });
  });

  it('at ztunnel HTTP rules change the posture', () => {
    const ambient: PolicyTarget = { ...SIDECAR, proxy: 'ambient' };
    expect(posture(`{ ${GET_ONLY} }`, ambient)).toEqual(['deny-all', 'pass']);
    expect(posture(`{ action: DENY, ${GET_ONLY} }`, ambient)).toEqual([
      'open',
      'fail',
    ]);
  });
});

describe('sentences of a policy', () => {
  function sentences(spec: string): string[] {
    const [found] = snapshotFrom`${policy(spec)}`.list('AuthorizationPolicy');
    return sentencesOf(found).rules.map(({ text }) => text);
  }

  it('joins fields by AND, values and alternatives by OR, and negates', () => {
    expect(
      sentences(`
  rules:
  - from:
    - source: { principals: [cluster.local/ns/b/sa/p], notNamespaces: [x, y] }
    - source: { ipBlocks: [10.0.0.0/8] }
    to:
    - operation: { methods: [GET, HEAD], paths: ["/api/*"] }
    when:
    - { key: "request.headers[x-user]", values: [ann], notValues: [bob] }
`),
    ).toEqual([
      'method GET or HEAD and path /api/* from (principal cluster.local/ns/b/sa/p and namespace not x or y) or (peer address 10.0.0.0/8), when request.headers[x-user] ann and request.headers[x-user] not bob',
    ]);
  });

  it('says any and none in words', () => {
    expect(
      sentences(
        '{ rules: [{}, { from: [{ source: { principals: ["*"] } }] }, { from: [{ source: { notRequestPrincipals: ["*"] } }] }] }',
      ),
    ).toEqual([
      'any request from anyone',
      'any request from any principal',
      'any request from no token principal',
    ]);
  });
});
