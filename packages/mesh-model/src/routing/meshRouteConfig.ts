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

import { serviceHostname } from '../identity';
import type {
  BackendReference,
  GRPCRouteSpec,
  HttpMatchRequest,
  HttpRoute,
  HttpRouteMatch,
  HttpRouteRule,
  NamedValueMatch,
  ParentReference,
  SlimObjectByKind,
  StringMatch,
} from '../objects';
import { appliedFilters } from './gatewayApiFilters';
import { compareGatewayApiRoutes } from '../gateways/gatewayApi/routeOrder';
import { MESH_GATEWAY } from './names';
import type { RoutingConfig, SourcedRoute } from './routingConfig';

type MeshRoute = SlimObjectByKind['HTTPRoute'] | SlimObjectByKind['GRPCRoute'];

/** Looks up what mesh routes refer to. */
export interface MeshRouteLookup {
  clusterDomain: string;
  hostsOfServiceEntry: (namespace: string, name: string) => readonly string[];
}

function namedValues(
  list: readonly NamedValueMatch[] | undefined,
): Record<string, StringMatch> {
  return Object.fromEntries(
    (list ?? []).map(({ name, value, type }) => [
      name,
      type === 'RegularExpression' ? { regex: value } : { exact: value },
    ]),
  );
}

function httpPath(path: HttpRouteMatch['path']): StringMatch {
  const value = path?.value ?? '/';
  switch (path?.type) {
    case 'Exact':
      return { exact: value };
    case 'RegularExpression':
      return { regex: value };
    default:
      return { prefix: value };
  }
}

function httpMatch(match: HttpRouteMatch): HttpMatchRequest {
  return {
    uri: httpPath(match.path),
    ...(match.method === undefined ? {} : { method: { exact: match.method } }),
    ...((match.headers ?? []).length === 0
      ? {}
      : { headers: namedValues(match.headers) }),
    ...((match.queryParams ?? []).length === 0
      ? {}
      : { queryParams: namedValues(match.queryParams) }),
  };
}

type GrpcMatch = NonNullable<
  NonNullable<GRPCRouteSpec['rules']>[number]['matches']
>[number];

function grpcPath({ method: asked }: GrpcMatch): StringMatch | undefined {
  const service = asked?.service ?? '';
  const method = asked?.method ?? '';
  if (service === '' && method === '') {
    return undefined;
  }
  if (asked?.type === 'RegularExpression' || service === '') {
    return { regex: `/${service || '[^/]+'}/${method || '.+'}` };
  }
  return method === ''
    ? { prefix: `/${service}/` }
    : { exact: `/${service}/${method}` };
}

function grpcMatch(match: GrpcMatch): HttpMatchRequest {
  const uri = grpcPath(match);
  return {
    ...(uri === undefined ? {} : { uri }),
    ...((match.headers ?? []).length === 0
      ? {}
      : { headers: namedValues(match.headers) }),
  };
}

function backendHost(
  backend: Pick<BackendReference, 'kind' | 'name' | 'namespace'>,
  namespace: string,
  clusterDomain: string,
): string {
  return backend.kind === 'Hostname'
    ? backend.name
    : serviceHostname(
        backend.name,
        backend.namespace ?? namespace,
        clusterDomain,
      );
}

function actionOf(
  rule: HttpRouteRule,
  namespace: string,
  clusterDomain: string,
): { route: HttpRoute; problem?: string } {
  const { route: filtered, problem } = appliedFilters(
    rule.filters ?? [],
    backend => backendHost(backend, namespace, clusterDomain),
  );
  const backends = rule.backendRefs ?? [];
  const weights = backends.map(backend => backend.weight ?? 1);
  const nothing = weights.every(weight => weight === 0);
  const { timeouts, retry } = rule;
  const timeout =
    timeouts?.request ??
    (retry === undefined ? timeouts?.backendRequest : undefined);
  const answer: HttpRoute = nothing
    ? { directResponse: { status: 500 } }
    : {
        route: backends.map((backend, index) => ({
          destination: {
            host: backendHost(backend, namespace, clusterDomain),
            ...(backend.port === undefined
              ? {}
              : { port: { number: backend.port } }),
          },
          weight: weights[index],
        })),
      };
  const route: HttpRoute = {
    ...(rule.name === undefined ? {} : { name: rule.name }),
    ...filtered,
    ...(filtered.redirect === undefined ? answer : {}),
    ...(timeout === undefined ? {} : { timeout }),
    ...(retry === undefined
      ? {}
      : {
          retries: {
            attempts: retry.attempts ?? 2,
            retryOn: [
              'connect-failure',
              'refused-stream',
              'unavailable',
              'cancelled',
              ...(retry.codes ?? []).map(String),
            ].join(','),
            ...(timeouts?.backendRequest === undefined
              ? {}
              : { perTryTimeout: timeouts.backendRequest }),
          },
        }),
  };
  return { route, ...(problem === undefined ? {} : { problem }) };
}

