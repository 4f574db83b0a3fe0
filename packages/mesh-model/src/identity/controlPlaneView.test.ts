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

import { evaluateRequest, authorizationMeshOf } from '../authorization';
import { destinationRuleFor } from '../destinations';
import { gatewayConfigurationOf } from '../gateways';
import { defaultClient, type Client } from '../membership';
import { mtlsPathOf, serverModeOfPod } from '../mtls';
import { routeRequest } from '../routing';
import { sidecarOf } from '../scoping';
import { SnapshotStore } from '../snapshot';
import { mesh, objectsFromYaml } from '../testing';
import { controlPlaneView } from './controlPlaneView';

function meshWith(label: string) {
  return mesh`
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {clusterIP: 10.0.0.1, selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata:
  name: api-1
  namespace: shop
  labels: {app: api, security.istio.io/tlsMode: istio}
  annotations: {istio.io/rev: r1}
spec: {containers: [{name: app}, {name: istio-proxy}]}
status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict, namespace: shop, labels: {${label}}}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nobody, namespace: shop, labels: {${label}}}
spec: {}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: shop, labels: {${label}}}
spec: {host: api.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop, labels: {${label}}}
spec:
  hosts: [api.shop.svc.cluster.local]
  http: [{directResponse: {status: 418}}]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: narrow, namespace: shop, labels: {${label}}}
spec: {egress: [{hosts: ["other/*"]}]}
`;
}

const client = (revision: string): Client => ({
  ...defaultClient('shop'),
  revision,
});

/** What every resolver says for a workload on a revision. */
function answers(label: string, revision: string) {
  const snapshot = meshWith(label);
  const [pod] = snapshot.list('Pod');
  const target = {
    proxy: 'sidecar' as const,
    namespace: 'shop',
    labels: pod.metadata.labels,
  };
  const host = 'api.shop.svc.cluster.local';
  return {
    mode: serverModeOfPod(
      controlPlaneView(snapshot, revision),
      { ...pod, metadata: { ...pod.metadata, annotations: {} } },
      8080,
    ).mode,
    decision: evaluateRequest(
      snapshot,
      { ...target, revision },
      authorizationMeshOf(snapshot),
      { port: 8080 },
    ).decision,
    rule: destinationRuleFor(snapshot, client(revision), host).rule?.host,
    sidecar: sidecarOf(snapshot, client(revision)).sidecar?.metadata.name,
  };
}

const ACTING = {
  mode: 'STRICT',
  decision: 'deny',
  rule: 'api.shop.svc.cluster.local',
  sidecar: 'narrow',
};
const NOT_ACTING = {
  mode: 'PERMISSIVE',
  decision: 'allow',
  rule: undefined,
  sidecar: undefined,
};

function statusRouted(label: string, revision: string) {
  const snapshot = meshWith(label);
  snapshot.apply([
    { type: 'delete', kind: 'Sidecar', namespace: 'shop', name: 'narrow' },
  ]);
  const route = routeRequest(snapshot, client(revision), {
    protocol: 'http',
    port: 80,
    authority: 'api',
    path: '/',
    method: 'GET',
  });
  return route.code;
}

describe('configuration of another revision (R1.16)', () => {
  it('S134: config with istio.io/rev: r2 is not in the effective set of a workload on r1, whatever resolver is asked', () => {
    expect(answers('istio.io/rev: r2', 'r1')).toEqual(NOT_ACTING);
    expect(answers('istio.io/rev: r2', 'r2')).toEqual(ACTING);
    expect(answers('istio.io/rev: r1', 'r1')).toEqual(ACTING);
    expect(answers('', 'r1')).toEqual(ACTING);
  });

  it('S134: a VirtualService of r2 answers no request of a client on r1', () => {
    expect(statusRouted('istio.io/rev: r2', 'r1')).toBeUndefined();
    expect(statusRouted('istio.io/rev: r2', 'r2')).toBe(418);
    expect(statusRouted('', 'r1')).toBe(418);
  });

  it('S134: the pod itself says which revision serves it', () => {
    const snapshot = meshWith('istio.io/rev: r2');
    const [pod] = snapshot.list('Pod');
    expect(serverModeOfPod(snapshot, pod, 8080).mode).toBe('PERMISSIVE');
  });

  it('S134: pods that ztunnel captures follow the revision of ztunnel', () => {
    const modeUnder = (ztunnel: string) => {
      const snapshot = mesh`
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ztunnel, namespace: istio-system}
spec: {template: {metadata: {labels: {app: ztunnel, istio.io/rev: ${ztunnel}}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: api-1, namespace: shop, labels: {app: api}, annotations: {ambient.istio.io/redirection: enabled}}
spec: {containers: [{name: app}]}
status: {phase: Running, podIP: 10.1.0.1}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict, namespace: shop, labels: {istio.io/rev: r2}}
spec: {mtls: {mode: STRICT}}
`;
      return serverModeOfPod(snapshot, snapshot.list('Pod')[0], 8080).mode;
    };
    expect([modeUnder('r1'), modeUnder('r2')]).toEqual([
      'PERMISSIVE',
      'STRICT',
    ]);
  });

  it('S134: a Gateway of r2 opens nothing at a gateway on r1', () => {
    const snapshot = mesh`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: istio-system, labels: {istio.io/rev: r2}}
spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
`;
    const opens = (revision: string) =>
      gatewayConfigurationOf(snapshot, {
        namespace: 'istio-system',
        labels: { istio: 'ingressgateway' },
        servicePorts: [],
        revision,
      }).servers.length;
    expect([opens('r1'), opens('r2')]).toEqual([0, 1]);
  });

  it('R1.17: a label that names a tag of the revision is read', () => {
    const snapshot = meshWith('istio.io/rev: stable');
    snapshot.apply(
      objectsFromYaml(`
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-revision-tag-stable, labels: {istio.io/tag: stable, istio.io/rev: r1}}
webhooks: []
`).map(object => ({ type: 'upsert' as const, object })),
    );
    const listed = (revision: string) =>
      controlPlaneView(snapshot, revision).list('PeerAuthentication').length;
    expect([listed('r1'), listed('r2')]).toEqual([1, 0]);
  });

  it('R1.17: a Service beside istiod names a tag, too, and another as soon as it changes', () => {
    const snapshot = meshWith('istio.io/rev: stable');
    const tag = (revision: string, namespace = 'istio-system') =>
      snapshot.apply(
        objectsFromYaml(`
apiVersion: v1
kind: Service
metadata: {name: istiod-revision-tag-stable, namespace: ${namespace}, labels: {istio.io/tag: stable, istio.io/rev: ${revision}}}
spec: {ports: [{port: 15012}]}
`).map(object => ({ type: 'upsert' as const, object })),
      );
    const listed = (revision: string) =>
      controlPlaneView(snapshot, revision).list('PeerAuthentication').length;
    tag('r1', 'elsewhere');
    expect([listed('r1'), listed('r2')]).toEqual([0, 0]);
    tag('r1');
    expect([listed('r1'), listed('r2')]).toEqual([1, 0]);
    tag('r2');
    expect([listed('r1'), listed('r2')]).toEqual([0, 1]);
  });
});

