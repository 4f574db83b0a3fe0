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
  ContainerSaturation,
  ServiceRef,
  SignalsService,
  SignalsView,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { Verdict } from '@mesh-portal/mesh-model';
import { podsOfService } from '../entity';
import {
  missingReason,
  observedValue,
  serviceKey,
  type ContainerUse,
} from '../prometheus';
import {
  byCaller,
  byCode,
  byFlag,
  byVersion,
  lastInstant,
  preferredReporter,
  requestNumbers,
  signalPoints,
  signalState,
  sizeNumbers,
  sizeNumbersBefore,
} from '../signals';
import { servicesOf, type ClusterInput, type EntityInput } from './entityInput';
import type { ClusterObservations, Observations } from './observations';
import { percent, perSecond } from './numbersInWords';
import { plainVerdict } from './verdicts';

/** Server errors above this share of the requests are a failure; 4xx never are. */
export const FAILING_SHARE = 0.05;

type Entry = Pick<SignalsService, 'service'> & {
  cluster: ClusterInput;
  pods: ReadonlySet<string>;
};

function unobserved(service: ServiceRef, reason: string): SignalsService {
  return {
    service,
    state: 'unknown',
    stateReason: reason,
    reporter: 'none',
    layer: 'none',
    verdict: plainVerdict('unknown', reason),
    current: {},
    series: [],
    previousSeries: [],
    stepSeconds: 60,
    byCode: [],
    byFlag: [],
    byVersion: [],
    byCaller: [],
    saturation: { state: 'unavailable', reason, containers: [] },
  };
}

/** Pass only where there is traffic and its errors are known to be few. */
export function signalsVerdict(
  state: Pick<SignalsService, 'state' | 'stateReason' | 'layer'>,
  current: SignalsService['current'],
): Verdict {
  if (state.state === 'unknown' || state.state === 'gone') {
    return plainVerdict('unknown', state.stateReason);
  }
  if (state.state !== 'traffic') {
    return plainVerdict('not-applicable', state.stateReason);
  }
  if (state.layer === 'tcp') {
    const failed = current.tcp?.failedPerSecond ?? 0;
    return failed > 0
      ? plainVerdict('fail', `${perSecond(failed)} connections fail`)
      : plainVerdict('unknown', state.stateReason);
  }
  const total = current.requestsPerSecond ?? 0;
  const errors = Math.max(current.share5xx ?? 0, current.shareGrpcErrors ?? 0);
  const lost = current.clientOnlyFailuresPerSecond ?? 0;
  const rate = `${perSecond(total)} requests`;
  if (errors >= FAILING_SHARE) {
    return plainVerdict('fail', `${percent(errors)} of ${rate} fail`);
  }
  if (total + lost > 0 && lost / (total + lost) >= FAILING_SHARE) {
    return plainVerdict(
      'fail',
      `${perSecond(lost)} requests of callers never arrive, beside ${rate}`,
    );
  }
  return plainVerdict(
    'pass',
    errors > 0 ? `${rate}, ${percent(errors)} fail` : `${rate}, none fails`,
  );
}

function shareOf(
  used: number | undefined,
  limit: number | undefined,
): number | undefined {
  return used === undefined || limit === undefined || limit <= 0
    ? undefined
    : used / limit;
}

function saturationOf(use: ContainerUse): ContainerSaturation {
  const cpuOfLimit = shareOf(use.cpuCores, use.cpuLimitCores);
  const memoryOfLimit = shareOf(use.memoryBytes, use.memoryLimitBytes);
  const throttledShare = shareOf(use.throttledPerSecond, use.periodsPerSecond);
  const without = [
    use.cpuCores !== undefined && use.cpuLimitCores === undefined ? 'CPU' : '',
    use.memoryBytes !== undefined && use.memoryLimitBytes === undefined
      ? 'memory'
      : '',
  ].filter(word => word !== '');
  return {
    pod: use.pod,
    container: use.container,
    ...(cpuOfLimit === undefined ? {} : { cpuOfLimit }),
    ...(memoryOfLimit === undefined ? {} : { memoryOfLimit }),
    ...(throttledShare === undefined ? {} : { throttledShare }),
    ...(use.restarts === undefined
      ? {}
      : { restarts: Math.round(use.restarts) }),
    ...(without.length === 0
      ? {}
      : { note: `no ${without.join(' or ')} limit set, or none reported` }),
  };
}