interface Rules {
  routes: SourcedRoute<HttpRoute>[];
  dropped: { object: MeshRoute; path: string; why: string }[];
}

function rulesOf(
  route: MeshRoute,
  port: number | undefined,
  domain: string,
): Rules {
  const { namespace } = route.metadata;
  const routes: SourcedRoute<HttpRoute>[] = [];
  const dropped: Rules['dropped'] = [];
  const rules: readonly { rule: HttpRouteRule; matches: HttpMatchRequest[] }[] =
    route.kind === 'HTTPRoute'
      ? (route.spec.rules ?? []).map(rule => ({
          rule,
          matches: (rule.matches ?? []).map(httpMatch),
        }))
      : (route.spec.rules ?? []).map(rule => ({
          rule: { ...rule, matches: [] },
          matches: (rule.matches ?? []).map(grpcMatch),
        }));
  for (const [index, { rule, matches }] of rules.entries()) {
    const path = `spec.rules[${index}]`;
    const { route: action, problem } = actionOf(rule, namespace, domain);
    if (problem !== undefined) {
      dropped.push({ object: route, path: `${path}.filters`, why: problem });
      continue;
    }
    const alternatives: HttpMatchRequest[] =
      matches.length === 0 ? [{ uri: { prefix: '/' } }] : matches;
    for (const match of alternatives) {
      routes.push({
        value: {
          ...action,
          match: [port === undefined ? match : { ...match, port }],
        },
        object: route,
        path,
      });
    }
  }
  return { routes, dropped };
}

function hostsOfParent(
  parent: ParentReference,
  route: MeshRoute,
  lookup: MeshRouteLookup,
): readonly string[] {
  const namespace = parent.namespace ?? route.metadata.namespace;
  const group = parent.group ?? 'gateway.networking.k8s.io';
  if (parent.kind === 'Service' && (group === '' || group === 'core')) {
    return [serviceHostname(parent.name, namespace, lookup.clusterDomain)];
  }
  return parent.kind === 'ServiceEntry' && group === 'networking.istio.io'
    ? lookup.hostsOfServiceEntry(namespace, parent.name)
    : [];
}

/**
 * HTTPRoutes and GRPCRoutes whose parent is a service, as routing configuration: those of one namespace for one host are
 * one table, in Gateway API's order. R7.20 – R7.24
 *
 * `routes` are in the universal order.
 */
export function routingConfigsOfMeshRoutes(
  routes: readonly MeshRoute[],
  lookup: MeshRouteLookup,
): RoutingConfig[] {
  const configs = new Map<
    string,
    { object: MeshRoute; host: string } & Rules
  >();
  for (const route of routes) {
    for (const parent of route.spec.parentRefs ?? []) {
      for (const host of hostsOfParent(parent, route, lookup)) {
        const key = `${route.metadata.namespace}/${host}`;
        const config = configs.get(key) ?? {
          object: route,
          host,
          routes: [],
          dropped: [],
        };
        const rules = rulesOf(route, parent.port, lookup.clusterDomain);
        config.routes.push(...rules.routes);
        config.dropped.push(...rules.dropped);
        configs.set(key, config);
      }
    }
  }
  return [...configs.values()].map(config => ({
    object: config.object,
    namespace: config.object.metadata.namespace,
    name: config.object.metadata.name,
    semantics: 'gateway-api',
    hosts: [config.host],
    gateways: [MESH_GATEWAY],
    exportTo: new Set(['*']),
    http: [...config.routes].sort((a, b) =>
      compareGatewayApiRoutes(a.value, b.value),
    ),
    tls: [],
    tcp: [],
    droppedRoutes: config.dropped,
  }));
}
