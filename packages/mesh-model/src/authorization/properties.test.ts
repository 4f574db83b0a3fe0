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

import * as fc from 'fast-check';
import { projectObject } from '../objects';
import type { StringMap } from '../objects';
import { snapshotOf } from '../snapshot';
import { evaluatePolicies } from './decision';
import { policiesOf } from './attachment';
import { postureOf } from './posture';
import { sentencesOf } from './sentences';
import type {
  AuthorizationMesh,
  AuthorizationPolicy,
  PolicyTarget,
} from './policyTarget';
import type { AuthorizationRequest } from './request';

const MESH: AuthorizationMesh = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  trustDomainAliases: ['old.example'],
  externalAuthorizers: [{ name: 'opa', protocol: 'http', service: 'opa' }],
};
const PROXIES = ['sidecar', 'ambient', 'gateway', 'none'] as const;

const text = fc.constantFrom(
  '*',
  'a',
  'a*',
  '*a',
  'b',
  '',
  '/{*}/x',
  '1.2.3.4',
);
const list = fc.array(text, { maxLength: 2 });
const source = fc.record(
  { principals: list, notNamespaces: list, namespaces: list, ipBlocks: list },
  { requiredKeys: [] },
);
const operation = fc.record(
  { methods: list, paths: list, notPaths: list, ports: list, hosts: list },
  { requiredKeys: [] },
);
const condition = fc.record({
  key: fc.constantFrom(
    'source.ip',
    'request.headers[x]',
    'foo',
    'request.auth.claims[a]',
  ),
  values: list,
});
const rule = fc.record(
  {
    from: fc.array(fc.record({ source }), { maxLength: 2 }),
    to: fc.array(fc.record({ operation }), { maxLength: 2 }),
    when: fc.array(condition, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const spec = fc.record(
  {
    action: fc.constantFrom('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    provider: fc.record({ name: fc.constantFrom('opa', 'none') }),
    rules: fc.array(fc.oneof(rule, fc.constant(7)), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const request: fc.Arbitrary<AuthorizationRequest> = fc.record(
  {
    protocol: fc.constantFrom('http' as const, 'tcp' as const),
    peer: fc.constantFrom('none' as const, {
      namespace: 'a',
      serviceAccount: 'a',
    }),
    method: text,
    path: text,
    host: text,
    port: fc.constantFrom(1, 80),
    sourceIp: fc.constant('1.2.3.4'),
    headers: fc.constantFrom<StringMap>({}, { x: 'a' }),
    token: fc.constant('none' as const),
  },
  { requiredKeys: [] },
);

function policiesFrom(specs: readonly unknown[]): AuthorizationPolicy[] {
  return specs.flatMap((item, index) => {
    const object = projectObject({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: `p${index}`, namespace: 'foo' },
      spec: item,
    });
    return object?.kind === 'AuthorizationPolicy' ? [object] : [];
  });
}

function targetOf(proxy: (typeof PROXIES)[number]): PolicyTarget {
  return { proxy, namespace: 'foo', labels: { app: 'a' } };
}

describe('properties of authorization', () => {
  const specs = fc.array(spec, { maxLength: 4 });
  const proxy = fc.constantFrom(...PROXIES);

  it('no specification that the projection lets through throws', () => {
    fc.assert(
      fc.property(specs, proxy, request, (items, kind, asked) => {
        const policies = policiesFrom(items);
        const snapshot = snapshotOf(policies);
        const target = targetOf(kind);
        postureOf(snapshot, target, MESH);
        policies.forEach(sentencesOf);
        const attached = policiesOf(snapshot, target, MESH);
        const { decision } = evaluatePolicies(attached, target, MESH, asked);
        expect(['allow', 'deny', 'depends', 'unknown']).toContain(decision);
      }),
    );
  });

  it('the order of policies does not matter', () => {
    fc.assert(
      fc.property(specs, proxy, request, (items, kind, asked) => {
        const decide = (policies: AuthorizationPolicy[]) => {
          const target = targetOf(kind);
          const attached = policiesOf(snapshotOf(policies), target, MESH);
          const { decision, dependsOn, audit, shadow } = evaluatePolicies(
            attached,
            target,
            MESH,
            asked,
          );
          return { decision, dependsOn: [...dependsOn].sort(), audit, shadow };
        };
        const policies = policiesFrom(items);
        expect(decide([...policies].reverse())).toEqual(decide(policies));
      }),
    );
  });

  it('knowing more never contradicts a sure answer', () => {
    fc.assert(
      fc.property(
        specs,
        proxy,
        request,
        request,
        (items, kind, known, more) => {
          const target = targetOf(kind);
          const attached = policiesOf(
            snapshotOf(policiesFrom(items)),
            target,
            MESH,
          );
          const before = evaluatePolicies(attached, target, MESH, known);
          const after = evaluatePolicies(attached, target, MESH, {
            ...more,
            ...known,
          });
          const sure =
            before.decision === 'allow' || before.decision === 'deny';
          expect(sure ? after.decision : before.decision).toBe(before.decision);
        },
      ),
    );
  });
});
