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

import { mesh } from '../testing';
import { localityOfPod } from './locality';

describe('where a pod runs (R6.14)', () => {
  const localityWith = (labels: string) => {
    const snapshot = mesh`
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {topology.kubernetes.io/region: eu, topology.kubernetes.io/zone: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {${labels}}}
spec: {nodeName: n1, containers: [{name: app}]}
`;
    const [pod] = snapshot.list('Pod');
    return localityOfPod(snapshot, pod);
  };

  it('is where its node is', () => {
    expect(localityWith('app: web')).toEqual({ region: 'eu', zone: 'a' });
    expect(localityWith('istio-locality: ""')).toEqual({
      region: 'eu',
      zone: 'a',
    });
  });

  it('R6.14: is what its label says, where dots stand for slashes', () => {
    expect(localityWith('istio-locality: us.b.c')).toEqual({
      region: 'us',
      zone: 'b',
      subzone: 'c',
    });
  });

  it('R6.14: is what topology.istio.io/locality says before istio-locality', () => {
    expect(
      localityWith('istio-locality: us.b, topology.istio.io/locality: asia.d'),
    ).toEqual({ region: 'asia', zone: 'd' });
  });
});
