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

import { workloadOf } from '../../membership';
import { mesh } from '../../testing';
import { BOOKINFO, reviewsOf } from '../../testing/bookinfo';
import { exposureOf } from '../exposure';
import { admissionAtGateway, admissionAtService } from '.';

const EDGE = `
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: v1
kind: Pod
metadata: {name: edge-1, namespace: istio-system, labels: {istio: edge}}
spec: {serviceAccountName: edge, containers: [{name: istio-proxy, image: "istio/proxyv2:1.27.1", args: [proxy, router]}]}
status: {phase: Running, podIP: 10.1.0.9, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: bookinfo}
spec: {hosts: [shop.example], gateways: [istio-system/edge], http: [{route: [{destination: {host: reviews, port: {number: 9080}}}]}]}
---`;

function gateway(
  tls = '{mode: SIMPLE, credentialName: c}',
  protocol = 'HTTPS',
) {
  return `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: istio-system}
spec: {selector: {istio: edge}, servers: [{port: {number: 443, name: a, protocol: ${protocol}}, hosts: ["*"], tls: ${tls}}]}
---`;
}

function policy(namespace: string, spec: string): string {
  return `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: ${namespace}}
spec: {${spec}}
---`;
}

const AT_GATEWAY = 'selector: {matchLabels: {istio: edge}}, ';

function asked(...yaml: string[]) {
  const snapshot = mesh`${[EDGE, ...yaml, BOOKINFO].join('')}`;
  const [path] = exposureOf(snapshot, {
    namespace: 'bookinfo',
    name: 'reviews',
  }).paths;
  const workload = workloadOf(snapshot, 'istio-system', 'Pod', 'edge-1');
  if (workload === undefined) {
    throw new Error('The test needs Pod istio-system/edge-1.');
  }
  return { snapshot, path, workload };
}

function atGateway(policies: string, tls?: string, outerPort = 443) {
  const { snapshot, path, workload } = asked(gateway(tls), policies);
  return admissionAtGateway(snapshot, path, workload, outerPort);
}

describe('who may come in at a gateway', () => {
  it('is everybody where no policy acts on it', () => {
    const { admits, verdict } = atGateway('');
    expect(admits).toBe('everybody');
    expect(verdict.reason).toBe(
      'Everybody may come in: no policy restricts it at the gateway',
    );
  });

  it('does not count a policy that selects other pods', () => {
    const other = policy(
      'istio-system',
      'selector: {matchLabels: {istio: other}}',
    );
    expect(atGateway(other).admits).toBe('everybody');
  });

  it('is nobody where an ALLOW policy has no rules', () => {
    expect(atGateway(policy('istio-system', AT_GATEWAY))).toMatchObject({
      admits: 'nobody',
      verdict: {
        state: 'fail',
        facts: [{ object: { name: 'p' }, path: 'spec.rules' }],
      },
    });
  });

  it('is nobody where the only rule asks for another host than the way has', () => {
    const rule = (host: string) =>
      policy(
        'istio-system',
        `${AT_GATEWAY}rules: [{to: [{operation: {hosts: [${host}]}}]}]`,
      );
    expect(atGateway(rule('other.example')).admits).toBe('nobody');
    expect(atGateway(rule('shop.example')).admits).toBe('everybody');
  });

  it('compares the host with its port where callers send one', () => {
    const rule = policy(
      'istio-system',
      `${AT_GATEWAY}rules: [{to: [{operation: {hosts: [shop.example]}}]}]`,
    );
    expect(atGateway(rule, undefined, 8443).admits).toBe('nobody');
  });

  it('depends on the caller where rules name client addresses', () => {
    const { admits, verdict } = atGateway(
      policy(
        'istio-system',
        `${AT_GATEWAY}rules: [{from: [{source: {remoteIpBlocks: [10.0.0.0/8]}}]}]`,
      ),
    );
    expect(admits).toBe('some');
    expect(verdict.state).toBe('unknown');
    expect(verdict.reason).toMatch(/^Who may come in depends on .*address/);
    // R7.11
    expect(verdict.reason).toMatch(/trusts no proxy in front of it/);
  });

  it('is not known where an external authorizer decides', () => {
    const custom = `${AT_GATEWAY}action: CUSTOM, provider: {name: oauth}, rules: [{}]`;
    expect(atGateway(policy('istio-system', custom)).admits).toBe('unknown');
  });

  it('R4.6: a token that is only checked keeps nobody out; one that is required does', () => {
    const checked = `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: jwt, namespace: istio-system}
spec: {${AT_GATEWAY}jwtRules: [{issuer: a}]}
---`;
    const required = policy(
      'istio-system',
      `${AT_GATEWAY}rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]`,
    );
    expect(atGateway(checked).admits).toBe('everybody');
    expect(atGateway(checked + required)).toMatchObject({
      admits: 'some',
      verdict: { state: 'unknown' },
    });
    // Without a RequestAuthentication nobody has a principal.
    expect(atGateway(required).admits).toBe('nobody');
  });

  it('knows that callers without certificates have no identity', () => {
    const rule = policy(
      'istio-system',
      `${AT_GATEWAY}rules: [{from: [{source: {namespaces: [a]}}]}]`,
    );
    expect(atGateway(rule).admits).toBe('nobody');
    expect(atGateway(rule, '{mode: MUTUAL, credentialName: c}').admits).toBe(
      'some',
    );
  });
});

