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
  EffectiveSetting as ModelSetting,
  ResilienceSettings,
} from '@mesh-portal/mesh-model';

type Value = ModelSetting['value'];

function counted(value: Value, noun: string): string {
  return `${value} ${noun}${String(value) === '1' ? '' : 's'}`;
}

function valueOf(
  settings: readonly ModelSetting[],
  name: string,
): Value | undefined {
  return settings.find(({ setting }) => setting === name)?.value;
}

const BALANCING: Readonly<Record<string, string>> = {
  LEAST_REQUEST: 'Each request goes to the pod with the fewest open requests',
  LEAST_CONN: 'Each request goes to the pod with the fewest open requests',
  ROUND_ROBIN: 'Requests go to the pods in turn',
  RANDOM: 'Each request goes to a pod by chance',
  PASSTHROUGH: 'Requests go to the address the client asked for',
};

/** How long a pod that has just become ready gets less than its share. */
function warmupWords(loadBalancing: readonly ModelSetting[]): string {
  const warmup =
    valueOf(loadBalancing, 'loadBalancer.warmup.duration') ??
    valueOf(loadBalancing, 'loadBalancer.warmupDurationSecs');
  return warmup === undefined
    ? ''
    : `; a new pod gets less than its share for ${warmup}`;
}

/** Algorithms that know a warm-up. */
const WARMING = new Set(['LEAST_REQUEST', 'LEAST_CONN', 'ROUND_ROBIN']);

/** Which pod a request goes to. */
export function balancingSentence({ loadBalancing }: ResilienceSettings) {
  const hash = loadBalancing.find(({ setting }) =>
    setting.startsWith('loadBalancer.consistentHash'),
  );
  if (hash) {
    const by = hash.setting.split('.')[2] ?? 'hash';
    return `Requests with the same ${by}${
      typeof hash.value === 'string' ? ` ${hash.value}` : ''
    } go to the same pod`;
  }
  const simple = String(valueOf(loadBalancing, 'loadBalancer.simple'));
  const warmup = WARMING.has(simple) ? warmupWords(loadBalancing) : '';
  return `${BALANCING[simple] ?? `Pods are chosen by ${simple}`}${warmup}`;
}

const LIMITS: readonly (readonly [string, (value: Value) => string])[] = [
  [
    'connectionPool.tcp.maxConnections',
    value => `at most ${counted(value, 'connection')}`,
  ],
  [
    'connectionPool.http.http2MaxRequests',
    value => `at most ${counted(value, 'request')} at a time`,
  ],
  [
    'connectionPool.http.http1MaxPendingRequests',
    value => `at most ${counted(value, 'request')} waiting`,
  ],
  [
    'connectionPool.http.maxRequestsPerConnection',
    value => `${counted(value, 'request')} per connection`,
  ],
  [
    'connectionPool.http.maxRetries',
    value =>
      `at most ${value} ${
        String(value) === '1' ? 'retry' : 'retries'
      } at a time`,
  ],
];

/** Where requests travel in another version of HTTP than their port is declared for. R6.16 */
function upgradeWords({ http }: ResilienceSettings): string {
  return http === undefined || http.origin === 'default'
    ? ''
    : `; requests are sent ${
        http.value === 'as received'
          ? 'in the caller’s version of HTTP'
          : `as ${http.value}`
      }`;
}

/** How many retries a client may have under way. R6.13 */
function budgetWords({ retryBudget }: ResilienceSettings): string[] {
  const percent = valueOf(retryBudget, 'retryBudget.percent');
  const least = valueOf(retryBudget, 'retryBudget.minRetryConcurrency');
  return percent === undefined
    ? []
    : [`retries for ${percent} % of its requests (${least} in any case)`];
}

/** What each client's proxy limits; beyond it requests are refused (UO). */
export function poolSentence(settings: ResilienceSettings): string {
  const { connectionPool } = settings;
  const limits = [
    ...LIMITS.flatMap(([setting, words]) => {
      const value = valueOf(connectionPool, setting);
      return value === undefined ? [] : [words(value)];
    }),
    ...budgetWords(settings),
  ];
  const connect = valueOf(connectionPool, 'connectionPool.tcp.connectTimeout');
  const connecting =
    connect === undefined ? '' : `; connecting may take ${connect}`;
  const upgraded = upgradeWords(settings);
  return limits.length === 0
    ? `No limit on connections and requests${connecting}${upgraded}`
    : `Each client is held to ${limits.join(', ')}${connecting}${upgraded}`;
}

/** When a pod that fails is left out. */
export function outlierSentence(settings: ResilienceSettings): string {
  if (!settings.outlierDetectionEnabled) {
    return 'A pod that fails keeps getting requests: there is no outlier detection';
  }
  const { outlierDetection } = settings;
  const of = (name: string) =>
    valueOf(outlierDetection, `outlierDetection.${name}`);
  const errors = of('consecutive5xxErrors');
  const gateway = of('consecutiveGatewayErrors');
  const when = [
    ...(errors === undefined || errors === 0
      ? []
      : [`${counted(errors, 'answer')} with 5xx in a row`]),
    ...(gateway === undefined || gateway === 0
      ? []
      : [`${counted(gateway, 'gateway error')} in a row`]),
  ];
  return when.length === 0
    ? 'Outlier detection is set, but every detector is switched off'
    : `A pod is left out for ${of('baseEjectionTime')} after ${when.join(
        ' or ',
      )}, never more than ${of('maxEjectionPercent')} % of the pods`;
}
