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
  authorizationMeshOf,
  type DerivationInput,
  membershipOf,
  meshedClientOf,
  type MeshSnapshot,
  mtlsPathOf,
  postureOf,
  type ProxyType,
  meshConfigOf,
  routesOfService,
  routingConfigsByHostOf,
  routingConfigsNaming,
  serverModesOfService,
  type Verdict,
  workloadsOfService,
} from '@mesh-portal/mesh-model';
import { serviceRefOf, type Service } from '../entity';
import { type ConfiguredEncryption } from './encryption';
import { enforcementPoints } from './authorizationTargets';
import { keptPerService } from './keptPerService';
import { malformedEncryption } from './malformedEncryption';
import { malformedRoutes } from './malformedRoutes';
import { plainVerdict, shownPostureVerdict, worstVerdict } from './verdicts';

/** What a list says about a Service: cheap enough for thousands, kept until something it read changes. */
export interface ServiceVerdicts {
  proxy: ProxyType | 'mixed';
  pods: { total: number; inMesh: number };
  membership: Verdict;
  /** see {@link encryptionVerdict}: what was seen decides together with it */
  encryption: ConfiguredEncryption;
  /** server modes of its ports, for example `STRICT` */
  mtlsSummary: string;
  routes: Verdict;
  authorization: Verdict;
  posture: string;
}

/** Kinds whose objects of the service's own namespace matter to every verdict. */
function local(namespace: string): DerivationInput[] {
  return [
    { kind: 'Service', namespace },
    { kind: 'Pod', namespace },
    { kind: 'WorkloadEntry', namespace },
    { kind: 'EndpointSlice', namespace },
    { kind: 'Namespace' },
    { kind: 'ConfigMap' },
    // They say which revision serves whom, and so which objects are read.
    { kind: 'MutatingWebhookConfiguration' },
  ];
}

const NO_PODS = plainVerdict('unknown', 'It has no pods');

const membershipVerdict = keptPerService(
  namespace => [
    ...local(namespace),
    { kind: 'ReplicaSet', namespace },
    { kind: 'Deployment', namespace },
    { kind: 'K8sGateway' },
    { kind: 'GatewayClass' },
  ],
  (snapshot, service) => {
    const members = workloadsOfService(snapshot, service).map(workload => ({
      workload,
      membership: membershipOf(snapshot, workload),
    }));
    const proxies = new Set(members.map(({ membership }) => membership.proxy));
    const [only] = proxies;
    const counts = members.flatMap(({ membership }) => membership.counts);
    const sum = (of: typeof counts) =>
      of.reduce((total, { pods }) => total + pods, 0);
    const value = {
      members,
      proxy: proxies.size > 1 ? ('mixed' as const) : only ?? ('none' as const),
      pods: {
        total: sum(counts),
        inMesh: sum(counts.filter(({ proxy }) => proxy !== 'none')),
      },
      verdict: worstVerdict(
        members.map(({ membership }) => membership.verdict),
        NO_PODS,
      ),
    };
    return { value };
  },
);

/** What is written in any of these namespaces, of each of these kinds. */
function inEach(
  namespaces: readonly string[],
  kinds: readonly DerivationInput['kind'][],
): DerivationInput[] {
  return namespaces.flatMap(namespace =>
    kinds.map(kind => ({ kind, namespace })),
  );
}

function rootOf(snapshot: MeshSnapshot): string[] {
  return [meshConfigOf(snapshot).rootNamespace];
}

