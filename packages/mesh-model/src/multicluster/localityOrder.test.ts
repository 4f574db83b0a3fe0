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

import type { LocalityPlan } from '../destinations';
import { mesh } from '../testing';
import { localityOrderOf, placeOfCaller } from './localityOrder';
import type { ClusterEndpoint } from './serviceAcrossClusters';

function endpoint(
  cluster: string,
  region: string,
  zone: string,
): ClusterEndpoint {
  return {
    cluster,
    network: '',
    locality: { region, zone },
    labels: {},
    address: '10.0.0.1',
    ready: true,
    mutualTls: true,
  };
}

const NEAR = endpoint('east', 'eu', 'a');
const NEXT = endpoint('east', 'eu', 'b');
const FAR = endpoint('west', 'us', 'a');

function plan(
  kind: LocalityPlan['kind'],
  setting: LocalityPlan['setting'],
): LocalityPlan {
  return {
    kind,
    setting,
    field: 'loadBalancer.localityLbSetting',
    value: true,
    origin: 'destination-rule',
    says: 'as set',
  };
}

const EAST = {
  cluster: 'east',
  snapshot: mesh`
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {topology.kubernetes.io/region: eu, topology.kubernetes.io/zone: a}}
---
apiVersion: v1
kind: Node
metadata: {name: n2, labels: {topology.kubernetes.io/region: eu, topology.kubernetes.io/zone: b}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop}
spec: {nodeName: n2, containers: [{name: app}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-2, namespace: shop}
spec: {nodeName: n1, containers: [{name: app}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-3, namespace: shop}
spec: {nodeName: n1, containers: [{name: app}]}
---
apiVersion: v1
kind: Pod
metadata: {name: lost, namespace: shop}
spec: {nodeName: unlabelled, containers: [{name: app}]}
`,
};

const caller = placeOfCaller(EAST, EAST.snapshot.list('Pod', 'shop'));

describe('the order in which a caller uses the endpoints of several clusters (R6.14)', () => {
  it('begins where most pods of the caller run', () => {
    expect(caller).toMatchObject({ region: 'eu', zone: 'a' });
    expect(
      placeOfCaller(EAST, [
        ...EAST.snapshot
          .list('Pod', 'shop')
          .filter(({ metadata }) => metadata.name === 'lost'),
      ]),
    ).toBeUndefined();
  });

  it('with failover: the same zone, then the region, then the rest', () => {
    expect(
      localityOrderOf(plan('failover', {}), caller, [FAR, NEXT, NEAR]),
    ).toEqual([{ rank: 2 }, { rank: 1 }, { rank: 0 }]);
  });

  it('a list of labels decides instead, also that of the cluster', () => {
    const setting = { failoverPriority: ['topology.istio.io/cluster'] };
    expect(
      localityOrderOf(plan('failover', setting), caller, [FAR, NEXT, NEAR]),
    ).toEqual([{ rank: 1 }, { rank: 0 }, { rank: 0 }]);
  });

  it('regions that are named to fail over to order what the labels leave alike', () => {
    const setting = {
      failoverPriority: ['team'],
      failover: [{ from: 'eu', to: 'asia' }],
    };
    const asia = { ...FAR, locality: { region: 'asia' } };
    expect(
      localityOrderOf(plan('failover', setting), caller, [FAR, asia, NEAR]),
    ).toEqual([{ rank: 2 }, { rank: 1 }, { rank: 0 }]);
  });

  describe('the network as the first label', () => {
    const setting = {
      failoverPriority: [
        'topology.istio.io/network',
        'topology.kubernetes.io/region',
        'topology.kubernetes.io/zone',
      ],
    };
    const elsewhere = (near: ClusterEndpoint) => ({
      ...near,
      network: 'another',
    });
    const endpoints = [
      NEAR,
      NEXT,
      FAR,
      elsewhere(NEAR),
      elsewhere(NEXT),
      elsewhere(FAR),
    ];

    it('is preferred: the other labels order the endpoints of other networks, too', () => {
      expect(
        localityOrderOf(plan('failover', setting), caller, endpoints),
      ).toEqual([0, 1, 2, 3, 4, 5].map(rank => ({ rank })));
    });

    it('was required before 1.31: endpoints of other networks are all alike', () => {
      expect(
        localityOrderOf(
          { ...plan('failover', setting), networkRequired: true },
          caller,
          endpoints,
        ),
      ).toEqual([0, 1, 2, 3, 3, 3].map(rank => ({ rank })));
    });
  });

  it('with weights: the share of each', () => {
    const setting = {
      distribute: [{ from: 'eu/*', to: { 'eu/*': 80, 'us/*': 20 } }],
    };
    expect(
      localityOrderOf(plan('distribute', setting), caller, [NEAR, NEXT, FAR]),
    ).toEqual([{ share: 0.4 }, { share: 0.4 }, { share: 0.2 }]);
  });

  it('is none where locality does not count, or the caller’s is not known', () => {
    expect(localityOrderOf(plan('none', {}), caller, [NEAR, FAR])).toEqual([
      {},
      {},
    ]);
    expect(
      localityOrderOf(plan('failover', {}), undefined, [NEAR, FAR]),
    ).toEqual([{}, {}]);
  });
});
