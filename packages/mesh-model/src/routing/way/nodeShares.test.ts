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
import { mesh } from '../../testing';
import { wayOfRequest } from '.';

const node = (name: string) => `
apiVersion: v1
kind: Node
metadata: {name: ${name}}
---`;

const pod = (name: string, app: string, on: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${app}, run: ${name}, security.istio.io/tlsMode: istio}}
spec: {nodeName: ${on}, containers: [{name: app, image: i, ports: [{containerPort: 8080}]}, {name: istio-proxy, image: p}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;

const service = (policy: string) => `
apiVersion: v1
kind: Service
metadata: {name: agent, namespace: shop}
spec: {clusterIP: 10.0.0.1, internalTrafficPolicy: ${policy}, selector: {app: agent}, ports: [{name: http, port: 80, targetPort: 8080}]}
---`;

const CALLER: Client = {
  ...defaultClient('shop'),
  workload: { group: '', kind: 'Pod', namespace: 'shop', name: 'caller' },
};

const AGENTS = `${node('n1')}${node('n2')}${pod('a1', 'agent', 'n1')}`;

const ends = (yaml: string, client: Client = CALLER) =>
  wayOfRequest(mesh`${yaml}`, client, { host: 'agent', port: 80 }).ends.map(
    ({ share, outcome }) => [share, outcome.ending, outcome.flag],
  );

describe('internalTrafficPolicy: Local', () => {
  it('uses the endpoint on the node of the caller', () => {
    expect(
      ends(service('Local') + AGENTS + pod('caller', 'web', 'n1')),
    ).toEqual([[100, 'delivered', undefined]]);
  });

  it('has no endpoint where none is on the node of the caller: 503 UH', () => {
    const yaml = AGENTS + pod('caller', 'web', 'n2');
    expect(ends(service('Local') + yaml)).toEqual([[100, 'failed', 'UH']]);
    expect(ends(service('Cluster') + yaml)).toEqual([
      [100, 'delivered', undefined],
    ]);
  });

  it('fails for those pods of a caller that run on a node without one', () => {
    const replicas = ['n1', 'n2', 'n2', 'n2']
      .map((on, index) =>
        pod(`web-${index}`, 'web', on).replace(
          'labels:',
          'ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: u, controller: true}], labels:',
        ),
      )
      .join('');
    const web = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: shop, uid: u}
spec: {replicas: 4, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}
---`;
    expect(
      ends(service('Local') + AGENTS + web + replicas, {
        ...CALLER,
        workload: {
          group: 'apps',
          kind: 'StatefulSet',
          namespace: 'shop',
          name: 'web',
        },
      }),
    ).toEqual([
      [25, 'delivered', undefined],
      [75, 'failed', 'UH'],
    ]);
  });

  it('is unknown for a caller that runs nowhere known, unless every node has an endpoint', () => {
    const anyone = defaultClient('shop');
    expect(ends(service('Local') + AGENTS, anyone)).toEqual([
      [100, 'unknown', undefined],
    ]);
    expect(
      ends(service('Local') + AGENTS + pod('a2', 'agent', 'n2'), anyone),
    ).toEqual([[100, 'delivered', undefined]]);
  });
});