const configuredEncryption = keptPerService(
  (namespace, root) => [
    ...local(namespace),
    // Clients of the own namespace find a DestinationRule there or in the root namespace only. R3.1, R6.2, R8.1
    ...inEach(
      [namespace, ...root],
      ['PeerAuthentication', 'DestinationRule', 'Sidecar'],
    ),
    // istiod's own settings
    ...inEach(root, ['Deployment']),
  ],
  (snapshot, service) => {
    const client = meshedClientOf(snapshot, service.metadata.namespace);
    const modes = serverModesOfService(snapshot, service);
    const value = {
      ports: service.spec.ports.flatMap((port, index) => {
        if (port.protocol === 'UDP') {
          return [];
        }
        const path = mtlsPathOf(snapshot, client, service, port);
        return [
          {
            mode: modes[index].mode,
            broken: path.summary === 'broken',
            verdict: path.verdict,
          },
        ];
      }),
      summary: [...new Set(modes.map(({ mode }) => mode))].join(', '),
    };
    return { value, namespaces: rootOf(snapshot) };
  },
);

/** Among namespaces: routing configuration anywhere in the mesh. */
const ROUTES_ANYWHERE = 'routes *';

/** Among namespaces: definitions of services anywhere in the mesh. */
const SERVICES_ANYWHERE = 'services *';

/** Among namespaces: all that may be behind a host that is no Service's. */
const OUTSIDE = 'outside *';

const NAMED_APART: ReadonlySet<string> = new Set([
  ROUTES_ANYWHERE,
  SERVICES_ANYWHERE,
  OUTSIDE,
]);

/** The namespaces of Services that are routed to. */
function namespacesOfHosts(hosts: readonly string[]): string[] {
  return hosts.flatMap(
    host =>
      /^[^.*]+\.([^.]+)\.svc\./.exec(host)?.[1] ?? [SERVICES_ANYWHERE, OUTSIDE],
  );
}

function meshWide(kinds: readonly DerivationInput['kind'][]) {
  return kinds.map((kind): DerivationInput => ({ kind }));
}

/**
 * A Sidecar or a waypoint may make any routing configuration matter, and a destination that is missing may be defined
 * anywhere; else what names the host and what is in the namespaces of its destinations decides.
 */
const routesVerdict = keptPerService(
  (namespace, others) => [
    ...local(namespace),
    ...inEach(
      [namespace, ...others.filter(each => !NAMED_APART.has(each))],
      [
        'Service',
        'Pod',
        'WorkloadEntry',
        'EndpointSlice',
        'DestinationRule',
        'ServiceEntry',
        'Sidecar',
      ],
    ),
    ...(others.includes(ROUTES_ANYWHERE)
      ? meshWide(['VirtualService', 'HTTPRoute', 'GRPCRoute', 'K8sGateway'])
      : []),
    ...(others.includes(SERVICES_ANYWHERE)
      ? meshWide(['Service', 'ServiceEntry'])
      : []),
    ...(others.includes(OUTSIDE)
      ? meshWide(['Pod', 'WorkloadEntry', 'DestinationRule'])
      : []),
  ],
  (snapshot, service) => {
    const { namespace, name } = service.metadata;
    const client = meshedClientOf(snapshot, namespace);
    const root = rootOf(snapshot);
    const routes = routesOfService(snapshot, client, { namespace, name });
    if (!routes) {
      return {
        value: plainVerdict(
          'unknown',
          'Clients of its namespace do not know it',
        ),
        namespaces: [...root, ROUTES_ANYWHERE, SERVICES_ANYWHERE],
      };
    }
    const destinations = routes.ports.flatMap(({ rules }) =>
      rules.flatMap(rule => rule.destinations),
    );
    const ambient = client.proxy === 'ambient';
    // What a Sidecar imports follows from the destinations of all routes that it imports. R8.7
    const scoped = [namespace, ...root].some(
      each => snapshot.list('Sidecar', each).length > 0,
    );
    const lacking = destinations.some(({ state }) => state !== 'ok');
    const verdicts = [
      ...routes.ports.flatMap(({ rules }) =>
        rules.flatMap(rule => [
          ...(rule.state === 'unreachable'
            ? [
                plainVerdict(
                  'fail',
                  `A rule is never reached: ${
                    rule.says ?? 'an earlier one takes every request'
                  }`,
                ),
              ]
            : []),
          ...(rule.fault
            ? [plainVerdict('fail', 'A fault is injected into its requests')]
            : []),
          ...rule.destinations.map(destination =>
            destination.state === 'ok'
              ? plainVerdict('pass', 'Its routes lead to ready pods')
              : plainVerdict(
                  destination.state === 'unknown' ? 'unknown' : 'fail',
                  destination.says ?? 'A destination is not there',
                ),
          ),
        ]),
      ),
    ];
    return {
      value: worstVerdict(
        verdicts,
        plainVerdict('not-applicable', 'It has no HTTP or TCP routes'),
      ),
      namespaces: [
        ...new Set([
          ...root,
          ...(ambient || scoped ? [ROUTES_ANYWHERE] : []),
          ...(ambient || lacking ? [SERVICES_ANYWHERE] : []),
          ...namespacesOfHosts(destinations.map(({ host }) => host)),
        ]),
      ]
        .filter(each => each !== namespace)
        .sort(),
    };
  },
  {
    source: routingConfigsByHostOf,
    of: (snapshot, { metadata }) =>
      routingConfigsNaming(
        snapshot,
        serviceRefOf('', metadata.namespace, metadata.name).host,
      ),
  },
);

