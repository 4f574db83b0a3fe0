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
import { workloadOf } from './workload';
import { healthOfWorkload } from './workloadHealth';

function pod(name: string, more: string): string {
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  ${more.includes('deleted') ? "deletionTimestamp: '2026-01-01T00:00:00Z'" : ''}
  ownerReferences: [{kind: StatefulSet, name: web, controller: true}]
spec: {containers: [{name: app}], initContainers: [{name: istio-proxy, restartPolicy: Always}]}
status:
  phase: ${more.includes('Pending') ? 'Pending' : 'Running'}
  conditions: [{type: Ready, status: "${
    more.includes('ready') ? 'True' : 'False'
  }"}]
  ${
    more.includes('pulling')
      ? `initContainerStatuses: [{name: istio-init, ready: false, state: {terminated: {reason: Completed}}}, {name: istio-proxy, ready: false, state: {waiting: {reason: ImagePullBackOff}}}]
  containerStatuses: [{name: app, ready: false, state: {running: {}}}]`
      : ''
  }
---`;
}

function healthOf(...pods: readonly string[]) {
  const workload = workloadOf(
    mesh`${pods.join('')}`,
    'shop',
    'StatefulSet',
    'web',
  );
  if (workload === undefined) {
    throw new Error('The StatefulSet must be found by its pods.');
  }
  return healthOfWorkload(workload);
}

describe('the health of a workload', () => {
  it('is a pass only where every pod that stays is ready', () => {
    expect(healthOf(pod('a', 'ready'), pod('b', 'ready'))).toEqual({
      state: 'pass',
      reason: 'All 2 pods are ready.',
      facts: [],
    });
    expect(healthOf(pod('a', 'ready'), pod('b', 'deleted')).state).toBe('pass');
    expect(healthOf(pod('a', 'deleted')).state).toBe('not-applicable');
  });

  it('names the pods that are not, and which of their containers and why', () => {
    const { state, reason, facts } = healthOf(
      pod('a', 'ready'),
      pod('b', 'pulling'),
      pod('c', 'Pending'),
    );
    expect(state).toBe('fail');
    expect(reason).toBe('2 of 3 pods are not ready.');
    expect(facts.map(({ object, says }) => `${object.name}: ${says}`)).toEqual([
      'b: Not ready: istio-proxy: ImagePullBackOff, app: running, not ready.',
      'c: It is Pending, not ready.',
    ]);
  });

  it('names ten pods at most', () => {
    const pods = Array.from({ length: 12 }, (_, index) =>
      pod(`p${index}`, 'Pending'),
    );
    expect(healthOf(...pods).facts).toHaveLength(10);
  });
});
