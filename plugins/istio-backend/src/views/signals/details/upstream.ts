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

import type {
  SignalUpstream,
  UpstreamClient,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { QueryResult, Series } from '../../../prometheus/response';
import type { RequestRow } from '../../../prometheus/trafficRows';
import { sumRates } from '../../../prometheus/traffic';

/** The statistics that Istio leaves out by default, as its proxies name them. */
const INCLUSIONS = [
  '.*outlier_detection.*',
  '.*upstream_rq_retry.*',
  '.*upstream_rq_pending.*',
  '.*upstream_rq_timeout',
  '.*upstream_rq_total',
  '.*upstream_cx_overflow.*',
  '.*circuit_breakers.*',
  '.*membership.*',
];

/** What to add to the pod template of a caller. */
export const STATS_ANNOTATION = [
  'metadata:',
  '  annotations:',
  '    proxy.istio.io/config: |',
  '      proxyStatsMatcher:',
  '        inclusionRegexps:',
  ...INCLUSIONS.map(inclusion => `          - "${inclusion}"`),
  '',
].join('\n');

const REMEDY: NonNullable<SignalUpstream['remedy']> = {
  says: 'Add these lines to the pod template of each caller and roll it out; in defaultConfig of the mesh they act on all proxies, which costs Prometheus some 20 series for each destination of each pod',
  lines: STATS_ANNOTATION,
};

/** Parts without which the answer is not whole. */
const NEEDED = ['pendingOverflow', 'retries', 'ejected'] as const;

/** Names the owner of a pod that calls. */
export type DescribeClient = (
  namespace: string,
  pod: string,
) => Pick<UpstreamClient, 'workload' | 'entityRef'>;

/**
 * Circuit breakers, ejections and retries of a service's callers; where their proxies do not export them, what to add.
 *
 * @param key - of the service, `namespace/name`
 * @param answer - to `serviceUpstream`, or why there is none
 * @param requests - of the service in the window, of all reporters
 */
export function upstreamOf(
  key: string,
  answer: QueryResult | string,
  requests: readonly RequestRow[],
  describe: DescribeClient,
): SignalUpstream {
  const attemptsPerRequest = attempts(requests);
  const beside = attemptsPerRequest !== undefined && { attemptsPerRequest };
  if (typeof answer === 'string') {
    return { state: 'unknown', reason: answer, ...beside, clients: [] };
  }
  const rows = answer.series.filter(
    ({ labels }) =>
      `${labels.destination_service_namespace}/${labels.destination_service_name}` ===
      key,
  );
  const clients = clientsOf(rows, describe);
  const has = (part: string) => rows.some(({ labels }) => labels.part === part);
  const lacking = NEEDED.filter(part => !has(part));
  if (lacking.length === NEEDED.length) {
    return {
      state: 'not-exported',
      reason:
        'No proxy that calls this service exports its circuit breakers, ejections and retries: Istio leaves them out by default',
      remedy: REMEDY,
      ...beside,
      clients: [],
    };
  }
  const silent = callersWithout(requests, clients);
  const reason = [
    ...(lacking.length > 0
      ? ['Its callers export only some of these statistics']
      : []),
    ...(silent.length > 0 ? [`Not exported by ${silent.join(', ')}`] : []),
    wordsOf(clients),
  ].join('. ');
  const whole = lacking.length === 0 && silent.length === 0;
  return {
    state: whole ? 'exported' : 'partly',
    reason,
    ...(!whole && { remedy: REMEDY }),
    ...beside,
    clients,
  };
}

/** Callers with a proxy that export nothing, as far as their pods are known. */
function callersWithout(
  requests: readonly RequestRow[],
  clients: readonly UpstreamClient[],
): string[] {
  const exporting = new Set(
    clients.map(({ namespace, workload }) => `${namespace}/${workload}`),
  );
  const calling = requests
    .filter(
      ({ caller, reporter, rate }) =>
        reporter === 'source' && caller.workload !== 'unknown' && rate > 0,
    )
    .map(({ caller }) => `${caller.namespace}/${caller.workload}`);
  return [...new Set(calling)].filter(each => !exporting.has(each)).sort();
}

function wordsOf(clients: readonly UpstreamClient[]): string {
  const found = [
    clients.some(
      each =>
        (each.pendingOverflowPerSecond ?? 0) > 0 ||
        (each.connectionOverflowPerSecond ?? 0) > 0,
    ) && 'circuit breakers refuse requests',
    clients.some(({ ejectedNow = 0 }) => ejectedNow > 0) &&
      'endpoints are ejected',
    clients.some(({ retriesPerSecond = 0 }) => retriesPerSecond > 0) &&
      'requests are retried',
  ].filter(each => each !== false);
  return found.length > 0
    ? `Among those who export it: ${found.join(', ')}`
    : 'Those who export it refuse, eject and retry nothing';
}

/**
 * How often a request is tried: what arrived at the server for each request of the same callers. Only where both ends
 * report; retries that fail without arriving are not counted.
 */
function attempts(rows: readonly RequestRow[]): number | undefined {
  const callerOf = ({ caller }: RequestRow) =>
    `${caller.namespace}/${caller.workload}`;
  const known = rows.filter(
    row => row.caller.workload !== 'unknown' && row.workload !== 'unknown',
  );
  const sent = known.filter(({ reporter }) => reporter === 'source');
  const arrived = known.filter(({ reporter }) => reporter === 'destination');
  const both = new Set(sent.map(callerOf));
  const total = sumRates(
    sent.filter(row => arrived.some(each => callerOf(each) === callerOf(row))),
  );
  return total > 0
    ? sumRates(arrived, row => both.has(callerOf(row))) / total
    : undefined;
}

/** `outbound|80|v1|checkout.shop.svc.cluster.local` */
function clusterOf(name: string): Pick<UpstreamClient, 'port' | 'subset'> {
  const [, port = '', subset = ''] = name.split('|');
  return { port, ...(subset !== '' && { subset }) };
}

function clientsOf(
  rows: readonly Series[],
  describe: DescribeClient,
): UpstreamClient[] {
  const byCluster = new Map<
    string,
    { labels: Series['labels']; values: Record<string, number> }
  >();
  for (const { labels, samples } of rows) {
    const value = samples[0]?.value;
    if (value === undefined) continue;
    const { namespace = '', pod = '', cluster_name: cluster = '' } = labels;
    const key = `${namespace}/${pod}/${cluster}`;
    const entry = byCluster.get(key) ?? { labels, values: {} };
    entry.values[labels.part] = value;
    byCluster.set(key, entry);
  }
  return [...byCluster.values()]
    .map(({ labels, values }) => client(labels, values, describe))
    .sort(
      (a, b) =>
        trouble(b) - trouble(a) ||
        `${a.namespace}/${a.pod}`.localeCompare(`${b.namespace}/${b.pod}`),
    );
}

function client(
  labels: Series['labels'],
  values: Readonly<Record<string, number | undefined>>,
  describe: DescribeClient,
): UpstreamClient {
  const { namespace = '', pod = '', cluster_name: cluster = '' } = labels;
  const ratio = (part?: number, whole?: number) =>
    part !== undefined && whole !== undefined && whole > 0
      ? part / whole
      : undefined;
  const sum = (...parts: (number | undefined)[]) =>
    parts.reduce(
      (total, part) => (part === undefined ? total : (total ?? 0) + part),
      undefined,
    );
  const open = sum(values.pendingOpen, values.connectionsOpen);
  return {
    namespace,
    pod,
    ...describe(namespace, pod),
    ...clusterOf(cluster),
    requestsPerSecond: values.requests,
    pendingOverflowPerSecond: values.pendingOverflow,
    connectionOverflowPerSecond: values.connectionOverflow,
    breakerOpen: open === undefined ? undefined : open > 0,
    retriesPerSecond: values.retries,
    retrySuccessShare: ratio(values.retriesSucceeded, values.retries),
    retriesRefusedPerSecond: sum(values.retryOverflow, values.retryLimit),
    timeoutsPerSecond: values.timeouts,
    ejections: values.ejections,
    ejectedNow: values.ejected,
    healthyShare: ratio(values.healthy, values.members),
  };
}

function trouble(each: UpstreamClient): number {
  return (
    (each.pendingOverflowPerSecond ?? 0) +
    (each.connectionOverflowPerSecond ?? 0) +
    (each.ejectedNow ?? 0) +
    (each.retriesRefusedPerSecond ?? 0)
  );
}
