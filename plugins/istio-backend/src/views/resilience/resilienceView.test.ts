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

import {
  entityInYaml,
  podYaml,
  serviceYaml,
} from '../../__testUtils__/meshYaml';
import { resilienceView } from './resilienceView';

const CART = `${serviceYaml('shop', 'cart')}${podYaml(
  'shop',
  'cart',
)}${serviceYaml('other', 'caller')}${podYaml('other', 'caller')}`;

function rule(spec: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec:
  host: cart
${spec}
---`;
}

function resilience(yaml: string, client?: string) {
  return resilienceView(entityInYaml(yaml, { services: 'shop/cart' }), client)
    .services[0];
}

function settings(yaml: string, subset?: string) {
  const target = resilience(yaml).targets.find(each => each.subset === subset);
  return new Map(
    (target?.groups ?? []).flatMap(group =>
      group.settings.map(({ setting, value, from, isDefault }) => [
        setting,
        { value, from, isDefault },
      ]),
    ),
  );
}

describe('resilience', () => {
  it('R6.10: without rules, the defaults, each named as such', () => {
    const defaults = settings(CART);
    expect(defaults.get('timeout')).toEqual({
      value: 'none',
      from: 'Default of Istio',
      isDefault: true,
    });
    expect(defaults.get('connectionPool.tcp.connectTimeout')).toMatchObject({
      value: '10s',
      from: 'Mesh configuration',
    });
    expect(defaults.get('connectionPool.http.idleTimeout')).toMatchObject({
      value: '1h',
      from: 'Default of Envoy',
    });
    expect(resilience(CART).targets[0].groups).toContainEqual(
      expect.objectContaining({
        subject: 'outlier-detection',
        sentence: expect.stringContaining('there is no outlier detection'),
      }),
    );
  });

  it('R6.7: a port-level entry is named as the origin', () => {
    const found = settings(
      `${CART}${rule(`  trafficPolicy:
    connectionPool: { http: { http2MaxRequests: 100 } }
    portLevelSettings:
      - port: { number: 8080 }
        connectionPool: { http: { http2MaxRequests: 7 } }`)}`,
    );
    expect(found.get('connectionPool.http.http2MaxRequests')).toEqual({
      value: '7',
      from: 'DestinationRule shop/cart, port level',
      isDefault: false,
    });
  });

  it('R6.8: a subset that routes send to is shown beside the whole service', () => {
    const yaml = `${CART}${rule(`  trafficPolicy:
    outlierDetection: { consecutive5xxErrors: 7 }
  subsets:
    - name: v1
      labels: { app: cart }
      trafficPolicy: { outlierDetection: { consecutive5xxErrors: 2 } }`)}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - timeout: 3s
      route: [{ destination: { host: cart, subset: v1 } }]`;
    const { targets, verdict } = resilience(yaml);
    expect(
      targets.map(({ subset, sameAsPort }) => [subset, sameAsPort]),
    ).toEqual([
      [undefined, true],
      ['v1', false],
    ]);
    expect(
      settings(yaml, 'v1').get('outlierDetection.consecutive5xxErrors'),
    ).toMatchObject({ value: '2', from: 'DestinationRule shop/cart, subset' });
    expect(settings(yaml).get('timeout')).toEqual({
      value: '3s',
      from: 'VirtualService shop/cart',
      isDefault: false,
    });
    expect(verdict.reason).toContain('Requests time out after 3s');
    expect(verdict.reason).toContain('after 7 answers with 5xx in a row');
  });

  it('depends on who calls: a rule that is not exported does not act elsewhere', () => {
    const yaml = `${CART}${rule(`  exportTo: ['.']
  trafficPolicy: { connectionPool: { http: { http2MaxRequests: 7 } } }`)}`;
    const { targets } = resilienceView(
      entityInYaml(
        `${yaml}${`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: other }
spec: { selector: { app: caller }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: edge, namespace: other }
spec: { hosts: ['*'], gateways: [edge], http: [{ route: [{ destination: { host: cart.shop.svc.cluster.local } }] }] }`}
---
apiVersion: v1
kind: Namespace
metadata: { name: other }`,
        { services: 'shop/cart' },
      ),
      'other/Gateway/edge',
    ).services[0];
    expect(JSON.stringify(targets)).not.toContain('"7"');
    expect(settings(yaml).get('connectionPool.http.http2MaxRequests')).toEqual(
      expect.objectContaining({ value: '7' }),
    );
  });

  it('R6.13, R6.16: names the version of HTTP and the budget of retries, and a warm-up', () => {
    const yaml = `${CART}${rule(`  trafficPolicy:
    retryBudget: { percent: 5 }
    connectionPool: { http: { h2UpgradePolicy: UPGRADE } }
    loadBalancer: { warmup: { duration: 60s } }`)}`;
    expect(settings(CART).get('version of HTTP')).toMatchObject({
      isDefault: true,
    });
    expect(settings(yaml).get('version of HTTP')).toEqual({
      value: 'HTTP/2',
      from: 'DestinationRule shop/cart',
      isDefault: false,
    });
    expect(settings(yaml).get('retryBudget.percent')).toMatchObject({
      value: '5',
    });
    const sentences = resilience(yaml).targets[0].groups.map(
      ({ sentence }) => sentence,
    );
    expect(sentences).toContainEqual(
      expect.stringMatching(
        /retries for 5 % of its requests \(3 in any case\).*sent as HTTP\/2/,
      ),
    );
    expect(sentences).toContainEqual(
      expect.stringMatching(/less than its share for 60s/),
    );
  });

  it('R5.24, R5.25: what is retried, and by the server’s sidecar, depends on the version of istiod', () => {
    const istiod = (version: string) => `${CART}
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system, labels: { app: istiod } }
spec:
  template:
    metadata: { labels: { app: istiod } }
    spec: { containers: [{ name: discovery, image: "istio/pilot:${version}" }] }
---`;
    const SERVER = 'retries by the server’s sidecar';
    const told = (yaml: string) => ({
      client: settings(yaml).get('retries')?.value,
      server: settings(yaml).get(SERVER)?.value,
    });
    expect(told(istiod('1.30.0'))).toEqual({
      client: expect.not.stringContaining('503'),
      server: expect.stringMatching(/^(unknown|2 attempts)/),
    });
    expect(told(istiod('1.23.0'))).toEqual({
      client: expect.stringMatching(/,503$/),
      server: 'none',
    });
    expect(told(CART)).toEqual({
      client: expect.stringContaining('its version is not known'),
      server: 'unknown',
    });
    expect(resilience(istiod('1.23.0')).targets[0].sentence).toMatch(
      /on connection failures and on every 503/,
    );
  });

  it('is never green: settings are neither good nor bad', () => {
    expect(resilience(CART).verdict.state).toBe('not-applicable');
  });

  it('refuses a caller that is not offered, by its name', () => {
    expect(() => resilience(CART, 'nobody')).toThrow(
      "Parameter client: there is no caller 'nobody'",
    );
  });

  it('says that nothing acts for a client whose Sidecar does not import the service', () => {
    const { verdict } = resilience(`${CART}
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['istio-system/*'] }] }`);
    expect(verdict).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('none of these settings acts'),
    });
  });
});
