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
  asArray,
  asNumber,
  asString,
  fieldAt,
  Json,
  KubernetesObject,
} from '../kubernetes/object';
import type { ObjectReader } from '../kubernetes/storeTypes';
import type { RequestShape } from '../mesh/topology';

/** One weighted target of a request, shares adding up to 1. */
export interface RouteTarget {
  readonly namespace: string;
  readonly service: string;
  readonly subset?: string;
  readonly share: number;
}

/** Where a client's request goes, and the fault the client's proxy injects. */
export interface Route {
  readonly targets: readonly RouteTarget[];
  readonly abort?: { readonly share: number; readonly status: number };
  readonly delay?: { readonly share: number; readonly milliseconds: number };
}

/** `reviews`, `reviews.bookinfo`, `reviews.bookinfo.svc.cluster.local` seen from a namespace. */
export function hostOf(
  host: string,
  namespace: string,
): { namespace: string; service: string } {
  const [service, ns] = host.split('.');
  return { service, namespace: ns ?? namespace };
}

/** Names the same Service? */
function isHost(
  host: string,
  from: string,
  namespace: string,
  service: string,
): boolean {
  const named = hostOf(host, from);
  return named.namespace === namespace && named.service === service;
}

function isVisible(object: KubernetesObject, client: string): boolean {
  const exportTo = asArray(fieldAt(object.spec, 'exportTo')).map(asString);
  return (
    exportTo.length === 0 ||
    exportTo.includes('*') ||
    exportTo.includes(client) ||
    (exportTo.includes('.') && object.metadata.namespace === client)
  );
}

/** The route of a request to a Service, for a client with a proxy in `client`. */
export function routeFor(
  store: ObjectReader,
  client: string,
  namespace: string,
  service: string,
  shape: Pick<RequestShape, 'path' | 'headers'>,
): Route {
  const direct: Route = { targets: [{ namespace, service, share: 1 }] };
  const virtualService = store
    .list('virtualservices.networking.istio.io')
    .filter(
      vs =>
        isVisible(vs, client) &&
        (fieldAt(vs.spec, 'gateways') === undefined ||
          asArray(fieldAt(vs.spec, 'gateways')).includes('mesh')) &&
        asArray(fieldAt(vs.spec, 'hosts')).some(host =>
          isHost(
            asString(host),
            vs.metadata.namespace ?? '',
            namespace,
            service,
          ),
        ),
    )
    .sort((a, b) =>
      (a.metadata.creationTimestamp ?? '') <
      (b.metadata.creationTimestamp ?? '')
        ? -1
        : 1,
    )[0];
  if (!virtualService) {
    return direct;
  }
  const http = asArray(fieldAt(virtualService.spec, 'http')).find(rule => {
    const matches = asArray(fieldAt(rule, 'match'));
    return matches.length === 0 || matches.some(m => matchesShape(m, shape));
  });
  if (http === undefined) {
    return asArray(fieldAt(virtualService.spec, 'http')).length === 0
      ? direct
      : { targets: [] };
  }
  return {
    targets: weighted(
      asArray(fieldAt(http, 'route')),
      virtualService.metadata.namespace ?? '',
    ),
    abort: fault(http, 'abort', (entry, share) => ({
      share,
      status: asNumber(fieldAt(entry, 'httpStatus'), 503),
    })),
    delay: fault(http, 'delay', (entry, share) => ({
      share,
      milliseconds:
        parseFloat(asString(fieldAt(entry, 'fixedDelay')) || '0') * 1000,
    })),
  };
}

function fault<T>(
  rule: Json,
  kind: 'abort' | 'delay',
  read: (entry: Json, share: number) => T,
): T | undefined {
  const entry = fieldAt(rule, 'fault', kind);
  return entry === undefined
    ? undefined
    : read(entry, asNumber(fieldAt(entry, 'percentage', 'value'), 0) / 100);
}

function matchesShape(
  match: Json,
  shape: Pick<RequestShape, 'path' | 'headers'>,
): boolean {
  const headers = Object.entries(
    (fieldAt(match, 'headers') ?? {}) as { [name: string]: Json },
  ).every(([name, wanted]) => matchesText(wanted, shape.headers?.[name] ?? ''));
  const uri = fieldAt(match, 'uri');
  return headers && (uri === undefined || matchesText(uri, shape.path));
}

function matchesText(wanted: Json, value: string): boolean {
  const exact = fieldAt(wanted, 'exact');
  const prefix = fieldAt(wanted, 'prefix');
  const regex = fieldAt(wanted, 'regex');
  if (exact !== undefined) {
    return value === exact;
  }
  if (prefix !== undefined) {
    return value !== '' && value.startsWith(asString(prefix));
  }
  return regex === undefined
    ? value !== ''
    : new RegExp(`^(?:${asString(regex)})$`).test(value);
}

function weighted(routes: readonly Json[], from: string): RouteTarget[] {
  const weights = routes.map(route =>
    asNumber(fieldAt(route, 'weight'), routes.length === 1 ? 100 : 0),
  );
  const total = weights.reduce((a, b) => a + b, 0) || 1;
  return routes
    .map((route, i) => ({
      ...hostOf(asString(fieldAt(route, 'destination', 'host')), from),
      subset: asString(fieldAt(route, 'destination', 'subset')) || undefined,
      share: weights[i] / total,
    }))
    .filter(({ share }) => share > 0);
}

/** The DestinationRule that a client sees for a Service: its own namespace's, else the service's. */
export function destinationRuleFor(
  store: ObjectReader,
  client: string,
  namespace: string,
  service: string,
): KubernetesObject | undefined {
  const rules = store
    .list('destinationrules.networking.istio.io')
    .filter(
      rule =>
        isVisible(rule, client) &&
        isHost(
          asString(fieldAt(rule.spec, 'host')),
          rule.metadata.namespace ?? '',
          namespace,
          service,
        ),
    );
  return (
    rules.find(rule => rule.metadata.namespace === client) ??
    rules.find(rule => rule.metadata.namespace === namespace)
  );
}
