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
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type {
  EntityViewName,
  EntityViews,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import { istioApiRef } from '../api';
import type { AskedRequest, EntityViewOptions } from '../api';
import { readRefreshIntervals } from './refreshIntervals';

/** The state of one view of the entity of this page. */
export type EntityViewQuery<V extends EntityViewName> = UseQueryResult<
  ViewEnvelope<EntityViews[V]>
>;

/** Views made of metrics. */
const OF_METRICS: ReadonlySet<EntityViewName> = new Set([
  'signals',
  'dependencies',
  'triage',
]);

/**
 * A fifth more or less, so that pages opened together do not ask together for ever. One number a page: an interval that
 * changed with every rendering would begin anew each time and never end.
 */
const PACE_OF_PAGE = 0.8 + 0.4 * Math.random();

/** Asks for one view of the entity of this page, and asks again while the page is looked at. */
function useEntityView<V extends EntityViewName>(
  view: V,
  parameters: Omit<EntityViewOptions, 'signal'> = {},
  asked: 'again' | 'once' | 'never' = 'again',
): EntityViewQuery<V> {
  const api = useApi(istioApiRef);
  const intervals = readRefreshIntervals(useApi(configApiRef));
  const { entity } = useEntity();
  const ref = getCompoundEntityRef(entity);
  const entityRef = stringifyEntityRef(entity);
  const interval = OF_METRICS.has(view)
    ? intervals.signals
    : intervals.configuration;
  return useQuery({
    queryKey: ['istio', view, entityRef, parameters],
    queryFn: ({ signal }) =>
      api.getEntityView(view, ref, { ...parameters, signal }),
    enabled: asked !== 'never',
    refetchInterval: asked === 'again' && interval * PACE_OF_PAGE,
    // The old answer stays while another client is asked about, but never that of another entity.
    placeholderData: (previous, query) =>
      query?.queryKey[2] === entityRef ? previous : undefined,
  });
}

/** One sentence and the verdicts behind it. */
export function useOverview() {
  return useEntityView('overview');
}

/** Encryption per port: configured and observed. */
export function useMtls() {
  return useEntityView('mtls');
}

/**
 * Hosts, rules and destinations.
 *
 * @param client - id of the client that asks; absent: the default client of the back end
 */
export function useRoutes(client?: string) {
  return useEntityView('routes', client === undefined ? {} : { client });
}

/** The ways from outside to the pods. */
export function useExposure() {
  return useEntityView('exposure');
}

/**
 * Timeouts, retries, pools, outlier detection and load balancing in effect.
 *
 * @param client - id of the client that calls; absent: the default client of the back end
 */
export function useResilience(client?: string) {
  return useEntityView('resilience', client === undefined ? {} : { client });
}

/**
 * The way of one request.
 *
 * @param client - id of the client that sends it; absent: the default client of the back end
 */
export function useRequestPath(
  client: string | undefined,
  request: AskedRequest,
) {
  return useEntityView('request-path', {
    ...(client === undefined ? {} : { client }),
    request,
  });
}

/** What else acts on the workloads, ambient, and objects that do not act. */
export function useBindings() {
  return useEntityView('bindings');
}

/**
 * Services that several clusters have.
 *
 * @param client - id of the client that calls; absent: the default client of the back end
 */
export function useClusters(client?: string) {
  // Most portals read one cluster: they need not ask.
  const clusters = useOverview().data?.clusters.length ?? 0;
  return useEntityView(
    'clusters',
    client === undefined ? {} : { client },
    clusters > 1 ? 'again' : 'never',
  );
}

/** Hosts outside the mesh. */
export function useExternal() {
  return useEntityView('external');
}

/** Posture, rules and callers. */
export function useAuthorization() {
  return useEntityView('authorization');
}

/**
 * Traffic, errors, latency and saturation.
 *
 * @param window - the span that rates are of; absent: the last hour
 */
export function useSignals(window?: string) {
  return useEntityView('signals', window === undefined ? {} : { window });
}

/** The same with the past, circuit breakers and retries, and what is missing: asked for once, when it is looked at. */
export function useSignalDetails(window: string) {
  return useEntityView('signals', { window, details: true }, 'once');
}

/** What changed, since when, for whom, and what to look at next. Asked only where it is shown. */
export function useTriage() {
  return useEntityView('triage');
}

/**
 * Callers and dependencies.
 *
 * @param window - the span that rates are of, for example `1h`
 */
export function useDependencies(window: string) {
  return useEntityView('dependencies', { window });
}
