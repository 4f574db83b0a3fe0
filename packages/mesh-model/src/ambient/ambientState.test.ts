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

import { workloadOf } from '../membership';
import { mesh } from '../testing';
import { ambientStateOfService, ambientStateOfWorkload } from './ambientState';

const NAMESPACE = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp}}
`;

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {clusterIP: 10.0.0.1, selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
`;

function pod(
  name: string,
  redirection: string | undefined,
  containers = 'app',
) {
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: {app: api}
  ownerReferences: [{kind: StatefulSet, name: api, controller: true}]
  annotations: {${
    redirection === undefined
      ? ''
      : `ambient.istio.io/redirection: ${redirection}`
  }}
spec: {containers: [${containers
    .split(' ')
    .map(each => `{name: ${each}}`)
    .join(', ')}]}
status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
`;
}

function waypoint(from = 'Same', ready = true) {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - {name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: ${from}}}}
status: {addresses: [${
    ready ? '{type: Hostname, value: wp.shop.svc.cluster.local}' : ''
  }]}
---
apiVersion: v1
kind: Pod
metadata:
  name: wp-1
  namespace: shop
  labels: {gateway.networking.k8s.io/gateway-name: wp, gateway.istio.io/managed: istio.io-mesh-controller}
spec: {containers: [{name: istio-proxy}]}
status: {phase: Running, podIP: 10.1.0.9, conditions: [{type: Ready, status: "${
    ready ? 'True' : 'False'
  }"}]}
`;
}

function shop(...parts: readonly string[]) {
  return mesh`${[NAMESPACE, SERVICE, ...parts].join('\n---\n')}`;
}

function stateOf(...parts: readonly string[]) {
  const snapshot = shop(...parts);
  return ambientStateOfService(snapshot, snapshot.list('Service')[0]);
}

describe('where a service stands in the ambient data plane', () => {
  it('passes when every pod is captured and the waypoint is ready', () => {
    const state = stateOf(pod('api-1', 'enabled'), waypoint());
    expect(state.verdict.state).toBe('pass');
    expect(state.remedies).toEqual([]);
    expect(state.services[0].l7).toMatchObject({
      by: 'waypoint',
      at: { kind: 'Gateway', namespace: 'shop', name: 'wp' },
    });
    expect(state.workloads[0].l4.by).toBe('ztunnel');
    expect(state.services[0].waypoint.readyPods).toBe(1);
  });

  it('R2.10: names a waypoint that does not exist, and what to do', () => {
    const state = stateOf(pod('api-1', 'enabled'));
    expect(state.verdict.state).toBe('fail');
    expect(state.services[0].waypoint.binding).toMatchObject({
      state: 'broken',
      problem: 'WaypointIsNotReady',
    });
    expect(state.services[0].l7.by).toBe('none');
    expect(state.remedies[0]).toContain('Create Gateway shop/wp');
  });

  it('R2.10: tells not ready from not there', () => {
    const state = stateOf(pod('api-1', 'enabled'), waypoint('Same', false));
    expect(state.verdict.reason).toContain('not ready');
    expect(state.remedies[0]).toContain('Deployment');
    expect(state.services[0].l7).toEqual({
      by: 'none',
      says: 'Nothing looks at requests. Waypoint shop/wp is not ready (it has no address), so traffic does not pass it.',
    });
  });

  it('fails when the waypoint keeps its address but its pods are gone', () => {
    const state = stateOf(
      pod('api-1', 'enabled'),
      waypoint().replace('status: "True"', 'status: "False"'),
    );
    expect(state.services[0].waypoint).toMatchObject({
      readyPods: 0,
      verdict: { state: 'fail' },
    });
  });

  it('R2.8: a pending pod is not captured', () => {
    const state = stateOf(
      pod('api-1', 'enabled'),
      pod('api-2', 'pending'),
      waypoint(),
    );
    expect(state.workloads[0].capture).toMatchObject({
      wanted: true,
      pods: 2,
      captured: 1,
      pending: 1,
      verdict: { state: 'fail' },
    });
    expect(state.workloads[0].l4.by).toBe('none');
  });

  it('R2.9: pods that keep a sidecar are not captured, and a restart helps', () => {
    const state = stateOf(
      pod('api-1', undefined, 'app istio-proxy'),
      waypoint(),
    );
    expect(state.workloads[0].capture).toMatchObject({
      withSidecar: 1,
      verdict: { state: 'fail' },
    });
    expect(state.remedies[0]).toContain('Restart');
  });

  it('is unknown, not green, without pods', () => {
    const snapshot = shop(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: api, namespace: shop}
spec: {replicas: 0, template: {metadata: {labels: {app: api}}}}
`);
    const workload = workloadOf(snapshot, 'shop', 'StatefulSet', 'api');
    expect(workload).toBeDefined();
    const state = workload && ambientStateOfWorkload(snapshot, workload);
    expect(state?.workloads[0].capture.verdict.state).toBe('unknown');
  });
});

const NO_WAYPOINT = NAMESPACE.replace(', istio.io/use-waypoint: wp', '');

function withoutWaypoint(policy: string) {
  const snapshot = mesh`${[
    NO_WAYPOINT,
    SERVICE,
    pod('api-1', 'enabled'),
    policy,
  ].join('\n---\n')}`;
  return ambientStateOfService(snapshot, snapshot.list('Service')[0]);
}

describe('policies and routes that need a waypoint', () => {
  it('R4.24: a DENY of methods without a waypoint denies nothing, and the answer says so', () => {
    const state = withoutWaypoint(`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-delete, namespace: shop}
spec: {action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]}
`);
    expect(state.policies).toMatchObject([
      {
        policy: { name: 'no-delete' },
        enforcedBy: 'none',
        effect: 'no-effect',
        unsupported: ['methods'],
        verdict: { state: 'fail' },
      },
    ]);
    expect(state.verdict.state).toBe('fail');
  });

  it('R4.24: an ALLOW of paths refuses more than it says', () => {
    const state = withoutWaypoint(`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: only-public, namespace: shop}
spec: {action: ALLOW, rules: [{to: [{operation: {paths: ["/public"]}}]}]}
`);
    expect(state.policies[0]).toMatchObject({
      enforcedBy: 'ztunnel',
      effect: 'narrower',
    });
  });

  it('R4.24: a DENY of a namespace is enforced whole', () => {
    const state = withoutWaypoint(`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: not-dev, namespace: shop}
