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

import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import {
  entityInYaml,
  podYaml,
  serviceYaml,
  snapshotFromYaml,
  SYNCED,
} from '../__testUtils__/meshYaml';
import { elsewhereOf } from './elsewhere';
import { meshServicesView } from './meshServicesView';
import { requestPathView } from './requestPath';
import { routesView } from './routesView';

const NAMESPACE = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---`;

/** istiod, and the name that it has been given for its cluster. */
const istiod = (cluster: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system, labels: { app: istiod, istio.io/rev: default } }
spec:
  selector: { matchLabels: { app: istiod } }
  template:
    metadata: { labels: { app: istiod } }
    spec: { containers: [{ name: discovery, image: istio/pilot:1.30.1, env: [{ name: CLUSTER_ID, value: ${cluster} }] }] }
---`;

const mesh = (text: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "${text}" }
---`;

const CART = serviceYaml('shop', 'cart');

const SLICE = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: cart-1, namespace: shop, labels: { kubernetes.io/service-name: cart } }
addressType: IPv4
ports: [{ name: http, port: 8080 }]
endpoints: [{ addresses: [10.0.0.1], conditions: { ready: true }, targetRef: { kind: Pod, name: cart-1, namespace: shop } }]
---`;

const RUNNING = `${NAMESPACE}${CART}${podYaml('shop', 'cart', {
  labels: ', version: v1',
})}${SLICE}`;

const TO_SUBSET = (version: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: chosen, labels: { version: ${version} } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: chosen } }] }] }
---`;

/** What is said in cluster east of cart, which has no pod there, beside a cluster west. */
function said(
  west: string,
  here = `${istiod('east')}${NAMESPACE}${CART}`,
): Record<'routes' | 'way' | 'list', string> {
  const input = entityInYaml(here, { services: 'shop/cart' });
  const status: ClusterStatus = { ...SYNCED, name: 'west' };
  const [east] = input.clusters;
  const all = [
    { name: east.name, snapshot: east.snapshot, status: SYNCED },
    { name: 'west', snapshot: snapshotFromYaml(west), status },
  ];
  const elsewhere = elsewhereOf(all[0], all);
  const withElsewhere = {
    ...input,
    clusters: [{ ...east, ...(elsewhere && { elsewhere }) }],
  };
  const [routes] = routesView(withElsewhere, undefined).services;
  const [way] = requestPathView(withElsewhere, undefined, {}).services;
  const { services } = meshServicesView(
    all.map(each => ({ ...each, traffic: undefined, owners: new Map() })),
  );
  const row = services.find(({ service }) => service.cluster === east.name);
  const words = (verdict: { state: string; reason: string } | undefined) =>
    `${verdict?.state}: ${verdict?.reason}`;
  return {
    routes: words(routes.verdict),
    way: words(way.verdict),
    list: words(row?.routes),
  };
}

const UNKNOWN =
  /^unknown: .*, unless istiod of demo reads cluster west, which has 1 ready endpoint for it \(that stands in Secrets, which the portal does not read\)$/;

const FAIL = /^fail: (?!.*unless)/;

describe('R1.19: a service without ready pods in its cluster', () => {
  const all = (expected: RegExp) => ({
    routes: expect.stringMatching(expected),
    way: expect.stringMatching(expected),
    list: expect.stringMatching(expected),
  });

  it('is not certain to fail where another cluster of the mesh has some', () => {
    expect(said(`${istiod('west')}${RUNNING}`)).toEqual(all(UNKNOWN));
  });

  it.each([
    ['has none either', `${istiod('west')}${NAMESPACE}${CART}`],
    ['is of another mesh: its istiod has no name for it', RUNNING],
    [
      'is of another mesh: both istiods have the same name for theirs',
      `${istiod('east')}${RUNNING}`,
    ],
    [
      'is of another mesh: it has another trust domain',
      `${istiod('west')}${mesh('trustDomain: other')}${RUNNING}`,
    ],
    [
      'has pods that are not ready',
      `${istiod('west')}${RUNNING}`.replace('ready: true', 'ready: false'),
    ],
  ])('fails where the other cluster %s', (_, west) => {
    expect(said(west)).toEqual(all(FAIL));
  });

  it('fails where it is cluster-local', () => {
    const local = mesh(
      'serviceSettings: [{ settings: { clusterLocal: true }, hosts: [cart.shop.svc.cluster.local] }]',
    );
    expect(
      said(
        `${istiod('west')}${RUNNING}`,
        `${istiod('east')}${local}${NAMESPACE}${CART}`,
      ),
    ).toEqual(all(FAIL));
  });

  it('needs pods of the subset', () => {
    const here = (version: string) =>
      `${istiod('east')}${NAMESPACE}${CART}${TO_SUBSET(version)}`;
    const west = `${istiod('west')}${RUNNING}`;
    expect(said(west, here('v1'))).toEqual(all(UNKNOWN));
    expect(said(west, here('v2'))).toEqual(all(FAIL));
  });

  describe('a route to a host that the client does not know', () => {
    const API = serviceYaml('pay', 'api');
    const TO_API = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: api.pay.svc.cluster.local } }] }] }
---`;
    const west = `${istiod('west')}${NAMESPACE}${API}${podYaml(
      'pay',
      'api',
    )}${SLICE.replaceAll('cart', 'api').replaceAll('shop', 'pay')}`;
    const here = `${istiod('east')}${RUNNING}${TO_API}`;

    it('is not certain to fail where only another cluster has it', () => {
      expect(said(west, here)).toEqual(all(UNKNOWN));
    });

    it('fails where it is here and hidden from the client', () => {
      const hidden = API.replace(
        'name: api, namespace: pay',
        'name: api, namespace: pay, annotations: { networking.istio.io/exportTo: "." }',
      );
      expect(said(west, `${here}${hidden}`)).toEqual(all(FAIL));
      expect(said(west, `${here}${API}`)).toEqual(all(UNKNOWN));
    });
  });

  it('fails for another reason all the same', () => {
    const here = `${istiod('east')}${NAMESPACE}${CART}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ fault: { abort: { httpStatus: 500, percentage: { value: 100 } } }, route: [{ destination: { host: cart } }] }] }
---`;
    const { routes, list } = said(`${istiod('west')}${RUNNING}`, here);
    expect([routes, list]).toEqual([
      expect.stringMatching(FAIL),
      expect.stringMatching(FAIL),
    ]);
  });
});