function saturation(
  observed: ClusterObservations['saturation'],
  pods: ReadonlySet<string>,
): SignalsService['saturation'] {
  const uses = observedValue(observed);
  if (uses === undefined) {
    const reason =
      observed === undefined
        ? 'The service has no pods'
        : missingReason(observed);
    return { state: 'unavailable', reason, containers: [] };
  }
  const containers = uses
    .filter(use => pods.has(`${use.namespace}/${use.pod}`))
    .map(saturationOf);
  return containers.length > 0
    ? { state: 'available', containers }
    : {
        state: 'unavailable',
        reason:
          'Prometheus has no container metrics of these pods (cAdvisor, kube-state-metrics)',
        containers,
      };
}

/** The charts: the window, and the window before. */
function charts(
  observed: ClusterObservations['series'],
  key: string,
  reporter: Parameters<typeof signalPoints>[1],
): Pick<SignalsService, 'series' | 'previousSeries' | 'stepSeconds'> {
  const chart = observedValue(observed);
  if (!chart) {
    return { series: [], previousSeries: [], stepSeconds: 60 };
  }
  const { start, end, step } = chart;
  const middle = start + (end - start) / 2;
  const series = chart.byService.get(key);
  return {
    series: signalPoints(series, reporter, { from: middle, to: end, step }),
    previousSeries: signalPoints(series, reporter, {
      from: start,
      to: middle,
      step,
    }),
    stepSeconds: step,
  };
}

function signalsOf(
  entry: Entry,
  observations: ClusterObservations,
  window: string,
): SignalsService {
  const key = serviceKey(entry.service);
  const requests = observedValue(observations.requests)?.get(key);
  if (!requests) {
    return unobserved(entry.service, missingReason(observations.requests));
  }
  const sizes = observedValue(observations.sizes)?.get(key);
  const reporter = preferredReporter(requests.now, requests.live);
  const tcpReporter = preferredReporter(sizes?.opened ?? []);
  const chartReporter = reporter ?? tcpReporter;
  const state = signalState(
    requests,
    sizes,
    reporter,
    tcpReporter,
    window,
    lastInstant(observedValue(observations.series)?.byService.get(key)),
  );
  const current = {
    ...requestNumbers(requests.now, reporter),
    ...sizeNumbers(sizes, reporter, reporter ? undefined : tcpReporter),
  };
  const before = {
    ...requestNumbers(requests.before, reporter),
    ...sizeNumbersBefore(sizes, reporter),
  };
  return {
    service: entry.service,
    ...state,
    reporter: chartReporter ?? 'none',
    verdict: signalsVerdict(state, current),
    current,
    ...(Object.keys(before).length > 0 ? { previous: before } : {}),
    ...charts(observations.series, key, chartReporter),
    byCode: byCode(requests.now, reporter),
    byFlag: byFlag(requests.now, reporter),
    byVersion: byVersion(requests.now, sizes, reporter),
    byCaller: byCaller(requests.now, reporter),
    saturation: saturation(observations.saturation, entry.pods),
  };
}

/** Traffic, errors, latency and saturation of every service of the entity. */
export function signalsView(
  input: EntityInput,
  observations: Observations,
): SignalsView {
  const entries: Entry[] = servicesOf(input).map(
    ({ cluster, service, ref }) => ({
      service: ref,
      cluster,
      pods: new Set(
        podsOfService(cluster.snapshot, service).map(
          ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
        ),
      ),
    }),
  );
  for (const cluster of input.clusters) {
    for (const { entry, host } of cluster.match.serviceEntries) {
      const { namespace } = entry.metadata;
      entries.push({
        service: { cluster: cluster.name, namespace, name: host, host },
        cluster,
        pods: new Set(),
      });
    }
  }
  return {
    window: observations.window,
    services: entries.map(entry =>
      signalsOf(
        entry,
        observations.byCluster.get(entry.cluster.name) ?? {},
        observations.window,
      ),
    ),
  };
}
