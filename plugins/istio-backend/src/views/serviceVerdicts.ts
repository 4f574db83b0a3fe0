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
  keptPerObject,
  lackingEndpoints,
  type LackingEndpoints,
  membershipOf,
  meshedClientOf,
  mtlsPathOf,
  postureOf,
  type ProxyType,
  type ResolvedDestination,
  type RouteRule,
  routesOfService,
  serverModesOfService,
  type Verdict,
  workloadsOfService,
} from '@mesh-portal/mesh-model';
import { keptByNamespace, serviceRefOf, type Service } from '../entity';
import { type ConfiguredEncryption, unseenPlaintext } from './encryption';
import { decisiveAnswer, enforcementPoints } from './authorizationTargets';
import { malformedEncryption } from './malformedEncryption';
import { malformedRoutes } from './malformedRoutes';
import { plainVerdict, shownPostureVerdict, worstVerdict } from './verdicts';

/** What a list says about a Service: cheap enough for thousands, kept until something it read changes. */
export interface ServiceVerdicts {
  /** full name of the Service */
  host: string;
  proxy: ProxyType | 'mixed';
  pods: { total: number; inMesh: number };
  membership: Verdict;
  /** see {@link encryptionVerdict}: what was seen decides together with it */
  encryption: ConfiguredEncryption;
  /** server modes of its ports, for example `STRICT` */
  mtlsSummary: string;
  routes: Verdict;
  /** absent where no endpoints are lacking */
  routesLacking?: RoutesLacking;
  authorization: Verdict;
  posture: string;
}

const NO_PODS = plainVerdict('unknown', 'It has no pods');

const membershipVerdict = keptPerObject((snapshot, service: Service) => {
  const members = workloadsOfService(snapshot, service).map(workload => ({
    workload,
    membership: membershipOf(snapshot, workload),
  }));
  const proxies = new Set(members.map(({ membership }) => membership.proxy));
  const [only] = proxies;
  const counts = members.flatMap(({ membership }) => membership.counts);
  const sum = (of: typeof counts) =>
    of.reduce((total, { pods }) => total + pods, 0);
  return {
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
});

const configuredEncryption = keptPerObject((snapshot, service: Service) => {
  const client = meshedClientOf(snapshot, service.metadata.namespace);
  const modes = serverModesOfService(snapshot, service);
  return {
    ports: service.spec.ports.flatMap((port, index) => {
      if (port.protocol === 'UDP') {
        return [];
      }
      const path = mtlsPathOf(snapshot, client, service, port);
      return [
        {
          mode: modes[index].mode,
          broken: path.summary === 'broken',
          ...unseenPlaintext(modes[index]),
          verdict: path.verdict,
        },
      ];
    }),
    summary: [...new Set(modes.map(({ mode }) => mode))].join(', '),
  };
});

/** Where a list says `fail` for lack of endpoints, which other clusters may have. */
export interface RoutesLacking {
  endpoints: readonly LackingEndpoints[];
  proxy: ProxyType;
  /** of all the rest */
  otherwise: Verdict;
}

interface RoutesVerdict {
  verdict: Verdict;
  lacking?: RoutesLacking;
}

function ruleVerdicts(rule: RouteRule): Verdict[] {
  return [
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
  ];
}

function destinationVerdict({ state, says }: ResolvedDestination): Verdict {
  return state === 'ok'
    ? plainVerdict('pass', 'Its routes lead to ready pods')
    : plainVerdict(
        state === 'unknown' ? 'unknown' : 'fail',
        says ?? 'A destination is not there',
      );
}

const NO_ROUTES = plainVerdict(
  'not-applicable',
  'It has no HTTP or TCP routes',
);

const routesVerdict = keptPerObject(
  (snapshot, service: Service): RoutesVerdict => {
    const { namespace, name } = service.metadata;
    const client = meshedClientOf(snapshot, namespace);
    const routes = routesOfService(snapshot, client, { namespace, name });
    if (!routes) {
      return {
        verdict: plainVerdict(
          'unknown',
          'Clients of its namespace do not know it',
        ),
      };
    }
    const rules = routes.ports.flatMap(port => port.rules);
    const destinations = rules.flatMap(rule => rule.destinations);
    const ofRules = rules.flatMap(ruleVerdicts);
    const worst = (of: readonly ResolvedDestination[]) =>
      worstVerdict([...ofRules, ...of.map(destinationVerdict)], NO_ROUTES);
    const endpoints = destinations.flatMap(
      each => lackingEndpoints(each) ?? [],
    );
    return {
      verdict: worst(destinations),
      ...(endpoints.length > 0 && {
        lacking: {
          endpoints,
          proxy: client.proxy,
          otherwise: worst(
            destinations.filter(each => !lackingEndpoints(each)),
          ),
        },
      }),
    };
  },
);

const authorizationVerdict = keptPerObject((snapshot, service: Service) => {
  const decisive = membershipVerdict(snapshot, service).members.map(
    ({ workload }) => {
      const { answer } = decisiveAnswer(
        enforcementPoints(snapshot, workload, [service]).map(point => ({
          point,
          answer: postureOf(snapshot, point.target, point.mesh),
        })),
      );
      return answer;
    },
  );
  const postures = new Set(decisive.map(({ posture }) => posture));
  const [only] = postures;
  return {
    verdict: worstVerdict(
      decisive.map(({ posture, verdict }) =>
        shownPostureVerdict(posture, verdict),
      ),
      NO_PODS,
    ),
    posture: postures.size > 1 ? 'mixed' : only ?? 'unknown',
  };
});

/** The verdicts of one Service for its namespace's own clients; the same object until one of them may be another. */
export const serviceVerdicts = keptPerObject(
  (snapshot, service: Service): ServiceVerdicts => {
    const { members, proxy, pods, verdict } = membershipVerdict(
      snapshot,
      service,
    );
    const { ports, summary } = configuredEncryption(snapshot, service);
    const authorization = authorizationVerdict(snapshot, service);
    const ref = serviceRefOf({ name: '', snapshot }, service.metadata);
    const malformed = malformedRoutes(snapshot, ref);
    const uncertain = malformedEncryption(
      snapshot,
      ref,
      members.map(({ workload }) => workload),
    );
    const { verdict: routes, lacking } = routesVerdict(snapshot, service);
    const withMalformed = (ofRoutes: Verdict) =>
      worstVerdict(
        [...malformed.map(({ verdict: ofRoute }) => ofRoute), ofRoutes],
        ofRoutes,
      );
    return {
      host: ref.host,
      proxy,
      pods,
      membership: verdict,
      encryption: {
        ports,
        unmeshed: members.length > 0 && proxy === 'none',
        ...(uncertain && { uncertain }),
      },
      mtlsSummary: summary,
      routes: withMalformed(routes),
      ...(lacking && {
        routesLacking: {
          ...lacking,
          otherwise: withMalformed(lacking.otherwise),
        },
      }),
      authorization: authorization.verdict,
      posture: authorization.posture,
    };
  },
);

/** A service and what the list says about it. */
export interface JudgedService {
  service: Service;
  verdicts: ServiceVerdicts;
}

/** The verdicts of every Service of a cluster, namespace by namespace. */
export const judgedServices = keptByNamespace(
  'Service',
  (snapshot, services): readonly JudgedService[] =>
    services.map(service => ({
      service,
      verdicts: serviceVerdicts(snapshot, service),
    })),
);
