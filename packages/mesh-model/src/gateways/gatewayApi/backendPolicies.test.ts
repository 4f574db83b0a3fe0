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

import { mesh } from '../../testing';
import { backendPolicyRulesOf } from './statusOfMesh';

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}, {name: https, port: 443}]}
---`;
const tls = (
  name: string,
  {
    created = '2024-01-01',
    section = '',
    validation = '{hostname: a.example.com, wellKnownCACertificates: System}',
    target = 'reviews',
    annotations = '',
    targets = undefined as string | undefined,
  } = {},
) => `
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: ${name}, uid: ${name}, namespace: shop, creationTimestamp: ${created}T00:00:00Z${annotations}}
spec: {targetRefs: [${
  targets ?? `{group: "", kind: Service, name: ${target}${section}}`
}], validation: ${validation}}
---`;
const TRAFFIC = `
apiVersion: gateway.networking.x-k8s.io/v1alpha1
kind: XBackendTrafficPolicy
metadata: {name: traffic, namespace: shop}
spec: {targetRefs: [{group: "", kind: Service, name: reviews}], retryConstraint: {budget: {percent: 20}}}
---`;
const istiod = (value: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system, labels: {app: istiod}}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, env: [{name: PILOT_ENABLE_ALPHA_GATEWAY_API, value: "${value}"}]}]}
---`;
const resultOf = (...policies: string[]) => {
  const { rules, policies: reported } = backendPolicyRulesOf(
    mesh`${SERVICE}${policies.join('')}`,
  );
  return {
    policy: rules[0]?.spec.trafficPolicy,
    accepted: Object.fromEntries(
      reported.map(({ policy, ancestors }) => [
        policy.metadata.name,
        ancestors.map(
          ({ conditions }) => `${conditions[0].status} ${conditions[0].reason}`,
        ),
      ]),
    ),
  };
};

describe('policies of Gateway API for a backend (R7.25)', () => {
  it('merge into one set of rules a Service', () => {
    expect(resultOf(tls('t'), TRAFFIC, istiod('true')).policy).toEqual({
      tls: { mode: 'SIMPLE', sni: 'a.example.com' },
      loadBalancer: {},
      retryBudget: { percent: 20, minRetryConcurrency: 10 },
    });
  });

  it.each([['false'], [undefined]])(
    'an XBackendTrafficPolicy is not read unless istiod is set to: %s',
    value => {
      const { policy, accepted } = resultOf(
        tls('t'),
        TRAFFIC,
        value === undefined ? '' : istiod(value),
      );
      expect(policy).toEqual({ tls: { mode: 'SIMPLE', sni: 'a.example.com' } });
      expect(accepted).toEqual({ t: ['True Accepted'] });
    },
  );

  it('of two for one target the older acts, and the younger says so', () => {
    const { policy, accepted } = resultOf(
      tls('young', {
        created: '2024-02-02',
        validation: '{hostname: b.example.com}',
      }),
      tls('old'),
    );
    expect(policy?.tls?.sni).toBe('a.example.com');
    expect(accepted).toEqual({
      old: ['True Accepted'],
      young: ['False Conflicted'],
    });
  });

  it('of two that are as old, the first by name acts', () => {
    expect(resultOf(tls('b'), tls('a')).accepted).toEqual({
      a: ['True Accepted'],
      b: ['False Conflicted'],
    });
  });

  it('a fault of one target stays on the targets after it', () => {
    const reviews = '{group: "", kind: Service, name: reviews}';
    const absent = '{group: "", kind: Service, name: absent}';
    expect(
      resultOf(tls('t', { targets: `${reviews}, ${absent}, ${reviews}` }))
        .accepted,
    ).toEqual({
      t: ['True Accepted', 'False TargetNotFound', 'False TargetNotFound'],
    });
  });

  it('of a ServiceEntry they are rules for each of its hosts', () => {
    const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: out, namespace: shop}
spec: {hosts: [a.example.com, b.example.com], ports: [{name: tls, number: 443, protocol: TLS}]}
---`;
    const targets =
      '{group: networking.istio.io, kind: ServiceEntry, name: out, sectionName: tls}';
    const { rules } = backendPolicyRulesOf(
      mesh`${entry}${tls('t', { targets })}`,
    );
    expect(
      rules.map(({ name, spec }) => [
        name,
        spec.host,
        spec.trafficPolicy?.portLevelSettings?.[0].port?.number,
      ]),
    ).toEqual([
      [
        'out~a-example-com~istio-autogenerated-k8s-gateway',
        'a.example.com',
        443,
      ],
      [
        'out~b-example-com~istio-autogenerated-k8s-gateway',
        'b.example.com',
        443,
      ],
    ]);
  });

  it('name as ancestors the Gateways that routes with the target name, attached or not', () => {
    const { policies } = backendPolicyRulesOf(mesh`${SERVICE}${tls('t')}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {parentRefs: [{name: absent}], rules: [{backendRefs: [{name: reviews, port: 80}]}]}
---`);
    expect(
      policies[0].ancestors.map(({ ancestorRef }) => ancestorRef.name),
    ).toEqual(['reviews', 'absent']);
  });

  it('a section is a port of the Service', () => {
    expect(
      resultOf(tls('t', { section: ', sectionName: https' })).policy,
    ).toEqual({
      portLevelSettings: [
        {
          port: { number: 443 },
          tls: { mode: 'SIMPLE', sni: 'a.example.com' },
        },
      ],
    });
    expect(
      resultOf(tls('t', { section: ', sectionName: none' })).accepted,
    ).toEqual({ t: ['False TargetNotFound'] });
  });

  it('a certificate that cannot be used lets nothing through rather than anything unverified', () => {
    const { policy, accepted } = resultOf(
      tls('t', {
        validation:
          '{hostname: a.example.com, caCertificateRefs: [{group: "", kind: Secret, name: s}]}',
      }),
    );
    expect(policy?.tls?.credentialName).toBe('invalid://');
    expect(accepted).toEqual({ t: ['False NoValidCACertificate'] });
  });

  it('targets that do not exist, and policies that are meant for others, set nothing', () => {
    expect(resultOf(tls('t', { target: 'absent' }))).toEqual({
      policy: undefined,
      accepted: { t: ['False TargetNotFound'] },
    });
    expect(
      resultOf(
        tls('t', {
          annotations:
            ', annotations: {istio.io/ignore-policy-attachment: "True"}',
        }),
      ),
    ).toEqual({
      policy: undefined,
      accepted: { t: ['False IgnoredByIstio'] },
    });
  });
});
