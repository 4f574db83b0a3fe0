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
import { injectionOf } from './injection';
import { clientOfWorkload, membershipOf } from './membership';
import { proxyOfPod } from './podProxy';
import { waypointOf } from './waypoint';
import { workloadOf, workloadsOf, workloadsOfService } from './workload';

const bare = {
  namespace: 'shop',
  labels: {},
  annotations: {},
  hostNetwork: false,
};

function namespaceWith(labels: string) {
  return mesh`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {${labels}}}
`;
}

describe('injection', () => {
  it('S124: a namespace that says disabled beats a pod that asks', () => {
    const decision = injectionOf(namespaceWith('istio-injection: disabled'), {
      ...bare,
      labels: { 'sidecar.istio.io/inject': 'true' },
    });
    expect(decision.injected).toBe(false);
    expect(decision.facts[0]).toMatchObject({
      object: { kind: 'Namespace', name: 'shop' },
      path: 'metadata.labels[istio-injection]',
    });
  });

  it('S124: the revision of the namespace beats that of the pod', () => {
    expect(
      injectionOf(namespaceWith('istio.io/rev: r1'), {
        ...bare,
        labels: { 'istio.io/rev': 'r2' },
      }),
    ).toMatchObject({ injected: true, revision: 'r1' });
  });

  it('S124: with both labels istio-injection wins', () => {
    expect(
      injectionOf(
        namespaceWith('istio-injection: enabled, istio.io/rev: r1'),
        bare,
      ),
    ).toMatchObject({ injected: true, revision: 'default' });
  });

  it('S125: neither host network nor a label that opts out is injected', () => {
    const snapshot = namespaceWith('istio-injection: enabled');
    expect(injectionOf(snapshot, { ...bare, hostNetwork: true }).injected).toBe(
      false,
    );
    expect(
      injectionOf(snapshot, {
        ...bare,
        labels: { 'sidecar.istio.io/inject': 'false' },
        annotations: { 'sidecar.istio.io/inject': 'true' },
      }).injected,
    ).toBe(false);
  });

  it('R2.4: a revision that no webhook serves is silently not injected', () => {
    const snapshot = mesh`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/rev: gone}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-sidecar-injector, labels: {istio.io/rev: default}}
webhooks:
- name: rev.namespace.sidecar-injector.istio.io
  namespaceSelector: {matchLabels: {istio.io/rev: default}}
`;
    const decision = injectionOf(snapshot, bare);
    expect(decision.injected).toBe(false);
    expect(decision.reason).toContain('No injection webhook serves');
  });
});

const web = (podExtras: string, namespaceLabels: string) => mesh`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {${namespaceLabels}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 1, template: {metadata: {labels: {app: web}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-5f-a, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: web-5f, controller: true}], ${podExtras}}
spec: {serviceAccountName: web, containers: [{name: app, image: web}]}
status: {phase: Running}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

function webMembership(podExtras: string, namespaceLabels: string) {
  const snapshot = web(podExtras, namespaceLabels);
  const workload = workloadOf(snapshot, 'shop', 'Deployment', 'web');
  if (workload === undefined) {
    throw new Error('The Deployment must be found.');
  }
  return membershipOf(snapshot, workload);
}

const LABELS = 'labels: {app: web, pod-template-hash: 5f}';

describe('membership', () => {
  it('R2.6: a namespace labelled after its pods were created is drift, not membership', () => {
    const membership = webMembership(LABELS, 'istio-injection: enabled');
    expect(membership).toMatchObject({ proxy: 'none', wanted: 'sidecar' });
    expect(membership.verdict.state).toBe('fail');
    expect(membership.verdict.reason).toContain('Restart the workload');
  });

  it('S127: a pod label takes a pod out of ambient', () => {
    expect(
      webMembership(
        'labels: {app: web, pod-template-hash: 5f, istio.io/dataplane-mode: none}',
        'istio.io/dataplane-mode: ambient',
      ),
    ).toMatchObject({
      proxy: 'none',
      wanted: 'none',
      verdict: { state: 'not-applicable' },
    });
  });

  it('R2.8: only the annotation of the node agent proves capture', () => {
    const ambient = 'istio.io/dataplane-mode: ambient';
    expect(webMembership(LABELS, ambient).verdict.state).toBe('fail');
    expect(
      webMembership(
        `${LABELS}, annotations: {ambient.istio.io/redirection: enabled}`,
        ambient,
      ),
    ).toMatchObject({ proxy: 'ambient', verdict: { state: 'pass' } });
    expect(
      webMembership(
        `${LABELS}, annotations: {ambient.istio.io/redirection: pending}`,
        ambient,
      ).verdict.state,
    ).toBe('fail');
  });

  it('R2.14: finished pods are not part of a workload', () => {
    const snapshot = mesh`