function atService(policies: string, tls?: string, protocol?: string) {
  const { snapshot, path, workload } = asked(gateway(tls, protocol), policies);
  return admissionAtService(snapshot, path, reviewsOf(snapshot), workload);
}

const MESH_MTLS = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---`;

const PLAINTEXT = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: bookinfo}
spec: {host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}
---`;

function allows(serviceAccount: string, operation = ''): string {
  return policy(
    'bookinfo',
    `rules: [{from: [{source: {principals: [cluster.local/ns/istio-system/sa/${serviceAccount}]}}]${operation}}]`,
  );
}

describe('does the service let the gateway in', () => {
  it('does where nothing restricts it', () => {
    expect(atService('')).toMatchObject({
      admits: 'yes',
      verdict: {
        state: 'pass',
        reason: expect.stringContaining(
          'lets the gateway in (istio-system/edge)',
        ),
      },
    });
  });

  it('does by the rule that names its identity', () => {
    expect(atService(allows('edge'))).toMatchObject({
      admits: 'yes',
      verdict: {
        reason: expect.stringContaining(
          'ALLOW policy bookinfo/p matches (spec.rules[0])',
        ),
        facts: [{ path: 'spec.rules[0]' }],
      },
    });
  });

  it('does not where only others are allowed, and says what would let it in', () => {
    expect(atService(allows('other'))).toMatchObject({
      admits: 'no',
      verdict: { state: 'fail' },
      remedy: expect.stringContaining(
        'spec.rules[0].from[0].source.principals',
      ),
    });
  });

  it('does not where it sends plaintext, so that it has no identity', () => {
    const { admits, verdict } = atService(allows('edge') + PLAINTEXT);
    expect(admits).toBe('no');
    expect(verdict.reason).toContain('without an identity of the mesh');
  });

  it('R3.17: does not where it sends plaintext and the pods demand mutual TLS', () => {
    const { admits, verdict } = atService(MESH_MTLS + PLAINTEXT);
    expect(admits).toBe('no');
    expect(verdict.reason).toContain('the server demands mutual TLS');
  });

  it('depends on the request where the rule names methods', () => {
    const { admits, verdict } = atService(
      allows('edge', ', to: [{operation: {methods: [GET]}}]'),
    );
    expect(admits).toBe('some');
    expect(verdict).toMatchObject({ state: 'unknown' });
    expect(verdict.reason).toContain('depends on method');
  });

  it('judges the port that the route names, not the others of the service', () => {
    const onPort = (port: number) =>
      policy(
        'bookinfo',
        `action: DENY, rules: [{to: [{operation: {ports: ["${port}"]}}]}]`,
      );
    expect(atService(onPort(9000)).admits).toBe('yes');
    expect(atService(onPort(9080)).admits).toBe('no');
  });

  it('is not known where the connection of the caller passes through unopened', () => {
    const { snapshot, path, workload } = asked(gateway());
    expect(
      admissionAtService(
        snapshot,
        { ...path, tlsMode: 'AUTO_PASSTHROUGH' },
        reviewsOf(snapshot),
        workload,
      ).admits,
    ).toBe('unknown');
  });

  it('is a refusal where some pods refuse, and not known where a subset may leave them out', () => {
    const second = `
apiVersion: v1
kind: Pod
metadata: {name: reviews-2, namespace: bookinfo, labels: {app: reviews, version: v2, security.istio.io/tlsMode: istio}}
spec: {containers: [{name: reviews}, {name: istio-proxy, image: "istio/proxyv2:1.27.1"}]}
status: {phase: Running, podIP: 10.1.0.2, conditions: [{type: Ready, status: "True"}]}
---`;
    const denied = policy('bookinfo', 'selector: {matchLabels: {version: v2}}');
    expect(atService(second + denied)).toMatchObject({
      admits: 'some',
      verdict: { state: 'fail' },
    });
    const { snapshot, path, workload } = asked(gateway(), second, denied);
    expect(
      admissionAtService(
        snapshot,
        { ...path, sendsTo: [{ port: 9080, subset: 'v1' }] },
        reviewsOf(snapshot),
        workload,
      ),
    ).toMatchObject({ admits: 'unknown', verdict: { state: 'unknown' } });
  });
});
