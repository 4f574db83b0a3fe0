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

import fc from 'fast-check';
import { projectObject, type MeshObject } from '../objects';
import { snapshotOf, SnapshotStore, type MeshSnapshot } from '../snapshot';
import {
  backendPolicyRulesOf,
  exposureOf,
  gatewayApiStatusOf,
  gatewayProxyOf,
  routeAtGateway,
  routeStatusOf,
} from '.';

const API = 'gateway.networking.k8s.io/v1';
const namespace = fc.constantFrom('infra', 'shop', 'web');
const hostname = fc.constantFrom(
  undefined,
  '*.example.com',
  'a.example.com',
  'b.example.com',
);
const allowed = fc.constantFrom(
  undefined,
  { namespaces: { from: 'All' } },
  { namespaces: { from: 'None' } },
  {
    namespaces: {
      from: 'Selector',
      selector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
    },
  },
  { namespaces: { from: 'All' }, kinds: [{ kind: 'TCPRoute' }] },
);
const listener = fc.record(
  {
    name: fc.constantFrom('one', 'two', 'three'),
    port: fc.constantFrom(80, 443, 9000),
    protocol: fc.constantFrom('HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP', 'http'),
    hostname,
    tls: fc.constantFrom(
      undefined,
      { mode: 'Passthrough' },
      { certificateRefs: [{ name: 'c' }] },
      { certificateRefs: [{ name: 'c', namespace: 'shop' }] },
    ),
    allowedRoutes: allowed,
  },
  { requiredKeys: ['name', 'port', 'protocol'] },
);
const backend = fc.record(
  {
    name: fc.constantFrom('reviews', 'ratings', 'a.b'),
    namespace: fc.constantFrom(undefined, 'shop', 'web'),
    port: fc.constantFrom(80, 81, undefined),
    weight: fc.constantFrom(undefined, 0, 1, 3),
    kind: fc.constantFrom(undefined, 'Service', 'Bucket'),
  },
  { requiredKeys: ['name'] },
);
const parentRef = fc.constantFrom(
  { name: 'edge', namespace: 'infra' },
  { name: 'edge', namespace: 'infra', sectionName: 'one' },
  { name: 'edge', namespace: 'infra', port: 443 },
  { name: 'more', namespace: 'infra', kind: 'ListenerSet' },
  { name: 'nowhere' },
  { name: 'reviews', namespace: 'shop', kind: 'Service', group: '' },
);
const rule = fc.record(
  {
    backendRefs: fc.array(backend, { maxLength: 2 }),
    matches: fc.constantFrom(undefined, [], [{ path: { value: '/a' } }]),
    filters: fc.constantFrom(
      undefined,
      [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https' } }],
      [{ type: 'Unheard' }],
      [
        {
          type: 'RequestMirror',
          requestMirror: { backendRef: { name: 'ratings', port: 80 } },
        },
      ],
    ),
  },
  { requiredKeys: [] },
);
const item = fc.oneof(
  fc.record({
    apiVersion: fc.constant(API),
    kind: fc.constantFrom('HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'),
    namespace,
    spec: fc.record({
      parentRefs: fc.array(parentRef, { maxLength: 2 }),
      hostnames: fc.constantFrom(
        undefined,
        ['a.example.com'],
        ['a.example.com', '*.example.com'],
      ),
      rules: fc.array(rule, { maxLength: 2 }),
    }),
  }),
  fc.record({
    apiVersion: fc.constant(API),
    kind: fc.constant('ListenerSet'),
    namespace: fc.constantFrom('infra', 'shop'),
    spec: fc.record({
      parentRef: fc.constant({ name: 'edge', namespace: 'infra' }),
      listeners: fc.array(listener, { maxLength: 2 }),
    }),
  }),
  fc.record({
    apiVersion: fc.constant('gateway.networking.k8s.io/v1beta1'),
    kind: fc.constant('ReferenceGrant'),
    namespace,
    spec: fc.constant({
      from: [
        {
          group: 'gateway.networking.k8s.io',
          kind: 'HTTPRoute',
          namespace: 'web',
        },
      ],
      to: [{ group: '', kind: 'Service' }],
    }),
  }),
  fc.record({
    apiVersion: fc.constant(API),
    kind: fc.constant('BackendTLSPolicy'),
    namespace,
    spec: fc.record({
      targetRefs: fc.constant([
        { group: '', kind: 'Service', name: 'reviews' },
      ]),
      validation: fc.constantFrom(
        { hostname: 'a.example.com', wellKnownCACertificates: 'System' },
        { hostname: 'b.example.com' },
      ),
    }),
  }),
  fc.record({
    apiVersion: fc.constant('networking.istio.io/v1'),
    kind: fc.constant('Gateway'),
    namespace,
    spec: fc.record({
      selector: fc.constantFrom(undefined, { app: 'edge' }),
      servers: fc.constant([
        {
          port: { number: 80, protocol: 'HTTP', name: 'http' },
          hosts: ['*'],
        },
      ]),
    }),
  }),
  fc.record({
    apiVersion: fc.constant('networking.k8s.io/v1'),
    kind: fc.constant('Ingress'),
    namespace,
    spec: fc.record(
      {
        ingressClassName: fc.constantFrom('mesh', 'other'),
        tls: fc.constant([{ hosts: ['a.example.com'], secretName: 's' }]),
        rules: fc.constant([
          {
            host: 'a.example.com',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: {
                    service: { name: 'reviews', port: { name: 'http' } },
                  },
                },
              ],
            },
          },
        ]),
      },
      { requiredKeys: ['rules'] },
    ),
  }),
);

