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

import {
  type MeshObject,
  projectObject,
  snapshotOf,
} from '@mesh-portal/mesh-model';
import { parseAllDocuments } from 'yaml';
import { podYaml, serviceYaml } from '../__testUtils__/meshYaml';
import { serviceVerdicts } from './serviceVerdicts';

function objectsOf(yaml: string): MeshObject[] {
  return parseAllDocuments(yaml).flatMap(document => {
    const raw: unknown = document.toJS();
    const object = raw === null ? undefined : projectObject(raw);
    return object === undefined ? [] : [object];
  });
}

const NAMESPACES = ['shop', 'pay', 'far', 'istio-system'];

const BASE = objectsOf(
  [
    ...NAMESPACES.map(
      name =>
        `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { istio-injection: enabled } }`,
    ),
    serviceYaml('shop', 'cart'),
    podYaml('shop', 'cart'),
    serviceYaml('shop', 'web'),
    podYaml('shop', 'web'),
    serviceYaml('pay', 'api'),
    podYaml('pay', 'api'),
    serviceYaml('pay', 'bare').replace('selector: { app: bare }', ''),
  ].join('\n---\n'),
);

const route = (host: string, to: string, more = '') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: routes, namespace: NS, creationTimestamp: "2026-01-01T00:00:00Z" }
spec:
  hosts: ["${host}"]
  ${more}
  http: [{ route: [{ destination: { host: ${to} } }] }]`;

/** Each is written in a namespace, and taken away again. */
const CHANGES: Readonly<Record<string, string>> = {
  'a route to another namespace': route(
    'cart.shop.svc.cluster.local',
    'api.pay.svc.cluster.local',
  ),
  'a route to nothing': route(
    'cart.shop.svc.cluster.local',
    'gone.pay.svc.cluster.local',
  ),
  'a route to an external host': route(
    'web.shop.svc.cluster.local',
    'api.example.com',
  ),
  'a wildcard route': route(
    '*.shop.svc.cluster.local',
    'api.pay.svc.cluster.local',
  ),
  'a private route': route(
    'api.pay.svc.cluster.local',
    'gone.pay.svc.cluster.local',
    'exportTo: ["."]',
  ),
  'a ServiceEntry': `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: example, namespace: NS }
spec: { hosts: [api.example.com], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }`,
  'a definition of what was missing': `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: gone, namespace: NS }
spec: { hosts: [gone.pay.svc.cluster.local], resolution: DNS, ports: [{ number: 8080, name: http, protocol: HTTP }] }`,
  'a DestinationRule': `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: plain, namespace: NS }
spec: { host: "*.pay.svc.cluster.local", trafficPolicy: { tls: { mode: DISABLE } } }`,
  'a malformed DestinationRule': `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: malformed, namespace: NS }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: 7 }`,
  STRICT: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: NS }
spec: { mtls: { mode: STRICT } }`,
  'deny all': `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: nobody, namespace: NS }
spec: {}`,
  'a Sidecar': `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: NS }
spec: { egress: [{ hosts: ["./*"] }] }`,
  'a machine that joins': `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm, namespace: NS, labels: { app: api } }
spec: { address: 10.1.1.1, labels: { app: api }, serviceAccount: api }`,
  'endpoints of a Service without a selector': `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: bare-1, namespace: NS, labels: { kubernetes.io/service-name: bare } }
addressType: IPv4
ports: [{ name: http, port: 8080 }]
endpoints: [{ addresses: [10.2.2.2], conditions: { ready: true } }]`,
  'a route of Gateway API': `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: mesh, namespace: NS }
spec:
  parentRefs: [{ group: "", kind: Service, name: cart, namespace: shop }]
  rules: [{ backendRefs: [{ name: api, namespace: pay, port: 8080 }] }]`,
  'a waypoint': `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: NS }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]`,
  'a namespace that becomes ambient': `
apiVersion: v1
kind: Namespace
metadata: { name: NS, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }`,
  'another control plane of the namespace': `
apiVersion: v1
kind: Namespace
metadata: { name: NS, labels: { istio.io/rev: canary } }`,
  'a route for another control plane': route(
    'web.shop.svc.cluster.local',
    'gone.pay.svc.cluster.local',
  ).replace('name: routes,', 'name: canary, labels: { istio.io/rev: canary },'),
  'an alias of another Service': `
apiVersion: v1
kind: Service
metadata: { name: alias, namespace: NS }
spec: { type: ExternalName, externalName: api.pay.svc.cluster.local, ports: [{ name: http, port: 8080 }] }`,
  'a Service that comes': serviceYaml('NS', 'gone'),
  'a Sidecar that imports one namespace': `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: one, namespace: NS }
spec: { egress: [{ hosts: ["./*", "pay/*"] }] }`,
  'a Sidecar that imports one host': `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: host, namespace: NS }
spec: { egress: [{ hosts: ["./*", "*/api.pay.svc.cluster.local"] }] }`,
  'mesh configuration': `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "outboundTrafficPolicy: { mode: REGISTRY_ONLY }\ndefaultVirtualServiceExportTo: [.]" }`,
  'discovery of some namespaces': `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "discoverySelectors: [{ matchLabels: { istio-injection: enabled } }]" }`,
  'a private DestinationRule with a subset': `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: subsets, namespace: NS }
spec: { host: api.pay.svc.cluster.local, exportTo: ["."], subsets: [{ name: v1, labels: { version: v9 } }] }`,
  'a route to a subset': route(
    'api.pay.svc.cluster.local',
    'api.pay.svc.cluster.local, subset: v1',
  ),
  'a delegate': `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: root, namespace: NS }
spec:
  hosts: [web.shop.svc.cluster.local]
  http: [{ delegate: { name: part, namespace: NS } }]`,
  'what is delegated to': `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: part, namespace: NS }
spec: { http: [{ route: [{ destination: { host: gone.pay.svc.cluster.local } }] }] }`,
  'a policy that targets a Service': `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: targeted, namespace: NS }
spec: { targetRefs: [{ group: "", kind: Service, name: api }], action: DENY, rules: [{}] }`,
  'an external authorizer, whose service may be there or not': `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "extensionProviders: [{ name: opa, envoyExtAuthzHttp: { service: gone.pay.svc.cluster.local, port: 8080 } }]" }`,
  'a policy that asks it': `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask, namespace: NS }
spec: { action: CUSTOM, provider: { name: opa }, rules: [{}] }`,
  'a dead pod': podYaml('NS', 'api').replace('phase: Running', 'phase: Failed'),
};

