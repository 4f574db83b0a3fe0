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

import { defaultClient, type Client } from '../membership';
import { mesh } from '../testing';
import {
  clientTlsFor,
  destinationRuleFor,
  endpointTlsModeFor,
  resilienceOf,
  trafficPolicyFor,
} from '.';

function rule(
  name: string,
  namespace: string,
  spec: string,
  created = '2024-01-01T00:00:00Z',
) {
  return `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}"}
spec: ${spec}
---`;
}

function service(name: string, namespace: string) {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {clusterIP: 10.0.0.1, selector: {app: ${name}}, ports: [{name: http, port: 80}]}
---`;
}

const HOST = 'reviews.shop.svc.cluster.local';

function chosen(
  snapshot: ReturnType<typeof mesh>,
  client: Client,
  host = HOST,
) {
  return destinationRuleFor(snapshot, client, host);
}

const nameOf = (choice: ReturnType<typeof chosen>) =>
  choice.rule?.from[0].metadata.name;
const subsetsOf = (choice: ReturnType<typeof chosen>) =>
  choice.rule?.subsets.map(subset => subset.value.name);

describe('which DestinationRule acts', () => {
  it("S96: a wildcard of the client's namespace wins over the service's own rule, wholesale", () => {
    const snapshot = mesh`${service('reviews', 'shop')}
${rule(
  'wide',
  'web',
  '{host: "*.local", trafficPolicy: {connectionPool: {tcp: {maxConnections: 7}}}}',
)}
${rule(
  'reviews',
  'shop',
  '{host: reviews, subsets: [{name: v1}], trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}',
)}`;
    const choice = chosen(snapshot, defaultClient('web'));
    expect(nameOf(choice)).toBe('wide');
    expect(choice.step).toBe('client-namespace');
    expect(subsetsOf(choice)).toEqual([]);
    expect(
      clientTlsFor(snapshot, defaultClient('web'), HOST, 80).mode,
    ).toBeUndefined();
    expect(choice.losers).toEqual([
      expect.objectContaining({
        object: expect.objectContaining({ name: 'reviews' }),
      }),
    ]);
  });

  it('S97: two rules for one host merge their subsets; the first traffic policy stays', () => {
    const choice = chosen(
      mesh`${service('reviews', 'shop')}
${rule(
  'first',
  'shop',
  '{host: reviews, subsets: [{name: v1}, {name: v2}], trafficPolicy: {tls: {mode: DISABLE}}}',
)}
${rule(
  'second',
  'shop',
  '{host: reviews, subsets: [{name: v2}, {name: v3}], trafficPolicy: {tls: {mode: SIMPLE}}}',
  '2024-02-01T00:00:00Z',
)}`,
      defaultClient('web'),
    );
    expect(subsetsOf(choice)).toEqual(['v1', 'v2', 'v3']);
    expect(choice.rule?.trafficPolicy?.object.metadata.name).toBe('first');
    expect(choice.losers.map(loser => loser.path)).toEqual([
      'spec.subsets[0]',
      'spec.trafficPolicy',
    ]);
  });

  it('S99: a rule with a selector acts on the pods it selects, and never outside its namespace', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
${rule(
  'for-app1',
  'shop',
  '{host: reviews, exportTo: [".", web], workloadSelector: {matchLabels: {app: app1}}, subsets: [{name: own}]}',
)}
${rule(
  'for-all',
  'shop',
  '{host: reviews, exportTo: [".", web], subsets: [{name: all}]}',
)}`;
    const app1 = { ...defaultClient('shop'), labels: { app: 'app1' } };
    expect(subsetsOf(chosen(snapshot, app1))).toEqual(['own', 'all']);
    expect(subsetsOf(chosen(snapshot, defaultClient('shop')))).toEqual(['all']);
    const outside = chosen(snapshot, { ...app1, namespace: 'web' });
    expect(subsetsOf(outside)).toEqual(['all']);
    expect(outside.losers[0].says).toContain(
      'only on clients of its own namespace',
    );
  });

  it('R6.5: a rule whose selector does not match keeps rules of other namespaces out, which are told so', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
${rule(
  'for-app1',
  'web',
  '{host: reviews.shop.svc.cluster.local, workloadSelector: {matchLabels: {app: app1}}}',
)}
${rule('of-service', 'shop', '{host: reviews}')}
${rule('elsewhere', 'other', '{host: reviews.shop.svc.cluster.local}')}`;
    const choice = chosen(snapshot, defaultClient('web'));
    expect(choice.rule).toBeUndefined();
    expect(
      Object.fromEntries(
        choice.losers.map(({ object, path, says }) => [
          object.name,
          [path, says],
        ]),
      ),
    ).toEqual({
      'for-app1': [
        'spec.workloadSelector',
        "Its workloadSelector does not match the client's labels",
      ],
      'of-service': [
        'spec.host',
        'Rules of namespace web with a workloadSelector are found first, and none of them selects this client; rules of several namespaces do not merge',
      ],
      elsewhere: [
        'metadata.namespace',
        'Never looked up: rules come from web (the client) and shop (the service) and istio-system (the root) only',
      ],
    });
  });

  it('R6.2: names a namespace once that is that of the client and of the service', () => {
    const { losers } = chosen(
      mesh`${service('reviews', 'shop')}
${rule('elsewhere', 'other', '{host: reviews.shop.svc.cluster.local}')}`,
      defaultClient('shop'),
    );
    expect(losers[0].says).toBe(
      'Never looked up: rules come from shop (the client, the service) and istio-system (the root) only',
    );
  });

  it('S104: a public rule of the root namespace does not come first for clients there', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
${rule('root', 'istio-system', '{host: reviews.shop.svc.cluster.local}')}
${rule('own', 'shop', '{host: reviews}')}`;
    expect(nameOf(chosen(snapshot, defaultClient('istio-system')))).toBe('own');
  });

  it('S95: for clients in the root namespace the longer private wildcard wins', () => {
    const snapshot = mesh`
${rule('short', 'istio-system', '{host: "*.org", exportTo: ["."]}')}
${rule('long', 'istio-system', '{host: "*.app.org", exportTo: ["."]}')}`;
    expect(
      nameOf(chosen(snapshot, defaultClient('istio-system'), 'foo.app.org')),
    ).toBe('long');
    expect(
      nameOf(chosen(snapshot, defaultClient('web'), 'foo.app.org')),
    ).toBeUndefined();
  });

  it('R6.3: a rule that is not exported is a loser with the reason', () => {
    const choice = chosen(
      mesh`${service('reviews', 'shop')}${rule(
        'private',
        'shop',
        '{host: reviews, exportTo: ["."]}',
      )}`,
      defaultClient('web'),
    );
    expect(choice.rule).toBeUndefined();
    expect(choice.losers[0]).toMatchObject({
      path: 'spec.exportTo',
      says: 'Not exported to namespace web',
    });
  });
});

