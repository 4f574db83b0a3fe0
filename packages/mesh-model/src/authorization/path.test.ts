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

import { defaultClient, workloadOf } from '../membership';
import type { Client } from '../membership';
import { istiodYaml, mesh as snapshotFrom } from '../testing';
import type { Provenance } from '../verdict';
import { evaluatePolicies } from './decision';
import { authorizationMeshOf, policyTargetOf } from './meshBinding';
import { evaluatePath } from './path';
import { postureOf } from './posture';

const AMBIENT_SHOP = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp } }
---
apiVersion: v1
kind: Service
metadata: { name: a, namespace: shop }
spec: { selector: { app: a }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Pod
metadata:
  name: a-1
  namespace: shop
  labels: { app: a }
  annotations: { ambient.istio.io/redirection: enabled }
spec: { serviceAccountName: a, containers: [{ name: a, image: a }] }
status: { phase: Running }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: gets, namespace: shop }
spec:
  targetRefs: [{ kind: Service, name: a }]
  rules: [{ to: [{ operation: { methods: [GET], ports: ["80"] } }] }]
---
`;
const READY_WAYPOINT = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: shop, labels: { istio.io/waypoint-for: service } }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
status: { addresses: [{ value: 10.1.1.1 }] }
---
`;
const CALLER_ONLY = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: caller, namespace: shop }
spec:
  selector: { matchLabels: { app: a } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/caller] } }] }]
---
`;

function decide(yaml: string, client: Partial<Client>, method: string) {
  const snapshot = snapshotFrom`${yaml}`;
  const workload = workloadOf(snapshot, 'shop', 'Pod', 'a-1');
  if (!workload) {
    throw new Error('the mesh of this test has no workload a-1');
  }
  return evaluatePath(snapshot, {
    workload,
    service: snapshot.get('Service', 'shop', 'a'),
    client: { ...defaultClient('shop'), ...client },
    servicePort: 80,
    request: {
      protocol: 'http',
      peer: { namespace: 'shop', serviceAccount: 'caller' },
      method,
      port: 8080,
    },
  });
}

describe('authorization along a path', () => {
  it('a ztunnel client passes the waypoint, which sees the Service port', () => {
    const mesh = AMBIENT_SHOP + READY_WAYPOINT;
    expect(decide(mesh, { proxy: 'ambient' }, 'GET').decision).toBe('allow');
    expect(decide(mesh, { proxy: 'ambient' }, 'DELETE')).toMatchObject({
      decision: 'deny',
      hops: [{ at: { kind: 'Gateway', name: 'wp' } }, { at: { name: 'a-1' } }],
    });
  });

  it('R2.12: a sidecar client goes past the waypoint', () => {
    expect(
      decide(AMBIENT_SHOP + READY_WAYPOINT, { proxy: 'sidecar' }, 'DELETE'),
    ).toMatchObject({ decision: 'allow', hops: [{ at: { name: 'a-1' } }] });
  });

  it('peers 1c.2: a label that names a missing waypoint is fail-open', () => {
    expect(decide(AMBIENT_SHOP, { proxy: 'ambient' }, 'DELETE')).toMatchObject({
      decision: 'allow',
      hops: [{ at: { name: 'a-1' } }],
    });
  });

  it('R4.4: behind a waypoint the pod sees the waypoint, not the caller', () => {
    const mesh = AMBIENT_SHOP + READY_WAYPOINT + CALLER_ONLY;
    expect(decide(mesh, { proxy: 'ambient' }, 'GET')).toMatchObject({
      decision: 'deny',
      hops: [
        { decision: { decision: 'allow' } },
        { decision: { decision: 'deny' } },
      ],
    });
    expect(decide(mesh, { proxy: 'sidecar' }, 'GET').decision).toBe('allow');
  });
});

describe('settings and targets from the mesh', () => {
  const OPA = `
apiVersion: v1
kind: Service
metadata: { name: opa, namespace: opa }
spec: { clusterIP: 10.0.0.9, ports: [{ name: grpc, port: 9191 }] }
---`;

  it('reads trust domain, root namespace and external authorizers', () => {
    const snapshot = snapshotFrom`${OPA}
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    rootNamespace: config
    trustDomain: td1
    trustDomainAliases: [td2]
    extensionProviders:
    - name: opa
      envoyExtAuthzGrpc: { service: opa.opa.svc.cluster.local, port: 9191 }