const SELECTIVE = `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "discoverySelectors: [{matchLabels: {mesh: 'on'}}]"}
---
apiVersion: v1
kind: Namespace
metadata: {name: client, labels: {mesh: 'on'}}
`;

function withSelectors() {
  const snapshot = meshWith('');
  snapshot.apply(
    objectsFromYaml(SELECTIVE).map(object => ({
      type: 'upsert' as const,
      object,
    })),
  );
  return snapshot;
}

describe('namespaces that discoverySelectors leave out (R1.18)', () => {
  it('S135: a Service of such a namespace is unknown to the mesh, and calls are passed through', () => {
    const snapshot = withSelectors();
    const route = routeRequest(snapshot, defaultClient('client'), {
      protocol: 'http',
      port: 80,
      authority: 'api.shop',
      path: '/',
      method: 'GET',
    });
    expect(route.clusters).toEqual(['PassthroughCluster']);
    const [service] = snapshot.list('Service');
    const path = mtlsPathOf(
      snapshot,
      defaultClient('client'),
      service,
      service.spec.ports[0],
    );
    expect(path.groups.map(({ sent }) => sent.transport)).toEqual([
      'plaintext',
    ]);
  });

  it('S135: nothing that stands in such a namespace acts', () => {
    const snapshot = withSelectors();
    const [pod] = snapshot.list('Pod');
    expect(serverModeOfPod(snapshot, pod, 8080).mode).toBe('PERMISSIVE');
    expect(
      destinationRuleFor(
        snapshot,
        defaultClient('shop'),
        'api.shop.svc.cluster.local',
      ).rule,
    ).toBeUndefined();
  });
});

describe('the view of a control plane', () => {
  it('is the snapshot itself when nothing is left out', () => {
    const snapshot = meshWith('');
    expect(controlPlaneView(snapshot, 'r1')).toBe(snapshot);
    expect(controlPlaneView(snapshot)).toBe(snapshot);
  });

  it('stays the same object and follows the snapshot', () => {
    const snapshot = meshWith('istio.io/rev: r2');
    const view = controlPlaneView(snapshot, 'r1');
    const names = () =>
      view.list('PeerAuthentication').map(({ metadata }) => metadata.name);
    expect(names()).toEqual([]);
    const before = view.versionOf('PeerAuthentication');
    snapshot.apply(
      objectsFromYaml(`
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: own, namespace: shop}
spec: {}
`).map(object => ({ type: 'upsert' as const, object })),
    );
    expect(names()).toEqual(['own']);
    expect(view.versionOf('PeerAuthentication')).toBeGreaterThan(before);
    expect(controlPlaneView(snapshot, 'r1')).toBe(view);
  });

  it('gives the view of another revision when asked of a view', () => {
    const snapshot = meshWith('istio.io/rev: r2');
    const view = controlPlaneView(snapshot, 'r1');
    expect(controlPlaneView(view)).toBe(view);
    expect(
      controlPlaneView(view, 'r2').get('PeerAuthentication', 'shop', 'strict'),
    ).toBeDefined();
  });

  it('sees a namespace as soon as its labels are selected', () => {
    const snapshot = withSelectors();
    const view = controlPlaneView(snapshot);
    const podsAnywhere = () =>
      view.podsBySelector(undefined, { app: 'api' }).length;
    expect(view.list('Service')).toEqual([]);
    expect(podsAnywhere()).toBe(0);
    snapshot.apply(
      objectsFromYaml(
        'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {mesh: "on"}}',
      ).map(object => ({ type: 'upsert' as const, object })),
    );
    expect(view.list('Service')).toHaveLength(1);
    expect(podsAnywhere()).toBe(1);
  });

  it('reads the mesh configuration of its revision', () => {
    const store = new SnapshotStore();
    const config = (name: string, mode: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: istio-system}\ndata: {mesh: "enableAutoMtls: ${mode}"}`;
    store.apply(
      objectsFromYaml(
        `${config('istio', 'true')}\n---\n${config('istio-r2', 'false')}`,
      ).map(object => ({ type: 'upsert' as const, object })),
    );
    expect(controlPlaneView(store, 'r2').revision).toBe('r2');
    expect(controlPlaneView(store, 'r1')).toBe(store);
  });
});