spec: {action: DENY, rules: [{from: [{source: {namespaces: [dev]}}]}]}
`);
    expect(state.policies[0]).toMatchObject({
      effect: 'enforced',
      verdict: { state: 'pass' },
    });
    expect(state.verdict.state).toBe('pass');
  });

  it('R4.9: RequestAuthentication has no effect at ztunnel', () => {
    const state = withoutWaypoint(`
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: jwt, namespace: shop}
spec: {jwtRules: [{issuer: me}]}
`);
    expect(state.policies[0]).toMatchObject({
      policy: { kind: 'RequestAuthentication' },
      enforcedBy: 'none',
    });
  });

  it('R4.3: a policy that targets the Service acts on nobody without a waypoint, and at it with one', () => {
    const policy = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: at-api, namespace: shop}
spec: {targetRefs: [{kind: Service, group: "", name: api}], rules: [{}]}
`;
    expect(withoutWaypoint(policy).policies[0]).toMatchObject({
      enforcedBy: 'none',
      verdict: { state: 'fail' },
    });
    const bound = stateOf(pod('api-1', 'enabled'), waypoint(), policy);
    expect(bound.policies).toMatchObject([
      { enforcedBy: 'waypoint', verdict: { state: 'pass' } },
    ]);
  });

  it('R5.13: routing rules without a waypoint are gone past by ambient clients', () => {
    const state = withoutWaypoint(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop}
spec:
  hosts: [api.shop.svc.cluster.local]
  http: [{timeout: 1s, route: [{destination: {host: api.shop.svc.cluster.local}}]}]
`);
    expect(state.services[0].routesWithoutWaypoint).toMatchObject([
      { object: { kind: 'VirtualService', name: 'api' } },
    ]);
    expect(state.verdict.state).toBe('fail');
  });

  it('R5.13: routing rules are gone past by ambient clients while the waypoint is not ready, and the answer says that', () => {
    const { services, remedies, verdict } = stateOf(
      pod('api-1', 'enabled'),
      waypoint('Same', false),
      `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop}
spec:
  hosts: [api.shop.svc.cluster.local]
  http: [{timeout: 1s, route: [{destination: {host: api.shop.svc.cluster.local}}]}]
`,
    );
    expect(services[0].routesWithoutWaypoint).toHaveLength(1);
    expect(verdict.state).toBe('fail');
    expect(remedies.join(' ')).not.toContain('Deploy a waypoint');
  });
});
