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
import { mesh } from '../testing';
import { envoyFiltersOf } from './envoyFilters';
import { envoyProxyOfClient, type EnvoyProxy } from './envoyProxy';

const sidecar: EnvoyProxy = {
  ...envoyProxyOfClient({ ...defaultClient('foo'), labels: { app: 'a' } }),
  versions: ['1.27.1'],
};

const gateway: EnvoyProxy = envoyProxyOfClient({
  ...defaultClient('foo'),
  proxy: 'gateway',
  labels: { 'gateway.networking.k8s.io/gateway-name': 'edge' },
});

const waypoint: EnvoyProxy = {
  ...envoyProxyOfClient({
    ...defaultClient('foo'),
    proxy: 'waypoint',
    labels: { 'gateway.networking.k8s.io/gateway-name': 'wp' },
  }),
};

function filter(
  name: string,
  namespace: string,
  spec: string,
  createdAt = '2026-01-01T00:00:00Z',
): string {
  return `
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "${createdAt}"}
spec: ${spec}`;
}

const ANY_CLUSTER =
  'configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE, value: {name: x}}}]';

const names = (proxy: EnvoyProxy, yaml: string) =>
  envoyFiltersOf(mesh`${yaml}`, proxy).applied.map(
    ({ object }) => object.metadata.name,
  );

describe('the order of EnvoyFilters (R8.25)', () => {
  it('S133: priority 0 of the namespace goes before priority 10 of the root namespace', () => {
    expect(
      names(
        sidecar,
        filter('root', 'istio-system', `{priority: 10, ${ANY_CLUSTER}}`) +
          filter('own', 'foo', `{priority: 0, ${ANY_CLUSTER}}`),
      ),
    ).toEqual(['own', 'root']);
  });

  it('of one priority the root namespace goes first, then the older', () => {
    expect(
      names(
        sidecar,
        filter('young', 'foo', `{${ANY_CLUSTER}}`, '2026-01-03T00:00:00Z') +
          filter('old', 'foo', `{${ANY_CLUSTER}}`, '2026-01-02T00:00:00Z') +
          filter(
            'root',
            'istio-system',
            `{${ANY_CLUSTER}}`,
            '2026-01-04T00:00:00Z',
          ) +
          filter(
            'early',
            'foo',
            `{priority: -5, ${ANY_CLUSTER}}`,
            '2026-01-05T00:00:00Z',
          ),
      ),
    ).toEqual(['early', 'root', 'old', 'young']);
  });
});

describe('which EnvoyFilters change a proxy (R4.2, R8.25)', () => {
  it('those of the root and the own namespace whose labels match, not those of others', () => {
    const yaml =
      filter(
        'selected',
        'foo',
        `{workloadSelector: {labels: {app: a}}, ${ANY_CLUSTER}}`,
      ) +
      filter(
        'other-pods',
        'foo',
        `{workloadSelector: {labels: {app: b}}, ${ANY_CLUSTER}}`,
      ) +
      filter(
        'root-selected',
        'istio-system',
        `{workloadSelector: {labels: {app: a}}, ${ANY_CLUSTER}}`,
      ) +
      filter('elsewhere', 'bar', `{${ANY_CLUSTER}}`);
    expect(names(sidecar, yaml)).toEqual(['root-selected', 'selected']);
    expect(
      envoyFiltersOf(mesh`${yaml}`, sidecar).idle.map(idle => [
        idle.object.metadata.name,
        idle.cause,
        idle.provenance.path,
      ]),
    ).toEqual([
      ['other-pods', 'selector-mismatch', 'spec.workloadSelector.labels'],
    ]);
  });

  it('one without targetRefs never attaches to a waypoint; one that names its Gateway does', () => {
    const yaml =
      filter('plain', 'foo', `{${ANY_CLUSTER}}`) +
      filter(
        'named',
        'foo',
        `{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: wp}], ${ANY_CLUSTER}}`,
      );
    expect(names(waypoint, yaml)).toEqual(['named']);
    expect(names(sidecar, yaml)).toEqual(['plain']);
    expect(names(gateway, yaml)).toEqual(['plain']);
  });

  it('a patch for another context, or another version, changes nothing', () => {
    const patches = (match: string) =>
      `{configPatches: [{applyTo: HTTP_FILTER, match: ${match}, patch: {operation: INSERT_BEFORE, value: {name: lua}}}]}`;
    const yaml =
      filter('for-gateways', 'foo', patches('{context: GATEWAY}')) +
      filter('inbound', 'foo', patches('{context: SIDECAR_INBOUND}')) +
      filter('old', 'foo', patches("{proxy: {proxyVersion: '^1\\.19.*'}}")) +
      filter('current', 'foo', patches("{proxy: {proxyVersion: '^1\\.27.*'}}"));
    expect(names(sidecar, yaml)).toEqual(['current', 'inbound']);
    expect(names(gateway, yaml)).toEqual(['current', 'for-gateways', 'old']);
  });

  it('a patch without content changes nothing', () => {
    const found = envoyFiltersOf(
      mesh`${filter('empty', 'foo', '{configPatches: [{applyTo: CLUSTER}]}')}`,
      sidecar,
    );
    expect(found.applied).toEqual([]);
    expect(found.idle[0].cause).toBe('no-patch-for-this-proxy');
  });

  it('a version that is not known leaves it uncertain, and it is listed', () => {
    const [applied] = envoyFiltersOf(
      mesh`${filter(
        'versioned',
        'foo',
        "{configPatches: [{applyTo: CLUSTER, match: {proxy: {proxyVersion: '^1\\.19.*'}}, patch: {operation: MERGE}}]}",
      )}`,
      { ...sidecar, versions: [] },
    ).applied;
    expect(applied.patches[0].uncertain).toMatch(
      /version of the proxy is not known/,
    );
  });

  it('one of another revision, or of a namespace that is not discovered, is not read', () => {
    const snapshot = mesh`
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: other, namespace: foo, labels: {istio.io/rev: r2}}
spec: {configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE}}]}
`;
    expect(
      envoyFiltersOf(snapshot, { ...sidecar, revision: 'r1' }).idle[0],
    ).toMatchObject({ cause: 'other-revision' });
    expect(
      envoyFiltersOf(snapshot, { ...sidecar, revision: 'r2' }).applied,
    ).toHaveLength(1);
  });
});

