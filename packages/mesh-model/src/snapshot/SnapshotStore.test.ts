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

import { mesh, objectsFromYaml } from '../testing';
import { snapshotOf } from './SnapshotStore';

const web = `
apiVersion: v1
kind: Pod
metadata: {name: web-6d4cf-x, namespace: shop, labels: {app: web, pod-template-hash: 6d4cf}, ownerReferences: [{kind: ReplicaSet, name: web-6d4cf, controller: true}]}
spec: {containers: [{name: app, image: web:1}]}
`;

describe('SnapshotStore', () => {
  it('lists in the universal order: oldest, then name, then namespace', () => {
    const snapshot = mesh`
kind: PeerAuthentication
apiVersion: security.istio.io/v1
metadata: {name: b, namespace: x, creationTimestamp: '2024-01-02T00:00:00Z'}
---
kind: PeerAuthentication
apiVersion: security.istio.io/v1
metadata: {name: b, namespace: a, creationTimestamp: '2024-01-02T00:00:00Z'}
---
kind: PeerAuthentication
apiVersion: security.istio.io/v1
metadata: {name: z, namespace: x, creationTimestamp: '2024-01-01T00:00:00Z'}
---
kind: PeerAuthentication
apiVersion: security.istio.io/v1
metadata: {name: a, namespace: x, creationTimestamp: '2024-01-02T00:00:00Z'}
`;
    expect(
      snapshot
        .list('PeerAuthentication')
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    ).toEqual(['x/z', 'x/a', 'a/b', 'x/b']);
    expect(snapshot.list('PeerAuthentication', 'x')).toHaveLength(3);
  });

  it('finds the pods of a Deployment by the template hash when ReplicaSets cannot be read', () => {
    const snapshot = snapshotOf(objectsFromYaml(web));
    expect(snapshot.podsOfWorkload('shop', 'Deployment', 'web')).toHaveLength(
      1,
    );
  });

  it('prefers what the ReplicaSet says about its owner', () => {
    const snapshot = snapshotOf(
      objectsFromYaml(`${web}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-6d4cf, namespace: shop, ownerReferences: [{kind: Rollout, name: web, controller: true}]}
`),
    );
    expect(snapshot.podsOfWorkload('shop', 'Deployment', 'web')).toEqual([]);
    expect(snapshot.podsOfWorkload('shop', 'Rollout', 'web')).toHaveLength(1);
  });

  it('selects pods by label and drops them when they go', () => {
    const snapshot = snapshotOf(objectsFromYaml(web));
    expect(snapshot.podsBySelector('shop', { app: 'web' })).toHaveLength(1);
    expect(snapshot.podsBySelector('shop', { app: 'cart' })).toEqual([]);
    expect(snapshot.podsBySelector('shop', {})).toEqual([]);
    snapshot.apply([
      { type: 'delete', kind: 'Pod', namespace: 'shop', name: 'web-6d4cf-x' },
    ]);
    expect(snapshot.podsBySelector('shop', { app: 'web' })).toEqual([]);
  });

  it('selects pods by label in all namespaces, whether their Namespace can be read or not', () => {
    const snapshot = snapshotOf(
      objectsFromYaml(
        `${web}---${web.replaceAll('shop', 'outlet')}---${web
          .replaceAll('app: web', 'app: cart')
          .replaceAll('shop', 'market')}`,
      ),
    );
    const everywhere = () =>
      snapshot
        .podsBySelector(undefined, { app: 'web' })
        .map(({ metadata }) => metadata.namespace);
    expect(everywhere()).toEqual(['outlet', 'shop']);
    expect(snapshot.podsBySelector(undefined, {})).toEqual([]);
    snapshot.apply([
      { type: 'delete', kind: 'Pod', namespace: 'outlet', name: 'web-6d4cf-x' },
    ]);
    expect(everywhere()).toEqual(['shop']);
  });

  it('keeps version and object when an update changes nothing that is read', () => {
    const snapshot = snapshotOf(objectsFromYaml(web));
    const before = snapshot.get('Pod', 'shop', 'web-6d4cf-x');
    const version = snapshot.version;
    snapshot.apply(
      objectsFromYaml(
        web.replace(
          'name: web-6d4cf-x,',
          'name: web-6d4cf-x, resourceVersion: "9",',
        ),
      ).map(object => ({ type: 'upsert' as const, object })),
    );
    expect(snapshot.get('Pod', 'shop', 'web-6d4cf-x')).toBe(before);
    expect(snapshot.version).toBe(version);
  });

  it('replaces a kind in one version', () => {
    const snapshot = snapshotOf(objectsFromYaml(web));
    const version = snapshot.version;
    snapshot.replaceKind('Pod', []);
    expect(snapshot.list('Pod')).toEqual([]);
    expect(snapshot.version).toBe(version + 1);
  });

  it('finds services without a selector through their EndpointSlices', () => {
    const snapshot = snapshotOf(
      objectsFromYaml(`${web}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: manual, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: manual-1, namespace: shop, labels: {kubernetes.io/service-name: manual}}
endpoints: [{addresses: [10.0.0.1], targetRef: {kind: Pod, name: web-6d4cf-x}}]
`),
    );
    const [pod] = snapshot.list('Pod');
    expect(
      snapshot.servicesOfPod(pod).map(({ metadata }) => metadata.name),
    ).toEqual(['manual', 'web']);
  });
});
