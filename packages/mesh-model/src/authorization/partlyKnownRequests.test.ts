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

import { mesh as snapshotFrom } from '../testing';
import {
  GET,
  MESH,
  SIDECAR,
  decide,
  decision,
  policy,
  requestAuthentication,
} from './__testUtils__/decisions';
import type { AuthorizationRequest } from './request';
import { evaluateRequest } from './decision';

describe('requests that are only partly known', () => {
  const caller: AuthorizationRequest = {
    protocol: 'http',
    peer: { namespace: 'foo', serviceAccount: 'caller' },
  };

  it('depends on the method when the only ALLOW rule asks for one', () => {
    const yaml = policy(
      '{ rules: [{ from: [{ source: { namespaces: ["foo"] } }], to: [{ operation: { methods: ["GET"] } }] }] }',
    );
    expect(decide(yaml, caller)).toMatchObject({
      decision: 'depends',
      dependsOn: ['method'],
    });
    expect(
      decision(yaml, {
        ...caller,
        peer: { namespace: 'bar', serviceAccount: 'x' },
      }),
    ).toBe('deny');
  });

  it('a token that is not given leaves a required token open, and no token is read without RequestAuthentication', () => {
    const required = policy(
      '{ rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }',
    );
    expect(
      decide(requestAuthentication('iss', 'foo') + required, caller),
    ).toMatchObject({ decision: 'depends', dependsOn: ['token'] });
    expect(decision(required, caller)).toBe('deny');
  });

  it('an unread mesh configuration leaves CUSTOM unknown', () => {
    const yaml = policy(
      '{ action: CUSTOM, provider: { name: opa }, rules: [{}] }',
    );
    const { externalAuthorizers: _, ...unread } = MESH;
    expect(decision(yaml, GET, SIDECAR, unread)).toBe('unknown');
  });

  it('without the protocol, both chains must agree', () => {
    const yaml = policy(
      '{ action: DENY, rules: [{ to: [{ operation: { methods: ["DELETE"] } }] }] }',
    );
    const { protocol: _, ...request } = GET;
    expect(decide(yaml, request)).toMatchObject({
      decision: 'depends',
      dependsOn: ['protocol'],
    });
  });

  it('a policy with a malformed part never yields a sure answer by itself', () => {
    const yaml = policy(
      '{ rules: [{ from: [{ source: { namespaces: 7 } }] }] }',
    );
    expect(decision(yaml, GET)).toBe('unknown');
  });

  it('another revision does not act', () => {
    const snapshot = snapshotFrom`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: foo, labels: { istio.io/rev: canary } }
spec: {}
`;
    const mesh = { ...MESH, revisions: ['stable'] };
    expect(evaluateRequest(snapshot, SIDECAR, mesh, GET).decision).toBe(
      'allow',
    );
    expect(evaluateRequest(snapshot, SIDECAR, MESH, GET).decision).toBe('deny');
  });
});
