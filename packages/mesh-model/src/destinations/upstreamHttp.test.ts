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
import { destinationRuleFor, resilienceOf } from '.';

const HOST = 'reviews.shop.svc.cluster.local';

const WEB: Client = defaultClient('web');

const service = (port: string) => `
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {clusterIP: 10.0.0.1, selector: {app: reviews}, ports: [{port: 80, ${port}}]}
---`;

const rule = (policy: string, host = 'reviews') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: ${host}, trafficPolicy: ${policy}}
---`;

const pool = (http: string) => rule(`{connectionPool: {http: {${http}}}}`);

const UPGRADING_MESH = `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: 'h2UpgradePolicy: UPGRADE'}
---`;

const http = (yaml: string, client = WEB) =>
  resilienceOf(mesh`${yaml}`, client, HOST, 80).http;

describe('the version of HTTP in which requests travel (R6.16)', () => {
  it.each([
    ['name: http', 'HTTP/1.1'],
    ['name: http2', 'HTTP/2'],
    ['name: grpc-api', 'HTTP/2'],
    ['name: x, appProtocol: kubernetes.io/h2c', 'HTTP/2'],
    ['name: x', 'as received'],
  ])('R6.16: a port with %s has %s by default', (port, value) => {
    expect(http(service(port))).toMatchObject({ value, origin: 'default' });
  });

  it('R6.16: a gateway does not take over the version that it gets on a port it must detect', () => {
    expect(http(service('name: x'), { ...WEB, proxy: 'gateway' })?.value).toBe(
      'HTTP/1.1',
    );
  });

  it('R6.16: nothing is said of a port that carries no HTTP, or that nobody declares', () => {
    expect(http(service('name: tcp-db'))).toBeUndefined();
    expect(http('')).toBeUndefined();
  });

  it('R6.16: h2UpgradePolicy of the mesh upgrades ports that are declared as HTTP, not detected ones', () => {
    expect(http(UPGRADING_MESH + service('name: http'))).toMatchObject({
      value: 'HTTP/2',
      origin: 'mesh-config',
      provenance: { path: 'data.mesh: h2UpgradePolicy' },
    });
    expect(http(UPGRADING_MESH + service('name: x'))?.value).toBe(
      'as received',
    );
  });

  it('R6.16: h2UpgradePolicy of a DestinationRule wins over the mesh, in both directions', () => {
    expect(
      http(service('name: x') + pool('h2UpgradePolicy: UPGRADE')),
    ).toMatchObject({
      value: 'HTTP/2',
      origin: 'destination-rule',
      provenance: {
        path: 'spec.trafficPolicy.connectionPool.http.h2UpgradePolicy',
      },
    });
    expect(
      http(
        UPGRADING_MESH +
          service('name: http') +
          pool('h2UpgradePolicy: DO_NOT_UPGRADE'),
      ),
    ).toMatchObject({ value: 'HTTP/1.1', origin: 'destination-rule' });
  });

  it('R6.16: useClientProtocol wins over the mesh and over the protocol of the port', () => {
    for (const port of ['name: http', 'name: grpc']) {
      expect(
        http(UPGRADING_MESH + service(port) + pool('useClientProtocol: true')),
      ).toMatchObject({ value: 'as received', origin: 'destination-rule' });
    }
  });

  it('R6.16: DO_NOT_UPGRADE does not take HTTP/2 from a port that is declared so', () => {
    expect(
      http(service('name: http2') + pool('h2UpgradePolicy: DO_NOT_UPGRADE'))
        ?.value,
    ).toBe('HTTP/2');
  });
});

describe('what a DestinationRule limits besides', () => {
  const settings = (yaml: string) => resilienceOf(mesh`${yaml}`, WEB, HOST, 80);

  it('R6.13: a retry budget has 20 % and 3 retries where it says nothing else', () => {
    const budget = (text: string) =>
      settings(
        service('name: http') + rule(`{retryBudget: ${text}}`),
      ).retryBudget.map(({ setting, value, origin }) => [
        setting,
        value,
        origin,
      ]);
    expect(budget('{percent: 5}')).toEqual([
      ['retryBudget.percent', 5, 'destination-rule'],
      ['retryBudget.minRetryConcurrency', 3, 'default'],
    ]);
    expect(budget('{}')).toEqual([
      ['retryBudget.percent', 20, 'default'],
      ['retryBudget.minRetryConcurrency', 3, 'default'],
    ]);
    expect(settings(service('name: http')).retryBudget).toEqual([]);
  });

  it('R6.14: zone-aware load balancing comes first, and its shares are not computed', () => {
    const { locality } = settings(
      service('name: http') +
        rule('{loadBalancer: {zoneAwareLbSetting: {enabled: true}}}'),
    );
    expect(locality).toMatchObject({
      setting: 'loadBalancer.zoneAwareLbSetting',
      origin: 'destination-rule',
      says: expect.stringContaining('not computed'),
    });
  });

  it('R6.14: switched off by a DestinationRule it is off, whatever the mesh says', () => {
    const meshed = UPGRADING_MESH.replace(
      'h2UpgradePolicy: UPGRADE',
      'zoneAwareLbSetting: {enabled: true}',
    );
    expect(
      settings(
        meshed +
          service('name: http') +
          rule('{loadBalancer: {zoneAwareLbSetting: {enabled: false}}}'),
      ).locality,
    ).toMatchObject({
      setting: 'loadBalancer.zoneAwareLbSetting',
      value: false,
      origin: 'destination-rule',
      says: 'Zone-aware load balancing is off (DestinationRule)',
    });
  });

  it('R6.14: that of the mesh comes after what a Service asks for, before the localities of the mesh', () => {
    const meshed = UPGRADING_MESH.replace(
      'h2UpgradePolicy: UPGRADE',
      'zoneAwareLbSetting: {enabled: true}',
    );
    const close = service('name: http').replace(
      'spec: {',
      'spec: {trafficDistribution: PreferClose, ',
    );
    expect(settings(meshed + close).locality.setting).toBe(
      'spec.trafficDistribution',
    );
    expect(settings(meshed + service('name: http')).locality).toMatchObject({
      setting: 'loadBalancer.zoneAwareLbSetting',
      origin: 'mesh-config',
    });
  });

  it('R6.17: a DestinationRule for a host that no service has is found, and acts on nothing', () => {
    const choice = (host: string) =>
      destinationRuleFor(
        mesh`${service('name: http')}${rule('{}', host)}`,
        defaultClient('shop'),
        host,
      ).says;
    expect(choice('nowhere.example.com')).toMatch(
      /no service has the host nowhere\.example\.com/,
    );
    expect(choice(HOST)).not.toMatch(/no service/);
  });
});