const authorizationVerdict = keptPerService(
  (namespace, others) => [
    ...local(namespace),
    // Policies act from the proxy's own namespace, the root namespace and that of the service. R4.1 – R4.3
    ...inEach(
      [namespace, ...others],
      ['AuthorizationPolicy', 'RequestAuthentication', 'Deployment'],
    ),
    { kind: 'K8sGateway' },
    { kind: 'GatewayClass' },
  ],
  (snapshot, service) => {
    const mesh = authorizationMeshOf(snapshot);
    const asked = new Set(rootOf(snapshot));
    const decisive = membershipVerdict(snapshot, service).members.map(
      ({ workload }) => {
        const answers = enforcementPoints(snapshot, workload, [service]).map(
          ({ target }) => {
            asked.add(target.namespace);
            return postureOf(snapshot, target, mesh);
          },
        );
        // A request passes the waypoint and the pod: the stricter of the two decides.
        return (
          answers.find(({ verdict }) => verdict.state === 'pass') ?? answers[0]
        );
      },
    );
    const postures = new Set(decisive.map(({ posture }) => posture));
    const [only] = postures;
    const value = {
      verdict: worstVerdict(
        decisive.map(({ posture, verdict }) =>
          shownPostureVerdict(posture, verdict),
        ),
        NO_PODS,
      ),
      posture: postures.size > 1 ? 'mixed' : only ?? 'unknown',
    };
    asked.delete(service.metadata.namespace);
    return { value, namespaces: [...asked].sort() };
  },
);

/** The verdicts of one Service for its namespace's own clients. */
export function serviceVerdicts(
  snapshot: MeshSnapshot,
  service: Service,
): ServiceVerdicts {
  const { members, proxy, pods, verdict } = membershipVerdict(
    snapshot,
    service,
  );
  const { ports, summary } = configuredEncryption(snapshot, service);
  const authorization = authorizationVerdict(snapshot, service);
  const ref = serviceRefOf(
    '',
    service.metadata.namespace,
    service.metadata.name,
  );
  const malformed = malformedRoutes(snapshot, ref);
  const uncertain = malformedEncryption(
    snapshot,
    ref,
    members.map(({ workload }) => workload),
  );
  const routes = routesVerdict(snapshot, service);
  return {
    proxy,
    pods,
    membership: verdict,
    encryption: {
      ports,
      unmeshed: members.length > 0 && proxy === 'none',
      ...(uncertain && { uncertain }),
    },
    mtlsSummary: summary,
    routes: worstVerdict(
      [...malformed.map(({ verdict: ofRoute }) => ofRoute), routes],
      routes,
    ),
    authorization: authorization.verdict,
    posture: authorization.posture,
  };
}
