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

import fc from 'fast-check';

/** An object as the Kubernetes API gives it. */
export interface RawObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    creationTimestamp?: string;
    labels?: Readonly<Record<string, string>>;
    annotations?: Readonly<Record<string, string>>;
  };
  spec?: unknown;
  status?: unknown;
}

const optional = { requiredKeys: [] };

const selector = fc.constantFrom(
  undefined,
  {},
  { matchLabels: { app: 'a' } },
  { matchLabels: { app: 'b' } },
  { matchLabels: { app: 'nobody' } },
);
const workloadSelector = fc.constantFrom(
  undefined,
  { labels: {} },
  { labels: { app: 'a' } },
  { labels: { app: 'b' } },
);
const targetRefs = fc.constantFrom(
  undefined,
  [{ kind: 'Service', name: 'a' }],
  [{ kind: 'Service', name: 'b' }],
  [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'wp' }],
  [
    {
      group: 'gateway.networking.k8s.io',
      kind: 'GatewayClass',
      name: 'istio-waypoint',
    },
  ],
);
const exportTo = fc.constantFrom(undefined, ['.'], ['*'], ['web'], ['~']);
const host = fc.constantFrom(
  'a',
  'b',
  'a.shop.svc.cluster.local',
  'b.web.svc.cluster.local',
  '*.shop.svc.cluster.local',
  '*.local',
  'api.example.com',
);
const mode = fc.constantFrom('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT');
const subset = fc.constantFrom(undefined, 'v1', 'v2');
const route = fc.record(
  {
    match: fc.constantFrom(
      undefined,
      [{ uri: { prefix: '/a' } }],
      [{ port: 80 }],
      [{ sourceNamespace: 'web' }],
      [{ sourceLabels: { app: 'a' } }],
    ),
    route: fc.array(
      fc.record(
        {
          destination: fc.record({ host, subset }),
          weight: fc.constantFrom(0, 10, 90),
        },
        { requiredKeys: ['destination'] },
      ),
      { minLength: 1, maxLength: 2 },
    ),
    timeout: fc.constantFrom('1s', '0s'),
  },
  { requiredKeys: ['route'] },
);

interface Kind {
  apiVersion: string;
  kind: string;
  spec: fc.Arbitrary<unknown>;
  /** An object of this kind outside root, service and client namespaces acts on nobody there. */
  local: boolean;
}

const SECURITY = 'security.istio.io/v1';
const NETWORKING = 'networking.istio.io/v1';
const GATEWAY_API = 'gateway.networking.k8s.io/v1';