describe('what the patches of an EnvoyFilter touch (R8.26)', () => {
  it.each([
    ['{applyTo: HTTP_ROUTE, patch: {operation: MERGE}}', ['routes']],
    [
      '{applyTo: CLUSTER, patch: {operation: MERGE, value: {connect_timeout: 1s}}}',
      ['clusters'],
    ],
    [
      '{applyTo: CLUSTER, patch: {operation: MERGE, value: {transport_socket: {name: envoy.transport_sockets.tls}}}}',
      ['clusters', 'tls'],
    ],
    [
      '{applyTo: HTTP_FILTER, match: {listener: {filterChain: {filter: {subFilter: {name: envoy.filters.http.rbac}}}}}, patch: {operation: REMOVE}}',
      ['filters', 'authorization'],
    ],
    [
      '{applyTo: HTTP_FILTER, match: {listener: {filterChain: {filter: {subFilter: {name: envoy.filters.http.rbac}}}}}, patch: {operation: INSERT_BEFORE, value: {name: envoy.filters.http.lua}}}',
      ['filters'],
    ],
    [
      '{applyTo: HTTP_FILTER, patch: {operation: INSERT_FIRST, value: {name: envoy.filters.http.local_ratelimit}}}',
      ['filters', 'rate-limit'],
    ],
    [
      '{applyTo: FILTER_CHAIN, patch: {operation: ADD, value: {}}}',
      ['listeners', 'tls', 'authorization'],
    ],
  ])('%s', (patch, touches) => {
    const [applied] = envoyFiltersOf(
      mesh`${filter('one', 'foo', `{configPatches: [${patch}]}`)}`,
      sidecar,
    ).applied;
    expect(applied.touches).toEqual(touches);
  });
});

describe('patches that may not do what they say (IST0151–IST0155)', () => {
  it.each([
    ['{applyTo: HTTP_ROUTE, patch: {operation: ADD}}', ['IST0153']],
    ['{applyTo: HTTP_ROUTE, patch: {operation: REMOVE}}', ['IST0154']],
    ['{applyTo: CLUSTER, patch: {operation: REPLACE}}', ['IST0152']],
    ['{applyTo: HTTP_FILTER, patch: {operation: INSERT_BEFORE}}', ['IST0151']],
    [
      "{applyTo: HTTP_FILTER, match: {proxy: {proxyVersion: '^1\\.27.*'}}, patch: {operation: MERGE}}",
      ['IST0155'],
    ],
    ['{applyTo: HTTP_FILTER, patch: {operation: INSERT_FIRST}}', []],
  ])('%s', (patch, codes) => {
    const weaknesses = (priority: string) =>
      envoyFiltersOf(
        mesh`${filter('one', 'foo', `{${priority}configPatches: [${patch}]}`)}`,
        sidecar,
      ).applied[0].patches[0].weaknesses.map(({ code }) => code);
    expect(weaknesses('')).toEqual(codes);
    const stay = codes.filter(code => code !== 'IST0151' && code !== 'IST0155');
    expect(weaknesses('priority: 10, ')).toEqual(stay);
  });
});
