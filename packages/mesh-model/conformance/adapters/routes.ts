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

import type { HttpMatchRequest, HttpRoute } from '../../src/objects';
import { concernsProxy, isCatchAllMatch } from '../../src/routing/requestMatch';
import { activeFault, mirrorsOf } from '../../src/routing/routeActions';
import { virtualHostDomains } from '../../src/routing/virtualHostDomains';
import { duplicateHosts, httpRouteConfig } from './outboundHosts';
import {
  difference,
  routable,
  type CaseJudge,
  type RawService,
} from './routingCase';

interface EnvoyMatch {
  prefix?: string;
  pathSeparatedPrefix?: string;
  path?: string;
  safeRegex?: { regex?: string };
  headers?: readonly { name: string }[];
  queryParameters?: readonly { name: string }[];
  dynamicMetadata?: readonly unknown[];
}

/** Envoy's match of a route; one without a path takes no request at all. */
function matchOfEnvoy(match: EnvoyMatch): HttpMatchRequest | undefined {
  const named = (list: readonly { name: string }[] | undefined) =>
    Object.fromEntries((list ?? []).map(({ name }) => [name, {}]));
  const prefix = match.prefix ?? match.pathSeparatedPrefix;
  if (
    prefix === undefined &&
    match.path === undefined &&
    match.safeRegex === undefined
  ) {
    return undefined;
  }
  return {
    ...(prefix === undefined ? {} : { uri: { prefix } }),
    ...(match.path === undefined ? {} : { uri: { exact: match.path } }),
    ...(match.safeRegex === undefined
      ? {}
      : { uri: { regex: match.safeRegex.regex } }),
    headers: {
      ...named(match.headers),
      // Conditions on claims of a token are written as headers.
      ...named(
        (match.dynamicMetadata ?? []).map((_, index) => ({
          name: `@request.auth.claims.${index}`,
        })),
      ),
    },
    queryParams: named(match.queryParameters),
  };
}

const catchAll: CaseJudge = testCase => {
  const { route, want } = testCase as {
    route: { match: EnvoyMatch };
    want: boolean;
  };
  const match = matchOfEnvoy(route.match);
  return difference(want, match !== undefined && isCatchAllMatch(match));
};

interface Fraction {
  numerator?: number;
  denominator?: 'HUNDRED' | 'TEN_THOUSAND' | 'MILLION';
}

/** A percentage with the digits that Envoy keeps of it. */
function written(percent: number | undefined): number | undefined {
  return percent === undefined
    ? undefined
    : Math.trunc(percent * 10_000 + 1e-6) / 10_000;
}

function percentOf(fraction: Fraction | undefined): number | undefined {
  if (fraction === undefined) {
    return undefined;
  }
  const whole = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };
  return (
    ((fraction.numerator ?? 0) * 100) / whole[fraction.denominator ?? 'HUNDRED']
  );
}

const mirror: CaseJudge = testCase => {
  const { route, policy, want } = testCase as {
    route?: HttpRoute;
    policy?: NonNullable<HttpRoute['mirrors']>[number];
    want?: { defaultValue: Fraction } | null;
  };
  // The percentage of a route is asked for, even where the route has no mirror.
  const destination = { host: 'mirror' };
  const mirrors = mirrorsOf(
    policy === undefined
      ? { mirror: destination, ...route }
      : { mirrors: [policy] },
  );
  return difference(
    percentOf(want?.defaultValue),
    written(mirrors[0]?.percent),
  );
};

const sourceMatch: CaseJudge = testCase => {
  const { args, want } = testCase as {
    args: {
      match?: HttpMatchRequest;
      proxyLabels?: Readonly<Record<string, string>>;
      gatewayNames?: readonly string[] | Readonly<Record<string, unknown>>;
      port?: number;
      proxyNamespace?: string;
    };
    want: boolean;
  };
  const names = args.gatewayNames ?? [];
  return difference(
    want,
    concernsProxy(args.match ?? {}, {
      gateways: new Set(
        Array.isArray(names) ? names.map(String) : Object.keys(names),
      ),
      port: args.port ?? 0,
      namespace: args.proxyNamespace ?? '',
      labels: args.proxyLabels ?? {},
    }),
  );
};

const GRPC_STATUS: Readonly<Record<string, number>> = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
};

const fault: CaseJudge = testCase => {
  const { fault: injected, want } = testCase as {
    fault?: NonNullable<HttpRoute['fault']>;
    want?: {
      delay?: { percentage?: Fraction; fixedDelay?: string };
      abort?: {
        percentage?: Fraction;
        httpStatus?: number;
        grpcStatus?: number;
      };
    } | null;
  };
  const active = injected === undefined ? undefined : activeFault(injected);
  const status = active?.abort?.status;
  // A fault for none of the requests is the same as no fault.
  const acts = (part: { percentage?: Fraction } | undefined) =>
    (percentOf(part?.percentage) ?? 0) > 0;
  const delay = acts(want?.delay) ? want?.delay : undefined;
  const abort = acts(want?.abort) ? want?.abort : undefined;
  return difference(
    delay === undefined && abort === undefined
      ? undefined
      : [
          delay?.fixedDelay,
          percentOf(delay?.percentage),
          abort?.httpStatus ?? abort?.grpcStatus,
          percentOf(abort?.percentage),
        ],
    active === undefined
      ? undefined
      : [
          active.delay?.duration,
          written(active.delay?.percent),
          status === undefined
            ? undefined
            : GRPC_STATUS[status] ?? Number(status),
          written(active.abort?.percent),
        ],
  );
};

interface DomainsCase {
  service: RawService;
  node: {
    dnsDomain: string;
    ipAddresses?: readonly string[];
    metadata?: { clusterID?: string };
  };
  want: readonly string[];
  enableDualStack?: boolean;
}

const isIpv6 = (address: string) => address.includes(':');

/** Of a service's virtual addresses in the node's cluster, those that the node can use. */
function addressesForNode({
  service,
  node,
  enableDualStack,
}: DomainsCase): readonly string[] {
  const virtual =
    service.clusterVIPs?.addresses?.[node.metadata?.clusterID ?? ''] ?? [];
  const own = new Set((node.ipAddresses ?? []).map(isIpv6));
  if (own.size === 1) {
    return virtual.filter(address => own.has(isIpv6(address)));
  }
  return enableDualStack === true
    ? virtual
    : virtual.filter(address => isIpv6(address) === isIpv6(virtual[0]));
}

const domains: CaseJudge = testCase => {
  const asked = testCase as DomainsCase;
  const addresses = addressesForNode(asked);
  const addressed = routable(asked.service);
  return difference(
    [...new Set(asked.want)].sort(),
    [
      ...new Set(
        virtualHostDomains(
          addresses.length === 0 ? addressed : { ...addressed, addresses },
          asked.node.dnsDomain,
        ),
      ),
    ].sort(),
  );
};

/** Judges the cases of `tables/routes.json`, by test. */
export const routesTests: Readonly<Record<string, CaseJudge>> = {
  TestIsCatchAllRoute: catchAll,
  TestMirrorPercent: mirror,
  TestMirrorPercentByPolicy: mirror,
  TestSourceMatchHTTP: sourceMatch,
  TestTranslateFault: fault,
  TestGenerateVirtualHostDomains: domains,
  TestSidecarOutboundHTTPRouteConfigWithDuplicateHosts: duplicateHosts,
  TestSidecarOutboundHTTPRouteConfig: httpRouteConfig,
};