const KINDS: readonly Kind[] = [
  {
    apiVersion: SECURITY,
    kind: 'PeerAuthentication',
    local: true,
    spec: fc.record(
      {
        selector,
        mtls: fc.record({ mode }),
        portLevelMtls: fc.constantFrom({ 8080: { mode: 'DISABLE' } }),
      },
      optional,
    ),
  },
  {
    apiVersion: SECURITY,
    kind: 'AuthorizationPolicy',
    local: true,
    spec: fc.record(
      {
        selector,
        targetRefs,
        action: fc.constantFrom('ALLOW', 'DENY', 'AUDIT'),
        rules: fc.array(
          fc.constantFrom(
            {},
            { from: [{ source: { namespaces: ['web'] } }] },
            { to: [{ operation: { methods: ['GET'] } }] },
            { to: [{ operation: { ports: ['8080'] } }] },
            { when: [{ key: 'source.ip', values: ['10.0.0.0/8'] }] },
          ),
          { maxLength: 2 },
        ),
      },
      optional,
    ),
  },
  {
    apiVersion: SECURITY,
    kind: 'RequestAuthentication',
    local: true,
    spec: fc.record(
      { selector, targetRefs, jwtRules: fc.constant([{ issuer: 'i' }]) },
      optional,
    ),
  },
  {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    local: true,
    spec: fc.record(
      {
        selector,
        targetRefs,
        tracing: fc.constant([{ randomSamplingPercentage: 5 }]),
        metrics: fc.constant([{ overrides: [{ disabled: true }] }]),
        accessLogging: fc.constant([{ providers: [{ name: 'envoy' }] }]),
      },
      optional,
    ),
  },
  {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    local: true,
    spec: fc.record(
      {
        workloadSelector,
        targetRefs,
        priority: fc.constantFrom(-1, 0, 5),
        configPatches: fc.constantFrom(
          [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE' } }],
          [
            {
              applyTo: 'HTTP_FILTER',
              match: { context: 'GATEWAY' },
              patch: { operation: 'INSERT_FIRST' },
            },
          ],
        ),
      },
      optional,
    ),
  },
  {
    apiVersion: 'extensions.istio.io/v1alpha1',
    kind: 'WasmPlugin',
    local: true,
    spec: fc.record(
      {
        selector,
        targetRefs,
        phase: fc.constantFrom('AUTHN', 'AUTHZ', 'STATS'),
        priority: fc.constantFrom(1, 2),
      },
      optional,
    ),
  },
  {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    local: true,
    spec: fc.record({ selector, concurrency: fc.nat({ max: 4 }) }, optional),
  },
  {
    apiVersion: NETWORKING,
    kind: 'Sidecar',
    local: true,
    spec: fc.record(
      {
        workloadSelector,
        egress: fc.constantFrom(
          [{ hosts: ['./*'] }],
          [{ hosts: ['*/*'] }],
          [{ hosts: ['shop/*', '~/*'] }],
          [{ port: { number: 80 }, hosts: ['shop/*'] }],
        ),
        outboundTrafficPolicy: fc.constantFrom({ mode: 'REGISTRY_ONLY' }, {}),
      },
      optional,
    ),
  },
  {
    apiVersion: NETWORKING,
    kind: 'DestinationRule',
    local: true,
    spec: fc.record(
      {
        host,
        exportTo,
        workloadSelector: selector,
        subsets: fc.constant([{ name: 'v1', labels: { version: 'v1' } }]),
        trafficPolicy: fc.constantFrom(
          { tls: { mode: 'DISABLE' } },
          { tls: { mode: 'ISTIO_MUTUAL' } },
          { connectionPool: { tcp: { maxConnections: 3 } } },
        ),
      },
      { requiredKeys: ['host'] },
    ),
  },
  {
    apiVersion: NETWORKING,
    kind: 'VirtualService',
    local: false,
    spec: fc.record(
      {
        hosts: fc.array(host, { minLength: 1, maxLength: 2 }),
        gateways: fc.constantFrom(undefined, ['mesh'], ['gw'], ['mesh', 'gw']),
        exportTo,
        http: fc.array(route, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['hosts', 'http'] },
    ),
  },
  {
    apiVersion: NETWORKING,
    kind: 'ServiceEntry',
    local: false,
    spec: fc.record(
      {
        hosts: fc.array(host, { minLength: 1, maxLength: 1 }),
        exportTo,
        ports: fc.constant([{ number: 80, name: 'http', protocol: 'HTTP' }]),
        location: fc.constantFrom('MESH_EXTERNAL', 'MESH_INTERNAL'),
        resolution: fc.constantFrom('NONE', 'DNS', 'STATIC'),
      },
      { requiredKeys: ['hosts', 'ports'] },
    ),
  },
  {
    apiVersion: NETWORKING,
    kind: 'Gateway',
    local: false,
    spec: fc.record({
      selector: fc.constant({ istio: 'ingressgateway' }),
      servers: fc.constantFrom(
        [
          {
            port: { number: 80, name: 'http', protocol: 'HTTP' },
            hosts: ['*'],
          },
        ],
        [
          {
            port: { number: 80, name: 'tcp', protocol: 'TCP' },
            hosts: ['shop/*'],
          },
        ],
      ),
    }),
  },
  {
    apiVersion: GATEWAY_API,
    kind: 'HTTPRoute',
    // From a third namespace it routes nothing, and yet keeps a wildcard VirtualService from the service: istiod looks for
    // the most specific host before it looks at the namespace (route.go, separateVSHostsAndServices).
    local: false,
    spec: fc.record({
      parentRefs: fc.constantFrom(
        [{ group: '', kind: 'Service', name: 'a', namespace: 'shop' }],
        [{ group: '', kind: 'Service', name: 'b', namespace: 'web' }],
        [{ name: 'wp' }],
      ),
      rules: fc.constantFrom(
        [{ backendRefs: [{ name: 'a', namespace: 'shop', port: 80 }] }],
        [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/a' } }],
            backendRefs: [{ name: 'b', namespace: 'web', port: 80 }],
          },
        ],
      ),
    }),
  },
];

function objectsOf(
  kinds: readonly Kind[],
  namespace: fc.Arbitrary<string>,
): fc.Arbitrary<RawObject> {
  return fc
    .tuple(
      fc
        .constantFrom(...kinds)
        .chain(({ apiVersion, kind, spec }) =>
          spec.map(value => ({ apiVersion, kind, spec: value })),
        ),
      fc.constantFrom('one', 'two', 'gw', 'wp'),
      namespace,
      fc.nat({ max: 2 }),
    )
    .map(([object, name, where, age]) => ({
      ...object,
      metadata: {
        name,
        namespace: where,
        creationTimestamp: `2026-01-0${age + 1}T00:00:00Z`,
      },
    }));
}

/** Objects that act, or could, on the services of the base mesh. */
export const meshObject = objectsOf(
  KINDS,
  fc.constantFrom('istio-system', 'shop', 'web'),
);

/** Objects that stand where they can act on nobody of the base mesh: another namespace, exported nowhere. */
export const strangeObject = objectsOf(
  KINDS.filter(({ local }) => local),
  fc.constant('elsewhere'),
);

/** One object of a kind and name, the last one. */
export function unique(objects: readonly RawObject[]): RawObject[] {
  return [
    ...new Map(
      objects.map(object => [
        `${object.kind} ${object.metadata.namespace ?? ''}/${
          object.metadata.name
        }`,
        object,
      ]),
    ).values(),
  ];
}
