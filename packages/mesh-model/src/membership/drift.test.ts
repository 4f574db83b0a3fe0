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

import { projectObject } from '../objects';
import { mesh } from '../testing';
import { membershipOf } from './membership';
import { nativeSidecarWanted } from './nativeSidecar';
import { workloadOf } from './workload';

function node(name: string, version: string) {
  return `
apiVersion: v1
kind: Node
metadata: {name: ${name}}
status: {nodeInfo: {kubeletVersion: ${version}}}
`;
}

function istiod(value: string) {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod, istio.io/rev: default}}
    spec: {containers: [{name: discovery, env: [{name: ENABLE_NATIVE_SIDECARS, value: "${value}"}]}]}
`;
}

const candidate = (nativeSidecar?: string, nodeName = '') => ({
  annotations:
    nativeSidecar === undefined
      ? {}
      : ({ 'sidecar.istio.io/nativeSidecar': nativeSidecar } as Record<
          string,
          string
        >),
  nodeName,
});

describe('a native sidecar (R2.2)', () => {
  it('S126: annotation nativeSidecar=false on a 1.33 cluster gives a classic container', () => {
    const snapshot = mesh`${node('n1', 'v1.33.1')}`;
    expect(nativeSidecarWanted(snapshot, candidate()).native).toBe(true);
    expect(nativeSidecarWanted(snapshot, candidate('false')).native).toBe(
      false,
    );
  });

  it('the annotation beats the flag, the flag beats the nodes', () => {
    const snapshot = mesh`${node('n1', 'v1.33.1')}---${istiod('false')}`;
    expect(nativeSidecarWanted(snapshot, candidate('true')).native).toBe(true);
    expect(nativeSidecarWanted(snapshot, candidate()).native).toBe(false);
  });

  it('one older node is enough, unless the pod is bound to another', () => {
    const snapshot = mesh`${node('new', 'v1.34.0')}---${node(
      'old',
      'v1.32.9',
    )}`;
    expect(nativeSidecarWanted(snapshot, candidate()).native).toBe(false);
    expect(
      nativeSidecarWanted(snapshot, candidate(undefined, 'new')),
    ).toMatchObject({ native: true });
  });

  it('is unknown without nodes, and with a node whose version is not told', () => {
    expect(
      nativeSidecarWanted(mesh`${node('n1', '')}`, candidate()).native,
    ).toBeUndefined();
    expect(
      nativeSidecarWanted(mesh`${istiod('auto')}`, candidate()).native,
    ).toBeUndefined();
  });
});

function shop(...more: readonly string[]) {
  return mesh`${[
    `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/rev: stable}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-revision-tag-stable, labels: {istio.io/tag: stable, istio.io/rev: r2}}
webhooks:
- name: rev.namespace.sidecar-injector.istio.io
  namespaceSelector: {matchLabels: {istio.io/rev: stable}}
---
apiVersion: v1
kind: Pod
metadata:
  name: web-1
  namespace: shop
  annotations: {istio.io/rev: r1}
  ownerReferences: [{kind: StatefulSet, name: web, controller: true}]
spec: {containers: [{name: app}, {name: istio-proxy}]}
status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
`,
    ...more,
  ].join('---\n')}`;
}

function membershipIn(snapshot: ReturnType<typeof mesh>) {
  const workload = workloadOf(snapshot, 'shop', 'StatefulSet', 'web');
  if (workload === undefined) {
    throw new Error('The StatefulSet must be found by its pod.');
  }
  return membershipOf(snapshot, workload);
}

describe('drift of running sidecars (R2.6)', () => {
  it('names pods of another revision than the tag of the namespace points to', () => {
    const { drift, verdict } = membershipIn(shop());
    expect(drift).toMatchObject([
      { of: 'revision', pods: 1, actual: 'r1', wanted: 'r2' },
    ]);
    expect(verdict.state).toBe('pass');
  });

  it('names containers that would be init containers now', () => {
    const { drift, wanted } = membershipIn(shop(node('n1', 'v1.33.0')));
    expect(drift.map(({ of }) => of)).toEqual(['revision', 'kind']);
    expect(wanted).toBe('native-sidecar');
  });

  it('names the pods of another revision, and what decides what new ones would get', () => {
    const [{ facts }] = membershipIn(shop()).drift;
    expect(
      facts.map(({ object, path }) => `${object.kind} ${object.name}: ${path}`),
    ).toEqual([
      'Pod web-1: metadata.annotations[istio.io/rev]',
      expect.stringContaining('Namespace shop'),
      'MutatingWebhookConfiguration istio-revision-tag-stable: webhooks',
    ]);
  });

  it('names pods whose proxy is older than the one that is injected now', () => {
    const running = (image: string, more = '') => mesh`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-sidecar-injector, labels: {istio.io/rev: default}}
webhooks:
- name: namespace.sidecar-injector.istio.io
  namespaceSelector: {matchLabels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Pod
metadata: {name: istiod-1, namespace: istio-system, labels: {app: istiod, istio.io/rev: default}}
spec: {containers: [{name: discovery, image: "istio/pilot:1.30.1"}]}
status: {phase: Running}
---
apiVersion: v1
kind: Pod
metadata:
  name: web-1
  namespace: shop
  annotations: {istio.io/rev: default ${more}}
  ownerReferences: [{kind: StatefulSet, name: web, controller: true}]
spec: {containers: [{name: app}, {name: istio-proxy, image: "${image}"}]}
status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
`;
    const driftOf = (snapshot: ReturnType<typeof mesh>) =>
      membershipIn(snapshot).drift.map(({ says }) => says);
    expect(
      membershipIn(running('istio/proxyv2:1.29.2')).drift[0].facts,
    ).toMatchObject([
      {
        object: { kind: 'Pod', name: 'web-1' },
        path: 'spec.containers[istio-proxy].image',
      },
    ]);
    expect(driftOf(running('istio/proxyv2:1.29.2'))).toEqual([
      '1 pod runs a sidecar of version 1.29.2, new pods would get version 1.30: restart the workload to update it.',
    ]);
    expect(driftOf(running('istio/proxyv2:1.30.0-distroless'))).toEqual([]);
    expect(driftOf(running('istio/proxyv2:latest'))).toEqual([]);
    expect(
      driftOf(
        running(
          'istio/proxyv2:1.29.2',
          ', sidecar.istio.io/proxyImage: "istio/proxyv2:1.29.2"',
        ),
      ),
    ).toEqual([]);
    const told = running('istio/proxyv2:1.30.0');
    const injector = projectObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio-sidecar-injector', namespace: 'istio-system' },
      data: {
        config: '{}',
        values: '{"global": {"tag": "1.30.1-distroless"}}',
      },
    });
    told.apply(injector ? [{ type: 'upsert', object: injector }] : []);
    expect(driftOf(told)).toEqual([
      '1 pod runs a sidecar of version 1.30.0, new pods would get version 1.30.1: restart the workload to update it.',
    ]);
  });

  it('R8.16: a machine whose probe has not succeeded gets no traffic', () => {
    const health = (condition: string) => {
      const snapshot = mesh`
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm, namespace: shop, annotations: {proxy.istio.io/health-checks-enabled: "true"}}
spec: {address: 10.0.0.1}
status: {conditions: [${condition}]}
`;
      const workload = workloadOf(snapshot, 'shop', 'WorkloadEntry', 'vm');
      return workload && membershipOf(snapshot, workload).health?.state;
    };
    expect(health('{type: Healthy, status: "True"}')).toBe('pass');
    expect(health('{type: Healthy, status: "False"}')).toBe('fail');
    expect(health('')).toBe('fail');
  });
});