function deletionOf({ kind, metadata }: MeshObject) {
  const { namespace, name } = metadata;
  return { type: 'delete' as const, kind, namespace, name };
}

/** A small generator, so that a failure can be repeated. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe('verdicts that are kept', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'equal those of a cluster read anew, whatever changed before (seed %i)',
    seed => {
      const next = numbersFrom(seed);
      const kept = snapshotOf(BASE);
      const present = new Map(
        BASE.map(object => [
          `${object.kind} ${object.metadata.namespace} ${object.metadata.name}`,
          object,
        ]),
      );
      const writtenAs = new Map<string, string>();
      const names = Object.keys(CHANGES);
      for (let step = 0; step < 120; step += 1) {
        const name = names[next(names.length)];
        const namespace = NAMESPACES[next(NAMESPACES.length)];
        const [object] = objectsOf(CHANGES[name].replaceAll('NS', namespace));
        const key = `${object.kind} ${object.metadata.namespace} ${object.metadata.name}`;
        if (present.get(key) !== undefined && writtenAs.get(key) === name) {
          present.delete(key);
          writtenAs.delete(key);
          kept.apply([deletionOf(object)]);
        } else {
          writtenAs.set(key, name);
          present.set(key, object);
          kept.apply([{ type: 'upsert', object }]);
        }
        // Copies: what is kept hangs on the objects themselves.
        const anew = snapshotOf(structuredClone([...present.values()]));
        for (const service of kept.list('Service')) {
          const { metadata } = service;
          const fresh = anew.get('Service', metadata.namespace, metadata.name);
          expect({
            step,
            name,
            namespace,
            verdicts: serviceVerdicts(kept, service),
          }).toEqual({
            step,
            name,
            namespace,
            verdicts: fresh && serviceVerdicts(anew, fresh),
          });
        }
      }
    },
  );

  it('follow the service of an external authorizer', () => {
    const change = (name: string) =>
      objectsOf(CHANGES[name].replaceAll('NS', 'pay'))[0];
    const kept = snapshotOf([
      ...BASE,
      change('an external authorizer, whose service may be there or not'),
      change('a policy that asks it'),
    ]);
    const authorizer = change('a Service that comes');
    const [api] = kept
      .list('Service', 'pay')
      .filter(({ metadata }) => metadata.name === 'api');
    const state = () => serviceVerdicts(kept, api).authorization.state;
    const states = [state()];
    kept.apply([{ type: 'upsert', object: authorizer }]);
    states.push(state());
    kept.apply([deletionOf(authorizer)]);
    states.push(state());
    expect(states).toEqual(['fail', 'unknown', 'fail']);
  });

  it('a change elsewhere does not compute them again', () => {
    const kept = snapshotOf(BASE);
    const [service] = kept.list('Service', 'shop');
    const before = serviceVerdicts(kept, service);
    kept.apply(
      objectsOf(
        ['STRICT', 'deny all', 'a DestinationRule', 'a private route']
          .map(name => CHANGES[name].replaceAll('NS', 'pay'))
          .join('\n---\n'),
      ).map(object => ({ type: 'upsert' as const, object })),
    );
    const after = serviceVerdicts(kept, service);
    expect(after.routes).toBe(before.routes);
    expect(after.authorization).toBe(before.authorization);
    expect(after.encryption.ports).toBe(before.encryption.ports);
  });
});