`;
    expect(authorizationMeshOf(snapshot)).toEqual({
      source: snapshot.get('ConfigMap', 'istio-system', 'istio'),
      rootNamespace: 'config',
      trustDomain: 'td1',
      trustDomainAliases: ['td2'],
      selectorBasedGatewayPolicy: true,
      multipleCustomProviders: false,
      autoAllowWaypoint: false,
      layeredWaypointPolicies: false,
      ambientDryRun: false,
      externalAuthorizers: [
        { name: 'opa', protocol: 'grpc', service: 'opa.opa.svc.cluster.local' },
      ],
    });
  });

  describe('R4.25: the service of an external authorizer', () => {
    const entry = (namespace: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: check, namespace: ${namespace} }
spec: { hosts: [check.example.com], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
---`;
    const problem = (service: string) => {
      const snapshot = snapshotFrom`${OPA}${entry('one')}${entry('two')}
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    extensionProviders:
    - name: opa
      envoyExtAuthzGrpc: { service: ${service}, port: 9191 }
`;
      return authorizationMeshOf(snapshot).externalAuthorizers?.[0].invalid;
    };

    it.each([
      'opa.opa.svc.cluster.local',
      'opa/opa.opa.svc.cluster.local',
      'two/check.example.com',
    ])('is found as %s', service => {
      expect(problem(service)).toBeUndefined();
    });

    it.each([
      'opa',
      'opa.opa',
      'opa.opa.svc.cluster.local.',
      'other/opa.opa.svc.cluster.local',
      'three/check.example.com',
      'a/b/opa.opa.svc.cluster.local',
    ])('is not known as %s', service => {
      expect(problem(service)).toBe(
        `Istio knows no service ${service}; write the full host of a Service or ServiceEntry, such as name.namespace.svc.cluster.local`,
      );
    });

    it('must name the namespace where several have it', () => {
      expect(problem('check.example.com')).toBe(
        'its service check.example.com exists in several namespaces (one, two); write it as namespace/host',
      );
    });

    it('may be in another cluster, where istiod has been given a name for its own', () => {
      const answer = (cluster: string, service: string) => {
        const snapshot = snapshotFrom`${OPA}${istiodYaml({
          env: { CLUSTER_ID: cluster },
        })}
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    extensionProviders:
    - name: opa
      envoyExtAuthzGrpc: { service: ${service}, port: 9191 }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask, namespace: shop }
spec: { action: CUSTOM, provider: { name: opa }, rules: [{}] }
---`;
        const target = {
          proxy: 'sidecar',
          namespace: 'shop',
          labels: {},
        } as const;
        const settings = authorizationMeshOf(snapshot);
        const { policies, verdict } = postureOf(snapshot, target, settings);
        const { decision, reason } = evaluatePolicies(
          policies,
          target,
          settings,
          { protocol: 'http' },
        );
        return [
          verdict.state,
          decision,
          [verdict.reason, reason].every(each =>
            each.includes('only if it reads another cluster'),
          ),
        ];
      };
      const remote = 'check.auth.svc.cluster.local';
      expect(answer('east', remote)).toEqual(['unknown', 'unknown', true]);
      expect(answer('east', `auth/${remote}`)).toEqual([
        'unknown',
        'unknown',
        true,
      ]);
      for (const [cluster, service] of [
        ['Kubernetes', remote],
        ['east', 'check'],
        ['east', 'check.example.com'],
        ['east', `other/${remote}`],
      ]) {
        expect(answer(cluster, service)).toEqual(['fail', 'deny', false]);
      }
    });

    it('decides what becomes of the requests that CUSTOM policies select, and of the posture', () => {
      const mesh = (service: string) => snapshotFrom`${OPA}
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    extensionProviders:
    - name: opa
      envoyExtAuthzHttp: { service: ${service}, port: 9191, pathPrefix: /check }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask, namespace: shop }
spec: { action: CUSTOM, provider: { name: opa }, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }
---`;
      const target = {
        proxy: 'sidecar',
        namespace: 'shop',
        labels: {},
      } as const;
      const answer = (service: string, path: string) => {
        const snapshot = mesh(service);
        const settings = authorizationMeshOf(snapshot);
        const { policies, posture, verdict } = postureOf(
          snapshot,
          target,
          settings,
        );
        const { decision, decidedBy } = evaluatePolicies(
          policies,
          target,
          settings,
          { protocol: 'http', path },
        );
        const kinds = (facts: readonly Provenance[]) =>
          facts.map(({ object }) => object.kind).sort();
        return {
          decision,
          decidedBy: kinds(decidedBy),
          posture,
          state: verdict.state,
          facts: kinds(verdict.facts),
        };
      };
      const host = 'opa.opa.svc.cluster.local';
      expect(answer(host, '/admin')).toEqual({
        decision: 'unknown',
        decidedBy: ['AuthorizationPolicy'],
        posture: 'custom',
        state: 'unknown',
        facts: ['AuthorizationPolicy'],
      });
      expect(answer('opa', '/admin')).toEqual({
        decision: 'deny',
        decidedBy: ['AuthorizationPolicy', 'ConfigMap'],
        posture: 'custom',
        state: 'fail',
        facts: ['AuthorizationPolicy', 'ConfigMap'],
      });
      expect(answer('opa', '/')).toMatchObject({ decision: 'allow' });
    });
  });

  it('without mesh configuration, external authorizers are not known', () => {
    const settings = authorizationMeshOf(snapshotFrom`${''}`);
    expect(settings.rootNamespace).toBe('istio-system');
    expect(settings.externalAuthorizers).toBeUndefined();
  });

  it('an ambient pod is a target of ztunnel', () => {
    const snapshot = snapshotFrom`${AMBIENT_SHOP}`;
    const workload = workloadOf(snapshot, 'shop', 'Pod', 'a-1');
    expect(workload && policyTargetOf(snapshot, workload)).toEqual({
      proxy: 'ambient',
      namespace: 'shop',
      labels: { app: 'a' },
    });
  });
});
