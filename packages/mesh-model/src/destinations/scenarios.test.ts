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
import type { SlimObjectByKind } from '../objects';
import { mesh } from '../testing';
import {
  clientTlsFor,
  destinationRuleFor,
  endpointTlsModeFor,
  inboundConnectionPoolOf,
  trafficPolicyFor,
} from '.';
import { indexDestinationRules } from './destinationRuleIndex';

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
spec: {clusterIP: 10.0.0.1, selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: 8080}]}
---`;
}

const host = (name: string, namespace: string) =>
  `${name}.${namespace}.svc.cluster.local`;

function ruleName(yaml: string, client: Client, asked: string) {
  return destinationRuleFor(mesh`${yaml}`, client, asked).rule?.from[0].metadata
    .name;
}

describe('whose DestinationRule is found', () => {
  const RULES = [
    service('app', 'test1'),
    service('app', 'test2'),
    service('app', 'test4'),
    service('app', 'random'),
    rule('one', 'test1', '{host: "*.local", exportTo: [".", ns1]}'),
    rule(
      'two',
      'test2',
      '{host: "*.local", exportTo: [test2, ns1, test1, newNS]}',
    ),
    rule('four', 'test4', '{host: "*.local", exportTo: [test4]}'),
    rule('root', 'istio-system', '{host: "*.local"}'),
  ].join('');
  const found = (client: string, namespace: string) =>
    ruleName(RULES, defaultClient(client), host('app', namespace));

  it('S94: that of the client’s namespace, else one the service’s namespace exports to it, else the root’s', () => {
    expect(found('test1', 'test2')).toBe('one');
    expect(found('newNS', 'test2')).toBe('two');
    expect(found('ns1', 'random')).toBe('root');
    expect(found('test5', 'test4')).toBe('root');
  });
});

describe('several DestinationRules for one host', () => {
  it('S98: one that is exported elsewhere stays apart from those that merge', () => {
    const snapshot = mesh`
${rule('first', 'shop', '{host: reviews, subsets: [{name: v1}]}')}
${rule(
  'second',
  'shop',
  '{host: reviews, subsets: [{name: v2}]}',
  '2024-01-02T00:00:00Z',
)}
${rule(
  'third',
  'shop',
  '{host: reviews, exportTo: [istio-system], subsets: [{name: v3}]}',
  '2024-01-03T00:00:00Z',
)}`;
    const index = indexDestinationRules(
      snapshot.list('DestinationRule', 'shop'),
      'shop',
      {
        rootNamespace: 'istio-system',
        clusterDomain: 'cluster.local',
        defaultExportTo: ['*'],
      },
    );
    expect(
      index.exported.exact
        .get(host('reviews', 'shop'))
        ?.map(({ subsets }) => subsets.map(({ value }) => value.name)),
    ).toEqual([['v1', 'v2'], ['v3']]);
    // The third is not for clients of its own namespace.
    expect(index.local.exact.get(host('reviews', 'shop'))).toHaveLength(1);
  });
});

describe('the connection pool of a server’s own proxy', () => {
  const SERVER = service('reviews', 'shop');
  const LIMITED = rule(
    'reviews',
    'shop',
    '{host: reviews, trafficPolicy: {connectionPool: {tcp: {maxConnections: 10}}}}',
  );
  function pool(yaml: string) {
    const snapshot = mesh`${SERVER}${yaml}`;
    const found = snapshot.get('Service', 'shop', 'reviews');
    const services: { service: SlimObjectByKind['Service']; port: number }[] =
      found === undefined ? [] : [{ service: found, port: 80 }];
    return inboundConnectionPoolOf(snapshot, {
      namespace: 'shop',
      labels: { app: 'reviews' },
      targetPort: 8080,
      services,
    });
  }
  const sidecar = (spec: string) => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: ${spec}
---`;

  it('S101: is limited by the DestinationRule of its service, which clients use too', () => {
    expect(pool(LIMITED)).toMatchObject({
      settings: { tcp: { maxConnections: 10 } },
      origin: 'destination-rule',
      provenance: {
        object: { name: 'reviews' },
        path: 'spec.trafficPolicy.connectionPool',
      },
    });
    expect(pool('')).toEqual({
      origin: 'default',
      says: expect.stringContaining('No limit'),
    });
  });

  it('R6.12: a Sidecar goes before it, its port before the rest', () => {
    const all = '{inboundConnectionPool: {tcp: {maxConnections: 5}}';
    expect(pool(`${LIMITED}${sidecar(`${all}}`)}`)).toMatchObject({
      settings: { tcp: { maxConnections: 5 } },
      origin: 'sidecar',
    });
    expect(
      pool(
        `${LIMITED}${sidecar(
          `${all}, ingress: [{port: {number: 8080, protocol: HTTP, name: http}, defaultEndpoint: 127.0.0.1:8080, connectionPool: {tcp: {maxConnections: 3}}}]}`,
        )}`,
      ),
    ).toMatchObject({
      settings: { tcp: { maxConnections: 3 } },
      provenance: { path: 'spec.ingress[0].connectionPool' },
    });
  });

  it('R6.5: ignores the workload selector of a DestinationRule', () => {
    expect(
      pool(
        rule(
          'selecting',
          'shop',
          '{host: reviews, workloadSelector: {matchLabels: {app: reviews}}, trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}}',
        ),
      ).origin,
    ).toBe('default');
  });
});

describe('policies of Gateway API for backends', () => {
  const backendTls = (created: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: backend-tls, namespace: shop, creationTimestamp: "${created}"}
spec:
  targetRefs: [{group: "", kind: Service, name: reviews}]
  validation: {hostname: reviews.example.com, wellKnownCACertificates: System}
---`;
  const HOST = host('reviews', 'shop');
  const CLIENT = defaultClient('web');

  it('S103: fill what a DestinationRule leaves open, and never change what it sets, whichever is older', () => {
    for (const created of ['2023-01-01T00:00:00Z', '2025-01-01T00:00:00Z']) {
      const pooled = mesh`${service('reviews', 'shop')}${backendTls(
        created,
      )}${rule(
        'user',
        'shop',
        '{host: reviews, trafficPolicy: {connectionPool: {tcp: {maxConnections: 7}}}}',
      )}`;
      const filled = trafficPolicyFor(
        destinationRuleFor(pooled, CLIENT, HOST).rule,
        80,
      );
      expect(filled.connectionPool?.value).toEqual({
        tcp: { maxConnections: 7 },
      });
      expect(filled.tls).toMatchObject({
        value: { mode: 'SIMPLE', sni: 'reviews.example.com' },
        object: { kind: 'BackendTLSPolicy' },
      });
      const disabled = mesh`${service('reviews', 'shop')}${backendTls(
        created,
      )}${rule(
        'user',
        'shop',
        '{host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}',
      )}`;
      expect(clientTlsFor(disabled, CLIENT, HOST, 80).mode).toBe('DISABLE');
    }
  });

  it('R6.6: act alone where no DestinationRule is', () => {
    const snapshot = mesh`${service('reviews', 'shop')}${backendTls(
      '2024-01-01T00:00:00Z',
    )}`;
    expect(clientTlsFor(snapshot, CLIENT, HOST, 80)).toMatchObject({
      mode: 'SIMPLE',
      provenance: {
        object: { kind: 'BackendTLSPolicy', name: 'backend-tls' },
        path: 'spec.validation',
      },
    });
    expect(
      endpointTlsModeFor(destinationRuleFor(snapshot, CLIENT, HOST).rule, 80)
        ?.value,
    ).toBe('SIMPLE');
  });
});
