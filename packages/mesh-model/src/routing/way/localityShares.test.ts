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

import { defaultClient, type Client } from '../../membership';
import { istiodYaml, mesh } from '../../testing';
import { wayOfRequest } from '.';

const ZONES: Readonly<Record<string, string>> = {
  near: 'region: r1, zone: z1',
  next: 'region: r1, zone: z2',
  far: 'region: r2, zone: z1',
};

function node(name: string) {
  const [region, zone] = ZONES[name]
    .split(', ')
    .map(part => part.split(': ')[1]);
  return `
apiVersion: v1
kind: Node
metadata: {name: ${name}, labels: {topology.kubernetes.io/region: ${region}, topology.kubernetes.io/zone: ${zone}}}
---`;
}

function pod(name: string, app: string, on: string) {
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${app}, run: ${name}, security.istio.io/tlsMode: istio}}
spec: {nodeName: ${on}, containers: [{name: app, image: i}, {name: istio-proxy, image: p}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;
}

const service = (more = '') => `
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {clusterIP: 10.0.0.1, selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 8080}]${more}}
---`;

const CALLER: Client = {
  ...defaultClient('shop'),
  workload: { group: '', kind: 'Pod', namespace: 'shop', name: 'caller' },
};

const MESH = [
  ...Object.keys(ZONES).map(node),
  pod('caller', 'caller', 'near'),
  ...Object.keys(ZONES).map(zone => pod(`reviews-${zone}`, 'reviews', zone)),
].join('');

const rule = (policy: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews, trafficPolicy: ${policy}}
---`;
const DETECTING = 'outlierDetection: {consecutive5xxErrors: 5}';

function localityOf(yaml: string, client: Client = CALLER) {
  const way = wayOfRequest(mesh`${MESH}${yaml}`, client, {
    host: 'reviews',
    port: 80,
  });
  const found = way.steps.find(({ stage }) => stage === 'locality');
  return found && [found.state, /(\d) get requests/.exec(found.says)?.[1]];
}

describe('R6.14: which endpoints get requests', () => {
  it('S102: all alike without outlier detection', () => {
    expect(localityOf(service())).toBeUndefined();
    expect(
      localityOf(
        `${service()}${rule(
          '{loadBalancer: {localityLbSetting: {failover: [{from: r1, to: r2}]}}}',
        )}`,
      ),
    ).toBeUndefined();
  });

  it('those of the nearest locality with it, by the default of the mesh', () => {
    expect(localityOf(`${service()}${rule(`{${DETECTING}}`)}`)).toEqual([
      'pass',
      '1',
    ]);
  });

  it('those that share the first labels with the caller', () => {
    const labels = (list: string) =>
      localityOf(
        `${service()}${rule(
          `{${DETECTING}, loadBalancer: {localityLbSetting: {failoverPriority: [${list}]}}}`,
        )}`,
      );
    expect(labels('topology.kubernetes.io/region')).toEqual(['pass', '2']);
    expect(labels('"run=reviews-far"')).toEqual(['pass', '1']);
  });

  it('those of the localities that get a weight', () => {
    const distribute = (to: string) =>
      localityOf(
        `${service()}${rule(
          `{loadBalancer: {localityLbSetting: {distribute: [{from: "r1/*", to: {${to}}}]}}}`,
        )}`,
      );
    expect(distribute('"r1/*": 100')).toEqual(['pass', '2']);
    expect(distribute('"r1/z2": 20, "r2/*": 80')).toEqual(['pass', '2']);
    expect(distribute('"r9/*": 100')).toEqual(['fail', '0']);
  });

  it('close ones when the Service asks for it, without outlier detection', () => {
    expect(localityOf(service(', trafficDistribution: PreferClose'))).toEqual([
      'pass',
      '1',
    ]);
  });

  it('where the network comes first, the other labels count in other networks since 1.31 only', () => {
    const istiod = (version: string) =>
      istiodYaml({ image: `istio/pilot:${version}` });
    const labels =
      'topology.istio.io/network=other, topology.kubernetes.io/region, topology.kubernetes.io/zone';
    const found = (yaml: string) =>
      localityOf(
        `${yaml}${service(', trafficDistribution: PreferClose')}${rule(
          `{${DETECTING}, loadBalancer: {localityLbSetting: {failoverPriority: [${labels}]}}}`,
        )}`,
      );
    expect(found('')).toEqual(['pass', '1']);
    expect(found(istiod('1.31.0'))).toEqual(['pass', '1']);
    expect(found(istiod('1.30.2'))).toEqual(['pass', '3']);
  });

  it('nobody can say while it is not known where the caller runs', () => {
    expect(
      localityOf(
        `${service()}${rule(`{${DETECTING}}`)}`,
        defaultClient('shop'),
      ),
    ).toEqual(['unknown', undefined]);
  });

  it('a DestinationRule that switches it off goes before Service and mesh', () => {
    expect(
      localityOf(
        `${service(', trafficDistribution: PreferClose')}${rule(
          `{${DETECTING}, loadBalancer: {localityLbSetting: {enabled: false}}}`,
        )}`,
      ),
    ).toBeUndefined();
  });

  it('with distribution by weight, in that proportion', () => {
    const way = wayOfRequest(
      mesh`${MESH}${service()}${rule(
        '{loadBalancer: {localityLbSetting: {distribute: [{from: "r1/*", to: {"r1/z1": 80, "r2/*": 20}}]}}}',
      )}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny, namespace: shop}
spec: {action: DENY, selector: {matchLabels: {run: reviews-far}}, rules: [{}]}
---`,
      CALLER,
      { host: 'reviews', port: 80 },
    );
    expect(
      way.ends.map(({ share, outcome }) => [share, outcome.ending]),
    ).toEqual([
      [20, 'denied'],
      [80, 'delivered'],
    ]);
  });
});