const GATEWAY_LABELS = {
  app: 'edge',
  istio: 'ingressgateway',
  'gateway.networking.k8s.io/gateway-name': 'edge',
};
const fixed = (listeners: readonly unknown[]) => [
  ...['infra', 'shop', 'web'].map(name => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  })),
  {
    apiVersion: API,
    kind: 'Gateway',
    metadata: { name: 'edge', namespace: 'infra' },
    spec: {
      gatewayClassName: 'istio',
      allowedListeners: { namespaces: { from: 'All' } },
      listeners,
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'mesh' },
    spec: { controller: 'istio.io/ingress-controller' },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'edge-istio', namespace: 'infra' },
    spec: {
      clusterIP: '10.0.0.1',
      selector: { app: 'edge' },
      ports: [80, 443, 9000].map(port => ({ name: `p-${port}`, port })),
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'edge-1', namespace: 'infra', labels: GATEWAY_LABELS },
    spec: { containers: [{ name: 'istio-proxy', image: 'i' }] },
  },
  ...['reviews', 'ratings'].map(name => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { clusterIP: '10.0.0.2', ports: [{ name: 'http', port: 80 }] },
  })),
];

const objects = fc
  .tuple(
    fc.array(listener, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(item, fc.integer({ min: 0, max: 2 })), { maxLength: 7 }),
  )
  .map(([listeners, items]) => [
    ...fixed(listeners),
    ...items.map(([{ namespace: where, ...rest }, age], index) => ({
      ...rest,
      metadata: {
        name: rest.kind === 'ListenerSet' ? 'more' : `object-${index}`,
        namespace: where,
        creationTimestamp: `2024-01-0${age + 1}T00:00:00Z`,
      },
    })),
  ]);

function projected(raws: readonly unknown[]): MeshObject[] {
  const found = raws.flatMap(raw => projectObject(raw) ?? []);
  // Of objects with one name the store keeps the last: only one is given, so that order has nothing to decide.
  return [
    ...new Map(
      found.map(object => [
        `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`,
        object,
      ]),
    ).values(),
  ];
}

function answersOf(snapshot: MeshSnapshot) {
  const routes = [
    ...snapshot.list('HTTPRoute'),
    ...snapshot.list('GRPCRoute'),
    ...snapshot.list('TLSRoute'),
    ...snapshot.list('TCPRoute'),
  ];
  const [pod] = snapshot.list('Pod', 'infra');
  const proxy = gatewayProxyOf(snapshot, pod);
  return {
    gateways: snapshot
      .list('K8sGateway')
      .map(gateway => gatewayApiStatusOf(snapshot, gateway)),
    routes: routes.map(route => routeStatusOf(snapshot, route)),
    policies: backendPolicyRulesOf(snapshot),
    exposure: ['reviews', 'ratings'].map(name =>
      exposureOf(snapshot, { namespace: 'shop', name }),
    ),
    requests: [80, 443, 9000].flatMap(port =>
      [true, false].map(tls =>
        routeAtGateway(snapshot, proxy, {
          port,
          tls,
          authority: 'a.example.com',
          path: '/a/b',
        }),
      ),
    ),
  };
}

describe('gateways of any mesh', () => {
  it('never throw, and the order of objects never changes an answer', () => {
    fc.assert(
      fc.property(
        objects.chain(raws =>
          fc.tuple(
            fc.constant(projected(raws)),
            fc.shuffledSubarray(projected(raws), {
              minLength: projected(raws).length,
            }),
          ),
        ),
        ([given, shuffled]) => {
          expect(answersOf(snapshotOf(shuffled))).toEqual(
            answersOf(snapshotOf(given)),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('answer after every change as if built anew', () => {
    fc.assert(
      fc.property(objects, raws => {
        const all = projected(raws);
        const [start, later] = [all.slice(0, 9), all.slice(9)];
        const store = new SnapshotStore();
        store.apply(start.map(object => ({ type: 'upsert' as const, object })));
        answersOf(store);
        for (const [index, object] of later.entries()) {
          store.apply([{ type: 'upsert', object }]);
          expect(answersOf(store)).toEqual(
            answersOf(snapshotOf([...start, ...later.slice(0, index + 1)])),
          );
        }
        for (const [index, { kind, metadata }] of later.entries()) {
          const { namespace: where, name } = metadata;
          store.apply([{ type: 'delete', kind, namespace: where, name }]);
          expect(answersOf(store)).toEqual(
            answersOf(snapshotOf([...start, ...later.slice(index + 1)])),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a route in a namespace that no listener allows never changes what gateways do', () => {
    fc.assert(
      fc.property(objects, raws => {
        const closed = projected(raws).filter(
          ({ kind }) => kind !== 'K8sGateway' && kind !== 'ListenerSet',
        );
        const gateway = projectObject({
          apiVersion: API,
          kind: 'Gateway',
          metadata: { name: 'edge', namespace: 'infra' },
          spec: {
            gatewayClassName: 'istio',
            listeners: [{ name: 'one', port: 80, protocol: 'HTTP' }],
          },
        });
        const base = [...closed, ...(gateway === undefined ? [] : [gateway])];
        const foreign = base.filter(
          ({ kind, metadata }) =>
            kind.endsWith('Route') && metadata.namespace !== 'infra',
        );
        const without = base.filter(object => !foreign.includes(object));
        expect(answersOf(snapshotOf(base)).requests).toEqual(
          answersOf(snapshotOf(without)).requests,
        );
      }),
      { numRuns: 60 },
    );
  });
});
