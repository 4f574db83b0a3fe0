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
  SignalsService,
  TriageChange,
  TriageCheck,
} from '@mesh-portal/backstage-plugin-istio-common';
import { count, percent, perSecond } from '../views/numbersInWords';
import type { Contribution, SideChange } from './contributions';
import type { DependencyChange } from './dependencyChanges';
import type { CellRate } from './errorCells';
import { causesOf, howInWords } from './failures';
import { callerInWords } from './headline';

/** Share of what grew that makes one version, caller, cluster or pod the place to look. */
const CONCENTRATED = 0.6;
/** By how much its share of the errors must exceed its share of the traffic. */
const MORE_THAN_TRAFFIC = 0.2;

const FULL = 0.9;
const THROTTLED = 0.25;

/** What the checks are made from. */
export interface CheckInput {
  server: SideChange;
  client: SideChange;
  /** all requests of now */
  traffic: readonly CellRate[];
  /** errors and requests per second by pod of the workload that fails most */
  pods: readonly { pod: string; requests: number; errors: number }[];
  saturation: SignalsService['saturation'];
  dependencies: readonly DependencyChange[];
  dependenciesCompared: boolean;
  changes: readonly TriageChange[];
  /** why changes may be missing; undefined where all is read */
  changesUnknown: string | undefined;
}

/** The order in which causes are looked for, cheap and telling ones first (golden-signals §5). */
export function checksOf(input: CheckInput): TriageCheck[] {
  const { server, traffic } = input;
  return [
    neverArrivedCheck(input.client),
    concentrationCheck('version', 'version', server, traffic, cell =>
      cell.version === 'unknown' ? undefined : cell.version,
    ),
    concentrationCheck('caller', 'caller', server, traffic, callerInWords),
    concentrationCheck('cluster', 'cluster', server, traffic, cell =>
      cell.destinationCluster === 'unknown'
        ? undefined
        : cell.destinationCluster,
    ),
    podCheck(input),
    saturationCheck(input.saturation),
    configurationCheck(input),
    dependencyCheck(input),
  ];
}

function neverArrivedCheck(client: SideChange): TriageCheck {
  const check = 'never-arrived' as const;
  const { delta, now, standsOut } = client;
  const [first] = client.contributions;
  if (standsOut && first) {
    const causes = causesOf(first);
    return {
      check,
      outcome: 'points-here',
      words: `${perSecond(
        delta,
      )} more requests never reach the service: ${howInWords(first)}${
        causes.length > 0 ? `. Likely: ${causes.join('; ')}` : ''
      }`,
    };
  }
  return {
    check,
    outcome: 'clear',
    words:
      now.errors > 0
        ? `${perSecond(
            now.errors,
          )} never reach the service, no more than before`
        : 'All that clients send reaches the service',
  };
}

/** Do the extra errors sit in one group more than its traffic explains: a version, a caller, a cluster? R9.11 */
function concentrationCheck(
  check: TriageCheck['check'],
  word: string,
  { contributions }: SideChange,
  traffic: readonly CellRate[],
  groupOf: (cell: Contribution | CellRate) => string | undefined,
): TriageCheck {
  const served = shares(
    traffic.filter(({ seenBy }) => seenBy === 'server'),
    groupOf,
    ({ rate }) => rate,
  );
  const grown = shares(
    contributions.filter(({ delta }) => delta > 0),
    groupOf,
    ({ delta }) => delta,
  );
  const [top] = [...grown].sort(([, a], [, b]) => b - a);
  if (!top) {
    return {
      check,
      outcome: 'not-applicable',
      words: 'The service itself answers no more errors than before',
    };
  }
  const [name, share] = top;
  if (served.size < 2) {
    return {
      check,
      outcome: 'not-applicable',
      words:
        served.size === 1
          ? `There is only one ${word}: ${[...served.keys()][0]}`
          : `No ${word} is reported`,
    };
  }
  const ofTraffic = served.get(name) ?? 0;
  const words = `${percent(
    share,
  )} of the extra errors are of ${name}, which has ${percent(
    ofTraffic,
  )} of the traffic`;
  return share >= CONCENTRATED && share > ofTraffic + MORE_THAN_TRAFFIC
    ? { check, outcome: 'points-here', words }
    : { check, outcome: 'clear', words: `No single ${word}: ${words}` };
}

function shares<T>(
  items: readonly T[],
  groupOf: (item: T) => string | undefined,
  valueOf: (item: T) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  let total = 0;
  for (const item of items) {
    const group = groupOf(item);
    const value = valueOf(item);
    if (group === undefined || !(value > 0)) continue;
    sums.set(group, (sums.get(group) ?? 0) + value);
    total += value;
  }
  return new Map([...sums].map(([group, sum]) => [group, sum / total]));
}

/** Does one pod of several answer with the errors? R9.11 */
function podCheck({ pods }: CheckInput): TriageCheck {
  const check = 'pod' as const;
  if (pods.length < 2) {
    return {
      check,
      outcome: pods.length === 1 ? 'not-applicable' : 'unknown',
      words:
        pods.length === 1
          ? `The workload that fails has one pod: ${pods[0].pod}`
          : 'The errors are not counted by pod',
    };
  }
  const total = (of: (pod: CheckInput['pods'][number]) => number) =>
    pods.reduce((sum, pod) => sum + of(pod), 0);
  const errors = total(pod => pod.errors);
  const requests = total(pod => pod.requests);
  if (!(errors > 0)) {
    return { check, outcome: 'clear', words: 'No pod answers with errors' };
  }
  const worst = pods.reduce((a, b) => (b.errors > a.errors ? b : a));
  const share = worst.errors / errors;
  const ofTraffic = requests > 0 ? worst.requests / requests : 0;
  return share >= CONCENTRATED && share > ofTraffic + MORE_THAN_TRAFFIC
    ? {
        check,
        outcome: 'points-here',
        words: `${percent(share)} of the errors are answered by ${worst.pod}`,
      }
    : {
        check,
        outcome: 'clear',
        words: `The errors are spread over ${count(pods.length, 'pod')}`,
      };
}

