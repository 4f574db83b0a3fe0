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
import { destinationRuleFor, resilienceOf } from '../destinations';
import { exposureOf } from '../gateways';
import { defaultClient } from '../membership';
import { projectObject, type MeshObject } from '../objects';
import { snapshotOf } from '../snapshot';
import { routeRequest, routesOfService } from '.';

const namespace = fc.constantFrom('shop', 'web', 'istio-system');
const host = fc.constantFrom(
  'a',
  'b',
  'a.shop.svc.cluster.local',
  '*',
  '*.local',
  '',
  '~',
  'x.example.com',
);
const exportTo = fc.array(fc.constantFrom('.', '*', '~', 'web'), {
  maxLength: 2,
});
const uri = fc.constantFrom(
  { prefix: '/' },
  { exact: '/a' },
  { regex: '(' },
  { regex: '.*' },
  {},
);
const destination = fc.record(
  {
    destination: fc.record(
      {
        host,
        subset: fc.constantFrom('v1', 'v2', ''),
        port: fc.constant({ number: 80 }),
      },
      { requiredKeys: ['host'] },
    ),
    weight: fc.integer({ min: 0, max: 100 }),
  },
  { requiredKeys: ['destination'] },
);
const httpRoute = fc.record(
  {
    match: fc.array(
      fc.record(
        {
          uri,
          port: fc.constantFrom(80, 81),
          gateways: fc.array(fc.constantFrom('mesh', 'gw'), { maxLength: 1 }),
          sourceNamespace: namespace,
        },
        { requiredKeys: [] },
      ),
      { maxLength: 2 },
    ),
    route: fc.array(destination, { maxLength: 3 }),
    delegate: fc.constant({ name: 'object-0' }),
    timeout: fc.constantFrom('1s', '0s', 'soon'),
  },
  { requiredKeys: [] },
);
const spec = fc.oneof(
  fc.record({
    kind: fc.constant('VirtualService'),
    spec: fc.record(
      {
        hosts: fc.array(host, { maxLength: 2 }),
        gateways: fc.array(fc.constantFrom('mesh', 'gw', './gw'), {
          maxLength: 2,
        }),
        http: fc.array(httpRoute, { maxLength: 3 }),
        exportTo,
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    kind: fc.constant('DestinationRule'),
    spec: fc.record(
      {
        host,
        exportTo,
        subsets: fc.array(fc.record({ name: fc.constantFrom('v1', 'v2') }), {
          maxLength: 2,
        }),
        workloadSelector: fc.constant({ matchLabels: { app: 'x' } }),
        trafficPolicy: fc.constant({
          connectionPool: { tcp: { maxConnections: 1 } },
        }),
      },
      { requiredKeys: ['host'] },
    ),
  }),
  fc.record({
    kind: fc.constant('Sidecar'),
    spec: fc.record(
      {
        egress: fc.array(
          fc.record({
            hosts: fc.array(
              fc.constantFrom('./*', '*/*', 'x', '~/*', 'shop/a'),
              { maxLength: 2 },
            ),
          }),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    kind: fc.constant('Gateway'),
    spec: fc.record({
      servers: fc.array(
        fc.record({
          port: fc.constant({ number: 80, protocol: 'HTTP', name: 'http' }),
          hosts: fc.array(host, { maxLength: 2 }),
        }),
        { maxLength: 2 },
      ),
    }),
  }),
);

const SERVICES = ['a', 'b'].map(name => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: {
    clusterIP: '10.0.0.1',
    ports: [
      { name: 'http', port: 80 },
      { name: 'tcp', port: 81 },
    ],
  },
}));

const objects = fc
  .array(fc.tuple(namespace, spec, fc.integer({ min: 0, max: 3 })), {
    maxLength: 8,
  })
  .map(items => [
    ...SERVICES,
    ...items.map(([where, item, age], index) => ({
      apiVersion: 'networking.istio.io/v1',
      ...item,
      metadata: {
        name: `object-${index}`,
        namespace: where,
        creationTimestamp: `2024-01-0${age + 1}T00:00:00Z`,
      },
    })),
  ]);

function answersOf(raws: readonly unknown[]): unknown {
  const projected = raws
    .map(raw => projectObject(raw))
    .filter((object): object is MeshObject => object !== undefined);
  const snapshot = snapshotOf(projected);
  return ['shop', 'web', 'istio-system'].map(where => {
    const client = defaultClient(where);
    return [
      routesOfService(snapshot, client, { namespace: 'shop', name: 'a' }),
      routeRequest(snapshot, client, {
        port: 80,
        protocol: 'http',
        authority: 'a.shop',
        path: '/a',
      }),
      routeRequest(snapshot, client, { port: 81, protocol: 'tcp' }),
      destinationRuleFor(snapshot, client, 'a.shop.svc.cluster.local'),
      resilienceOf(snapshot, client, 'a.shop.svc.cluster.local', 80, 'v1'),
      exposureOf(snapshot, { namespace: 'shop', name: 'a' }),
    ];
  });
}

describe('any mesh', () => {
  it('has an answer, and the same one whatever order its objects arrive in', () => {
    fc.assert(
      fc.property(
        objects.chain(raws =>
          fc.tuple(
            fc.constant(raws),
            fc.shuffledSubarray(raws, { minLength: raws.length }),
          ),
        ),
        ([raws, shuffled]) => {
          expect(answersOf(shuffled)).toEqual(answersOf(raws));
        },
      ),
      { numRuns: 200 },
    );
  });
});
