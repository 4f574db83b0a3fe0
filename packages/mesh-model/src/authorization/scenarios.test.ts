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
  AMBIENT,
  GET,
  MESH,
  SIDECAR,
  TCP,
  WAYPOINT,
  attachedNames,
  decide,
  decision,
  policy,
  requestAuthentication,
} from './__testUtils__/decisions';
import type { AuthorizationRequest } from './request';
import type { PolicyTarget } from './policyTarget';
import { policiesOf } from './attachment';
import { ztunnelAuthorizationOf } from './ztunnelAuthorization';

describe('acceptance scenarios of authorization', () => {
  it('S37: an empty spec denies everything in the namespace', () => {
    const result = decide(policy('{}'), GET);
    expect(result.decision).toBe('deny');
    expect(result.refusal).toBe('403');
    expect(result.decidedBy[0].object.name).toBe('p');
  });

  it('S38: an empty rule allows all and does not override a DENY', () => {
    const allowAll = policy('{ rules: [{}] }');
    expect(decision(allowAll, GET)).toBe('allow');
    expect(
      decision(
        allowAll + policy('{ action: DENY, rules: [{}] }', { name: 'd' }),
        GET,
      ),
    ).toBe('deny');
  });

  it('S39: ALLOW policies of root and namespace are a union', () => {
    const yaml =
      policy('{ rules: [{ to: [{ operation: { paths: ["/health"] } }] }] }', {
        namespace: 'istio-system',
      }) + policy('{ rules: [{ to: [{ operation: { methods: ["GET"] } }] }] }');
    expect(decision(yaml, GET)).toBe('allow');
    expect(decision(yaml, { ...GET, method: 'POST', path: '/health' })).toBe(
      'allow',
    );
    expect(decision(yaml, { ...GET, method: 'POST' })).toBe('deny');
  });

  it('S40: DENY from a namespace beats ALLOW all', () => {
    const yaml =
      policy('{ rules: [{}] }') +
      policy(
        '{ action: DENY, rules: [{ from: [{ source: { namespaces: ["bar"] } }] }] }',
        { name: 'd' },
      );
    const fromBar: AuthorizationRequest = {
      ...GET,
      peer: { namespace: 'bar', serviceAccount: 'x' },
    };
    expect(decide(yaml, fromBar)).toMatchObject({
      decision: 'deny',
      decidedBy: [{ path: 'spec.rules[0]', object: { name: 'd' } }],
    });
    expect(decision(yaml, GET)).toBe('allow');
  });

  it('S41: ALLOW with methods denies every TCP connection', () => {
    const yaml = policy(
      '{ rules: [{ to: [{ operation: { methods: ["GET"] } }] }] }',
    );
    expect(decide(yaml, TCP)).toMatchObject({
      decision: 'deny',
      refusal: 'reset',
    });
  });

  it('S42: DENY with methods denies every TCP connection, with ports only theirs', () => {
    const wide = policy(
      '{ action: DENY, rules: [{ to: [{ operation: { methods: ["DELETE"] } }] }] }',
    );
    const narrow = policy(
      '{ action: DENY, rules: [{ to: [{ operation: { methods: ["DELETE"], ports: ["8080"] } }] }] }',
    );
    expect(decision(wide, TCP)).toBe('deny');
    expect(decision(narrow, TCP)).toBe('allow');
    expect(decision(narrow, { ...TCP, port: 8080 })).toBe('deny');
    expect(decision(wide, GET)).toBe('allow');
  });

  it('S43 and peers 1c.1: at ztunnel a DENY with only paths has no effect, and says so', () => {
    const yaml = policy(
      '{ action: DENY, rules: [{ to: [{ operation: { paths: ["/admin"] } }] }] }',
    );
    expect(decision(yaml, { ...GET, path: '/admin' }, AMBIENT)).toBe('allow');
    const [denied] = snapshotFrom`${yaml}`.list('AuthorizationPolicy');
    expect(ztunnelAuthorizationOf(denied, 'istio-system')?.notes).toEqual([
      expect.stringContaining('has no effect at ztunnel'),
    ]);
  });

  it('S44: at ztunnel a DENY of principals is a no-op when `to` is purely HTTP', () => {
    const yaml = policy(
      '{ action: DENY, rules: [{ from: [{ source: { principals: ["*"] } }], to: [{ operation: { methods: ["GET"] } }] }] }',
    );
    expect(decision(yaml, GET, AMBIENT)).toBe('allow');
    expect(decision(yaml, GET)).toBe('deny');
  });

  it('S45: at ztunnel an empty DENY rule denies all beside an HTTP rule', () => {
    const yaml = policy(
      '{ action: DENY, rules: [{}, { to: [{ operation: { methods: ["GET"] } }] }] }',
    );
    expect(decide(yaml, GET, AMBIENT)).toMatchObject({
      decision: 'deny',
      refusal: '401',
    });
  });

  it('S46: at ztunnel an ALLOW with only methods denies everything', () => {
    const yaml = policy(
      '{ rules: [{ to: [{ operation: { methods: ["GET"] } }] }] }',
    );
    expect(decision(yaml, GET, AMBIENT)).toBe('deny');
  });

  it('S47: at ztunnel a DENY of ports and methods denies the ports for all methods', () => {
    const yaml = policy(
      '{ action: DENY, rules: [{ to: [{ operation: { ports: ["8080"], methods: ["DELETE"] } }] }] }',
    );
    expect(decision(yaml, GET, AMBIENT)).toBe('deny');
    expect(decision(yaml, { ...GET, port: 9090 }, AMBIENT)).toBe('allow');
  });

  it('S48: a policy with targetRef does not attach to a sidecar', () => {
    const yaml = policy('{ targetRefs: [{ kind: Service, name: a }] }');
    const { allow, notActing } = policiesOf(
      snapshotFrom`${yaml}`,
      SIDECAR,
      MESH,
    );
    expect(allow).toEqual([]);
    expect(notActing[0].cause).toBe('target-refs-on-sidecar');
    expect(decision(yaml, GET)).toBe('allow');
  });

  it('S49, S50: a waypoint ignores selectors and selector-less policies, ztunnel enforces them', () => {
    const yaml =
      policy('{ selector: { matchLabels: { app: a } } }', {
        name: 'selector',
      }) + policy('{}', { name: 'plain' });
    expect(attachedNames(yaml, WAYPOINT)).toEqual([]);
    expect(attachedNames(yaml, AMBIENT)).toEqual(['plain', 'selector']);
  });

  it('S51, S52: a Service reference needs the namespace of the service, a Gateway reference that of the waypoint', () => {
    const inInfra: PolicyTarget = { ...WAYPOINT, namespace: 'infra' };
    const service = '{ targetRefs: [{ kind: Service, name: a }] }';
    const gateway =
      '{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: wp }] }';
    expect(attachedNames(policy(service), inInfra)).toEqual(['p']);
    expect(
      attachedNames(policy(service, { namespace: 'other' }), inInfra),
    ).toEqual([]);
    expect(attachedNames(policy(gateway), inInfra)).toEqual([]);
    expect(
      attachedNames(policy(gateway, { namespace: 'infra' }), inInfra),
    ).toEqual(['p']);
  });

  it('S53: a GatewayClass reference acts from the root namespace only', () => {
    const spec =
      '{ targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }] }';
    expect(
      attachedNames(policy(spec, { namespace: 'istio-system' }), WAYPOINT),
    ).toEqual(['p']);
    expect(attachedNames(policy(spec), WAYPOINT)).toEqual([]);
  });

  it('S54: a selector reaches Gateway API pods only with the flag', () => {
    const gateway: PolicyTarget = {
      proxy: 'gateway',
      namespace: 'foo',
      labels: { 'gateway.networking.k8s.io/gateway-name': 'gw' },
    };
    expect(attachedNames(policy('{}'), gateway)).toEqual(['p']);
    expect(
      attachedNames(policy('{}'), gateway, {
        ...MESH,
        selectorBasedGatewayPolicy: false,
      }),
    ).toEqual([]);
  });

  it('S55: cluster.local in a principal stands for the trust domain and its aliases', () => {
    const yaml = policy(
      '{ rules: [{ from: [{ source: { principals: ["cluster.local/ns/foo/sa/a"] } }] }] }',
    );
    const mesh = { ...MESH, trustDomain: 'td1', trustDomainAliases: ['td2'] };
    const from = (trustDomain: string) =>
      decision(
        yaml,
        {
          ...GET,
          peer: { trustDomain, namespace: 'foo', serviceAccount: 'a' },
        },
        SIDECAR,
        mesh,
      );
    expect([from('td1'), from('td2'), from('td3')]).toEqual([
      'allow',
      'allow',
      'deny',
    ]);
  });

  it('S56: dry-run ALLOW policies only count', () => {
    const yaml = policy(
      '{ rules: [{ to: [{ operation: { methods: ["POST"] } }] }] }',
      { annotations: '{ istio.io/dry-run: "true" }' },
    );
    expect(decide(yaml, GET)).toMatchObject({
      decision: 'allow',
      shadow: { allow: 'would-deny' },
    });
  });

  it('S57: two CUSTOM providers on a workload deny what they select', () => {
    const custom = (name: string) =>
      policy(
        `{ action: CUSTOM, provider: { name: ${name} }, rules: [{ to: [{ operation: { paths: ["/admin"] } }] }] }`,
        { name },
      );
    const both = custom('opa') + custom('other');
    expect(decision(both, { ...GET, path: '/admin' })).toBe('deny');
    expect(decision(both, GET)).toBe('allow');
    expect(decide(custom('opa'), { ...GET, path: '/admin' })).toMatchObject({
      decision: 'unknown',
      externalAuthorizers: ['opa'],
    });
    expect(decision(custom('opa'), GET)).toBe('allow');
  });

  it('S58: a negative principal lets plaintext in', () => {
    const yaml = policy(
      '{ rules: [{ from: [{ source: { notPrincipals: ["cluster.local/ns/x/sa/x"] } }] }] }',
    );
    expect(decision(yaml, { ...GET, peer: 'none' })).toBe('allow');
  });

  it('S59: hosts compare the port too', () => {
    const yaml = policy(
      '{ rules: [{ to: [{ operation: { hosts: ["a.example.com"] } }] }] }',
    );
    expect(decision(yaml, { ...GET, host: 'A.example.com' })).toBe('allow');
    expect(decision(yaml, { ...GET, host: 'a.example.com:8443' })).toBe('deny');
  });

  it('S60: ports are those of the enforcing proxy', () => {
    const rules = 'rules: [{ to: [{ operation: { ports: ["80"] } }] }]';
    expect(decision(policy(`{ ${rules} }`), GET)).toBe('deny');
    expect(
      decision(
        policy(`{ targetRefs: [{ kind: Service, name: a }], ${rules} }`),
        { ...GET, port: 80 },
        WAYPOINT,
      ),
    ).toBe('allow');
  });

  it('S61: a token is optional until a policy asks for it; a bad one is 401', () => {
    const jwt = requestAuthentication('iss', 'foo');
    const token = { issuer: 'iss', subject: 'me', valid: false };
    expect(decision(jwt, GET)).toBe('allow');
    expect(decide(jwt, { ...GET, token })).toMatchObject({
      decision: 'deny',
      refusal: '401',
    });
    const required =
      jwt +
      policy(
        '{ rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }',
      );
    expect(decide(required, GET)).toMatchObject({
      decision: 'deny',
      refusal: '403',
    });
    expect(
      decision(required, { ...GET, token: { ...token, valid: true } }),
    ).toBe('allow');
  });

  it('S62: RequestAuthentications add up', () => {
    const yaml =
      requestAuthentication('A', 'istio-system') +
      requestAuthentication('B', 'foo');
    const withIssuer = (issuer: string) =>
      decision(yaml, { ...GET, token: { issuer, subject: 's', valid: true } });
    expect([withIssuer('A'), withIssuer('B'), withIssuer('C')]).toEqual([
      'allow',
      'allow',
      'deny',
    ]);
  });

  it('S63: path templates', () => {
    const at = (template: string, path: string) =>
      decision(
        policy(
          `{ rules: [{ to: [{ operation: { paths: ["${template}"] } }] }] }`,
        ),
        { ...GET, path },
      );
    expect(at('/a/{*}/c', '/a/b/c')).toBe('allow');
    expect(at('/a/{*}/c', '/a/b/d/c')).toBe('deny');
    expect(at('/a/{**}', '/a/b/c')).toBe('allow');
    expect(at('/a/{**}', '/a/b/d/c')).toBe('allow');
    expect(at('/a/{**}', '/b')).toBe('deny');
  });

  it('S64: an unknown key drops its rule only', () => {
    const unknownKey = '{ when: [{ key: foo.bar, values: ["x"] }] }';
    expect(decision(policy(`{ rules: [${unknownKey}, {}] }`), GET)).toBe(
      'allow',
    );
    expect(decision(policy(`{ rules: [${unknownKey}] }`), GET)).toBe('deny');
  });

  it('S65: request principals split at the last slash', () => {
    const yaml =
      requestAuthentication('https://iss', 'foo') +
      requestAuthentication('https://iss/p', 'istio-system') +
      policy(
        '{ rules: [{ from: [{ source: { requestPrincipals: ["https://iss/*", "https://iss/p/x"] } }] }] }',
      );
    const withToken = (issuer: string, subject: string) =>
      decision(yaml, { ...GET, token: { issuer, subject, valid: true } });
    expect(withToken('https://iss', 'x')).toBe('allow');
    expect(withToken('https://iss/p', 'x')).toBe('allow');
    expect(withToken('https://iss/p', 'y')).toBe('deny');
  });

  it('S66: ipBlocks see the direct peer, remoteIpBlocks the client', () => {
    const request = { ...GET, sourceIp: '10.9.9.9', remoteIp: '192.0.2.1' };
    const block = (field: string) =>
      policy(
        `{ rules: [{ from: [{ source: { ${field}: ["192.0.2.0/24"] } }] }] }`,
      );
    expect(decision(block('ipBlocks'), request)).toBe('deny');
    expect(decision(block('remoteIpBlocks'), request)).toBe('allow');
  });
});