function saturationCheck(
  saturation: SignalsService['saturation'],
): TriageCheck {
  const check = 'saturation' as const;
  if (saturation.state === 'unavailable') {
    return {
      check,
      outcome: 'unknown',
      words: saturation.reason ?? 'No container metrics',
    };
  }
  const problems = saturation.containers.flatMap(each => {
    const of = `${each.container} of ${each.pod}`;
    return [
      (each.memoryOfLimit ?? 0) > FULL &&
        `${of} uses ${percent(each.memoryOfLimit ?? 0)} of its memory`,
      (each.cpuOfLimit ?? 0) > FULL &&
        `${of} uses ${percent(each.cpuOfLimit ?? 0)} of its CPU`,
      (each.throttledShare ?? 0) > THROTTLED &&
        `${of} is throttled ${percent(each.throttledShare ?? 0)} of the time`,
      (each.restarts ?? 0) > 0 &&
        `${of} restarted ${count(each.restarts ?? 0, 'time')} in the last hour`,
    ].filter(text => text !== false);
  });
  return problems.length > 0
    ? {
        check,
        outcome: 'points-here',
        words: `${problems.slice(0, 3).join('; ')}${
          problems.length > 3 ? `; and ${problems.length - 3} more` : ''
        }`,
      }
    : {
        check,
        outcome: 'clear',
        words: 'No container is near its limits, none restarted',
      };
}

/** Changes that could well have done it. */
const CLOSE: ReadonlySet<TriageChange['relation']> = new Set<
  TriageChange['relation']
>(['workload', 'acts-on-service', 'caller']);

/** Did something change just before: the workload itself (R9.12), what acts on the service, a caller? */
function configurationCheck({
  changes,
  changesUnknown,
}: CheckInput): TriageCheck {
  const check = 'configuration' as const;
  const close = changes.filter(({ relation }) => CLOSE.has(relation));
  const [first] = close;
  if (first) {
    return {
      check,
      outcome: 'points-here',
      words: `${first.object.kind} ${first.object.name} was ${
        first.what
      } ${beforeInWords(first.secondsBefore)}`,
    };
  }
  if (changesUnknown !== undefined) {
    return { check, outcome: 'unknown', words: changesUnknown };
  }
  return changes.length > 0
    ? {
        check,
        outcome: 'clear',
        words: `Nothing that acts on the service was changed; ${count(
          changes.length,
          'other change',
        )} nearby`,
      }
    : {
        check,
        outcome: 'clear',
        words: 'No object was created or changed shortly before',
      };
}

/** `2 minutes before it began`, `at the same minute`. */
export function beforeInWords(seconds: number | undefined): string {
  if (seconds === undefined) return 'recently';
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes === 0) return 'in the minute it began';
  return `${count(minutes, 'minute')} ${
    seconds > 0 ? 'before' : 'after'
  } it began`;
}

function dependencyCheck({
  dependencies,
  dependenciesCompared,
}: CheckInput): TriageCheck {
  const check = 'dependency' as const;
  const worse = dependencies.filter(each => each.standsOut);
  if (worse.length > 0) {
    return {
      check,
      outcome: 'points-here',
      words: `Its own calls fail more: ${worse
        .slice(0, 3)
        .map(
          ({ host, now, base }) =>
            `${host} ${perSecond(now.errors)} instead of ${perSecond(
              base.errors,
            )}`,
        )
        .join('; ')}`,
    };
  }
  if (!dependenciesCompared) {
    return {
      check,
      outcome: 'unknown',
      words: 'Its own calls could not be compared',
    };
  }
  return dependencies.length === 0
    ? {
        check,
        outcome: 'not-applicable',
        words: 'It calls nothing that the mesh counts',
      }
    : {
        check,
        outcome: 'clear',
        words: `${count(
          dependencies.length,
          'service',
        )} that it calls: no more failures than before`,
      };
}

const NEXT: Readonly<
  Partial<Record<TriageCheck['check'], (input: CheckInput) => string>>
> = {
  'never-arrived': () =>
    'Look at the endpoints, mutual TLS and connection pool of the service: the Service mesh tab shows each',
  version: () =>
    'Read the logs of the version that fails, or send its traffic back to the one that does not',
  caller: () =>
    'Ask what that caller sends now: only its requests fail more often',
  cluster: () => 'Compare the clusters: only one of them fails',
  pod: () => 'Read the logs of that pod; replace it if the others are well',
  saturation: () => 'Give the container more room, or find what fills it',
  configuration: ({ changes: [first] }) =>
    `Read what changed in ${first.object.kind} ${first.object.name}, and undo it if it fits`,
  dependency: ({ dependencies: [first] }) =>
    `Open the triage of ${first.host}: the failure may come from there`,
};

/** What to look at next: what the checks point to; without any, the traces and logs. */
export function nextSteps(
  checks: readonly TriageCheck[],
  input: CheckInput,
): string[] {
  const steps = checks.flatMap(({ check, outcome }) =>
    outcome === 'points-here' ? NEXT[check]?.(input) ?? [] : [],
  );
  return steps.length > 0
    ? steps
    : [
        'Nothing points to one place: read the traces and logs of a failed request',
      ];
}