describe('the values in effect', () => {
  const settingOf = (
    settings: readonly { setting: string; value: unknown; origin: string }[],
    setting: string,
  ) => settings.find(item => item.setting === setting);

  it('S100: a port entry replaces what stands above it, even what it does not mention', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
${rule(
  'reviews',
  'shop',
  '{host: reviews, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 3}, connectionPool: {tcp: {maxConnections: 5}}, portLevelSettings: [{port: {number: 80}, tls: {mode: DISABLE}}]}}',
)}`;
    const web = defaultClient('web');
    const on80 = resilienceOf(snapshot, web, HOST, 80);
    expect(on80.outlierDetectionEnabled).toBe(false);
    expect(
      settingOf(on80.connectionPool, 'connectionPool.tcp.maxConnections'),
    ).toMatchObject({
      value: undefined,
      origin: 'default',
    });
    const on81 = resilienceOf(snapshot, web, HOST, 81);
    expect(
      settingOf(on81.connectionPool, 'connectionPool.tcp.maxConnections'),
    ).toMatchObject({
      value: 5,
      origin: 'destination-rule',
      provenance: {
        path: 'spec.trafficPolicy.connectionPool.tcp.maxConnections',
      },
    });
    expect(
      settingOf(on81.outlierDetection, 'outlierDetection.interval'),
    ).toMatchObject({
      value: '10s',
      origin: 'default',
    });
  });

  it('R3.10: the endpoint builder lets a port entry without tls inherit, the cluster does not', () => {
    const { rule: merged } = chosen(
      mesh`${service('reviews', 'shop')}
${rule(
  'reviews',
  'shop',
  '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}, portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]}}',
)}`,
      defaultClient('web'),
    );
    expect(trafficPolicyFor(merged, 80).tls).toBeUndefined();
    expect(endpointTlsModeFor(merged, 80)?.value).toBe('DISABLE');
  });

  it('R6.8: a subset overrides block by block and inherits the rest', () => {
    const { rule: merged } = chosen(
      mesh`${service('reviews', 'shop')}
${rule(
  'reviews',
  'shop',
  '{host: reviews, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, loadBalancer: {simple: RANDOM}}, subsets: [{name: v1, trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}}]}',
)}`,
      defaultClient('web'),
    );
    const policy = trafficPolicyFor(merged, 80, 'v1');
    expect(policy.loadBalancer).toMatchObject({
      value: { simple: 'ROUND_ROBIN' },
      path: 'spec.subsets[0].trafficPolicy.loadBalancer',
    });
    expect(policy.tls?.path).toBe('spec.trafficPolicy.tls');
  });

  it('S102: locality failover needs outlier detection', () => {
    const at = (policy: string) =>
      resilienceOf(
        mesh`${service('reviews', 'shop')}${rule(
          'reviews',
          'shop',
          `{host: reviews, trafficPolicy: {${policy}loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}}}`,
        )}`,
        defaultClient('web'),
        HOST,
        80,
      ).locality.says;
    expect(at('')).toContain('No failover');
    expect(at('outlierDetection: {consecutive5xxErrors: 1}, ')).toContain(
      'others are the failover',
    );
  });

  it('R6.15: credentialName does nothing for a sidecar unless the rule selects workloads', () => {
    const spec = (selector: string) =>
      mesh`${service('reviews', 'shop')}${rule(
        'reviews',
        'web',
        `{host: reviews.shop.svc.cluster.local, ${selector}trafficPolicy: {tls: {mode: SIMPLE, credentialName: cert}}}`,
      )}`;
    expect(
      clientTlsFor(spec(''), defaultClient('web'), HOST, 80).brokenBecause,
    ).toContain('plaintext is sent');
    expect(
      clientTlsFor(
        spec('workloadSelector: {matchLabels: {app: a}}, '),
        { ...defaultClient('web'), labels: { app: 'a' } },
        HOST,
        80,
      ).brokenBecause,
    ).toBeUndefined();
  });

  it('R1.13: the mesh default fills a block that no rule sets', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: "defaultTrafficPolicy: {connectionPool: {tcp: {maxConnections: 9}}}"
`;
    expect(
      settingOf(
        resilienceOf(snapshot, defaultClient('web'), HOST, 80).connectionPool,
        'connectionPool.tcp.maxConnections',
      ),
    ).toMatchObject({ value: 9, origin: 'mesh-config' });
  });
});
