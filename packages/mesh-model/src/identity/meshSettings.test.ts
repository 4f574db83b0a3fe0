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

import { defaultClient } from '../membership';
import { scopeOf } from '../scoping/clientScope';
import { mesh } from '../testing';
import {
  booleanFlag,
  clusterLocalityOf,
  controlPlaneFlagsOf,
  DEFAULT_MESH_CONFIG,
  meshConfigOf,
  parseMeshConfig,
  serviceEntryVisibilityOf,
} from '.';

function config(name: string, text: string) {
  return `
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: istio-system}
data:
  mesh: '${text}'
---`;
}

function istiod(env: string) {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, env: [${env}]}, {name: other, env: [{name: NOT_READ, value: x}]}]}
---`;
}

const SHARED = '{name: SHARED_MESH_CONFIG, value: istio-shared}';

describe('a shared mesh configuration (R1.11)', () => {
  const shared = config(
    'istio-shared',
    '{trustDomain: shared, enableTracing: false, trustDomainAliases: [old], extensionProviders: [{name: a, prometheus: {}}, {name: b, prometheus: {}}]}',
  );
  const own = config(
    'istio',
    '{trustDomain: own, trustDomainAliases: [older], extensionProviders: [{name: b, stackdriver: {}}]}',
  );

  it('stands below the standard one, which wins field by field', () => {
    const found = meshConfigOf(mesh`${shared}${own}${istiod(SHARED)}`);
    expect(found).toMatchObject({
      trustDomain: 'own',
      enableTracing: false,
      trustDomainAliases: ['old', 'older'],
      problems: [],
    });
    expect(
      found.extensionProviders.map(({ name, type }) => `${name} ${type}`),
    ).toEqual(expect.arrayContaining(['b stackdriver', 'a prometheus']));
    expect(found.sharedSource?.metadata.name).toBe('istio-shared');
  });

  it('counts only when the control plane names it', () => {
    expect(meshConfigOf(mesh`${shared}${own}`).enableTracing).toBe(true);
  });

  it('is a problem, not a guess, when it is named and cannot be seen', () => {
    const { problems } = meshConfigOf(mesh`${own}${istiod(SHARED)}`);
    expect(problems[0].message).toContain('istio-shared');
  });
});

describe('flags of the control plane', () => {
  it('are read from its Deployment, and unknown without one', () => {
    const seen = controlPlaneFlagsOf(
      mesh`${istiod('{name: PILOT_X, value: "true"}, {name: FROM_ELSEWHERE}')}`,
    );
    expect(seen).toEqual({ seen: true, values: { PILOT_X: 'true' } });
    expect(booleanFlag(seen, 'PILOT_X', false)).toBe(true);
    expect(booleanFlag(seen, 'PILOT_Y', true)).toBe(true);
    expect(controlPlaneFlagsOf(mesh``).seen).toBe(false);
  });
});

describe('the domain of the cluster (R1.1)', () => {
  const domainWith = (args: string) =>
    meshConfigOf(
      mesh`${istiod('').replace('env: []', `env: [], args: ${args}`)}`,
    ).clusterDomain;

  it.each([
    ['[discovery, --domain, corp.internal]', 'corp.internal'],
    [
      '[discovery, --domain=corp.internal, --log_output_level=default:info]',
      'corp.internal',
    ],
    ['[discovery]', 'cluster.local'],
    ['[discovery, --domain]', 'cluster.local'],
  ])('follows the arguments of istiod: %s', (args, domain) => {
    expect(domainWith(args)).toBe(domain);
  });
});

describe('cluster-local hosts (R1.19)', () => {
  const locality = (host: string, text = '{}') =>
    clusterLocalityOf(parseMeshConfig(text), host).clusterLocal;

  it('are by default kube-system, the Kubernetes API and istiod', () => {
    expect(locality('dns.kube-system.svc.cluster.local')).toBe(true);
    expect(locality('kubernetes.default.svc.cluster.local')).toBe(true);
    expect(locality('istiod.istio-system.svc.cluster.local')).toBe(true);
    expect(locality('api.shop.svc.cluster.local')).toBe(false);
  });

  it('follow the most specific setting', () => {
    const settings = (local: boolean, host: string) =>
      `{settings: {clusterLocal: ${local}}, hosts: ["${host}"]}`;
    const text = `serviceSettings: [${settings(
      true,
      '*.shop.svc.cluster.local',
    )}, ${settings(false, 'api.shop.svc.cluster.local')}, ${settings(
      false,
      '*.kube-system.svc.cluster.local',
    )}]`;
    expect(locality('web.shop.svc.cluster.local', text)).toBe(true);
    expect(locality('api.shop.svc.cluster.local', text)).toBe(false);
    expect(locality('dns.kube-system.svc.cluster.local', text)).toBe(false);
  });
});

describe('how far ServiceEntries reach (R1.14)', () => {
  it('the first policy all of whose rules match decides; a rule it cannot read never matches', () => {
    const settings = parseMeshConfig(
      'serviceEntryVisibility: {defaultVisibility: NONE, policies: [{visibility: PUBLIC, matchingRules: [{hostnameSuffix: x}]}, {visibility: NAMESPACE, matchingRules: [{namespaceSelector: {matchLabels: {a: b}}}]}]}',
    );
    expect(serviceEntryVisibilityOf(settings, { a: 'b' })).toBe('NAMESPACE');
    expect(serviceEntryVisibilityOf(settings, {})).toBe('NONE');
    expect(serviceEntryVisibilityOf(DEFAULT_MESH_CONFIG, {})).toBe('PUBLIC');
  });

  it('binds sidecars only when it says so', () => {
    const known = (sidecars: boolean) => {
      const snapshot = mesh`${config(
        'istio',
        `{serviceEntryVisibility: {defaultVisibility: NAMESPACE, applyToSidecars: ${sidecars}}}`,
      )}
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: x, namespace: edge}
spec: {hosts: [x.example.com], ports: [{number: 80, name: http}]}
`;
      const sees = (namespace: string) =>
        scopeOf(snapshot, defaultClient(namespace)).serviceOf(
          'x.example.com',
        ) !== undefined;
      return [sees('edge'), sees('shop')];
    };
    expect(known(false)).toEqual([true, true]);
    expect(known(true)).toEqual([true, false]);
  });
});