apiVersion: v1
kind: Pod
metadata: {name: job-a, namespace: shop, ownerReferences: [{kind: Job, name: job, controller: true}]}
status: {phase: Succeeded}
`;
    expect(workloadsOf(snapshot, 'shop')).toEqual([]);
  });

  it('R2.1: an init container that stays is a native sidecar, one that ends is none', () => {
    const pods = mesh`
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec: {initContainers: [{name: istio-proxy, restartPolicy: Always}]}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: shop}
spec: {initContainers: [{name: istio-init}]}
`.list('Pod');
    expect(pods.map(pod => proxyOfPod(pod).proxy)).toEqual([
      'native-sidecar',
      'none',
    ]);
  });

  it('R2.14: a proxy without an application beside it is a gateway, also when the injector made it', () => {
    const [pod] = mesh`
apiVersion: v1
kind: Pod
metadata: {name: gw, namespace: edge, labels: {istio: ingress}, annotations: {sidecar.istio.io/status: '{"revision":"1-27"}'}}
spec: {containers: [{name: istio-proxy, image: 'istio/proxyv2:1.27.1'}]}
`.list('Pod');
    expect(proxyOfPod(pod)).toMatchObject({
      proxy: 'gateway',
      revision: '1-27',
      version: '1.27.1',
    });
  });

  it('R2.15: a service leads to its workloads, also to one without pods', () => {
    const snapshot = web(LABELS, 'a: b');
    const service = snapshot.list('Service')[0];
    expect(workloadsOfService(snapshot, service).map(({ ref }) => ref)).toEqual(
      [{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }],
    );
    snapshot.replaceKind('Pod', []);
    const [idle] = workloadsOfService(snapshot, service);
    expect(idle).toMatchObject({ name: 'web', pods: [] });
    expect(membershipOf(snapshot, idle).verdict.state).toBe('unknown');
    expect(clientOfWorkload(snapshot, idle)).toMatchObject({
      namespace: 'shop',
      serviceAccount: 'default',
    });
  });
});

const waypoints = (gateway: string, service: string) => mesh`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/use-waypoint: wp}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
status: {addresses: [{value: 10.0.0.1}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: other, namespace: edge}
${gateway}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web${service}}}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

function bindingOfWeb(gateway: string, service: string) {
  const snapshot = waypoints(gateway, service);
  return waypointOf(snapshot, snapshot.list('Service')[0]);
}

const OTHER =
  ', istio.io/use-waypoint: other, istio.io/use-waypoint-namespace: edge';
const READY = 'status: {addresses: [{value: 10.0.0.2}]}';
const listener = (from: string) =>
  `spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: ${from}}}}]}\n${READY}`;

describe('waypoint binding', () => {
  it('S128: the namespace names it, `none` on the service takes it away', () => {
    expect(bindingOfWeb(READY, '').state).toBe('bound');
    expect(bindingOfWeb(READY, ', istio.io/use-waypoint: none').state).toBe(
      'none',
    );
  });

  it('S128: one that is not ready or missing is broken, without falling back to that of the namespace', () => {
    expect(bindingOfWeb('status: {}', OTHER)).toMatchObject({
      state: 'broken',
      waypoint: { namespace: 'edge', name: 'other' },
    });
    expect(bindingOfWeb(READY, ', istio.io/use-waypoint: missing').state).toBe(
      'broken',
    );
  });

  it('S129: one of another namespace must allow the namespace', () => {
    expect(bindingOfWeb(listener('Same'), OTHER).state).toBe('broken');
    expect(bindingOfWeb(listener('All'), OTHER).state).toBe('bound');
  });
});
