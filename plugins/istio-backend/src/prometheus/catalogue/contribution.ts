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

import { type Matcher, quote } from '../selector';
import { FAILED_BY_CODE, FAILED_BY_STATUS } from './badRequests';
import { boundary } from './bucketBoundary';
import { podSaturation } from './podSaturation';
import {
  CALLER_LABELS,
  type Parts,
  seriesOf,
  SERVICE_KEY,
  SERVICE_LABELS,
  type Subject,
  type SubjectSelection,
  type SubjectTemplate,
} from './template';

/** The moments that now is compared with. */
export const BASELINES = ['1h', '1d', '1w'] as const;

export type Baseline = (typeof BASELINES)[number];

/** What a cell of a contribution is: caller, clusters, version and outcome. */
const CELL =
  'source_workload_namespace, source_workload, source_cluster, destination_cluster, destination_workload, destination_canonical_revision, request_protocol, response_code, grpc_response_status, response_flags';

const WINDOW = '5m';
const WINDOW_SECONDS = 300;

/** What stands behind a service: from the inventory, never from a name pattern. */
export interface Inventory {
  /** the workloads that serve it: they call its dependencies */
  workloads: readonly Subject[];
  pods: readonly Subject[];
}

/** Parameters of `contribution`. */
export interface ContributionParameters {
  [name: string]: string | number;
  /** a bucket boundary, milliseconds, above which an answer is slow */
  slowMs: number;
  /** see `inventoryParameter` */
  inventory: string;
}

/** What stands behind services, by `namespace/name`, as one parameter. */
export function inventoryParameter(
  inventory: ReadonlyMap<string, Inventory>,
): string {
  const brief = ({ namespace, name }: Subject) => `${namespace}/${name}`;
  return JSON.stringify(
    [...inventory]
      .map(([service, { workloads, pods }]) => [
        service,
        workloads.map(brief).sort(),
        pods.map(brief).sort(),
      ])
      .sort(),
  );
}

function inventoryOf(parameter: string): Map<string, Inventory> {
  const read = (texts: string[]) =>
    texts.map(text => {
      const [namespace, name] = text.split('/');
      return { namespace, name };
    });
  const entries: [string, string[], string[]][] = JSON.parse(parameter);
  return new Map(
    entries.map(([service, workloads, pods]) => [
      service,
      { workloads: read(workloads), pods: read(pods) },
    ]),
  );
}

function offsetOf(moment: 'Now' | Baseline): string {
  return moment === 'Now' ? '' : ` offset ${moment}`;
}

const MOMENTS = ['Now', ...BASELINES] as const;

/**
 * What changed, in one response (golden-signals §5): requests per second of the last five minutes and of the same five
 * minutes an hour, a day and a week ago.
 *
 * - `cellsNow`, `cells1h`, …: by caller, version and outcome
 * - `newborn`: errors per second that the first sample of a new series holds, which no rate counts; `established`: series
 *   that were there five minutes ago, without which `newborn` means nothing
 * - `answeredNow`, `fastNow`, …: answers, and those within the boundary, by version
 * - `podErrors`, `podRequests`: by pod, now
 * - `calledNow`, …: what its workloads called, by host (`destination_service`) and outcome
 * - the parts of `podSaturation`
 *
 * Parts about workloads and pods carry the key of the service they stand behind.
 */
export const contribution: SubjectTemplate<ContributionParameters> = {
  name: 'contribution',
  keyLabels: SERVICE_LABELS,
  parts: (selection, { slowMs, inventory }) => ({
    ...cellParts(selection),
    ...slownessParts(selection, slowMs),
    ...behindParts(selection, inventoryOf(inventory)),
  }),
};

function cellParts(selection: SubjectSelection): Parts {
  const requests = (...more: Matcher[]) =>
    seriesOf('istio_requests_total', selection, { more });
  const newborn = (series: string) =>
    `(min_over_time(${series}[${WINDOW}]) unless ${series} offset ${WINDOW})`;
  const errors = `rate(${requests(
    ...FAILED_BY_CODE,
  )}[${WINDOW}]) or rate(${requests(...FAILED_BY_STATUS)}[${WINDOW}])`;
  const byPod = `reporter, ${SERVICE_KEY}, pod`;
  return {
    ...byMoment('cells', moment => cells(requests(), offsetOf(moment))),
    newborn: `sum by (reporter, ${SERVICE_KEY}, ${CELL}) (${newborn(
      requests(...FAILED_BY_CODE),
    )} or ${newborn(requests(...FAILED_BY_STATUS))}) / ${WINDOW_SECONDS}`,
    established: `count by (${SERVICE_KEY}) (${requests()} offset ${WINDOW})`,
    podErrors: `sum by (${byPod}) (${errors})`,
    podRequests: `sum by (${byPod}) (rate(${requests()}[${WINDOW}]))`,
  };
}

function byMoment(
  name: string,
  expression: (moment: 'Now' | Baseline) => string,
): Parts {
  return Object.fromEntries(
    MOMENTS.map(moment => [`${name}${moment}`, expression(moment)]),
  );
}

function cells(series: string, offset: string): string {
  return `sum by (reporter, ${SERVICE_KEY}, ${CELL}) (rate(${series}[${WINDOW}]${offset}))`;
}

function slownessParts(selection: SubjectSelection, slowMs: number): Parts {
  const by = `sum by (reporter, ${SERVICE_KEY}, destination_canonical_revision)`;
  const rate = (suffix: string, moment: 'Now' | Baseline, more: Matcher[]) =>
    `${by} (rate(${seriesOf(
      `istio_request_duration_milliseconds_${suffix}`,
      selection,
      { more },
    )}[${WINDOW}]${offsetOf(moment)}))`;
  return {
    ...byMoment('answered', moment => rate('count', moment, [])),
    ...byMoment('fast', moment => rate('bucket', moment, [boundary(slowMs)])),
  };
}

/** Parts about what stands behind each service, under the key of the service. */
function behindParts(
  { subjects, scope }: SubjectSelection,
  inventory: ReadonlyMap<string, Inventory>,
): Parts {
  const parts: Record<string, string[]> = {};
  for (const subject of subjects) {
    const behind = inventory.get(`${subject.namespace}/${subject.name}`);
    const own = {
      ...(behind && behind.workloads.length > 0
        ? calledParts({ subjects: behind.workloads, scope })
        : {}),
      ...(behind && behind.pods.length > 0
        ? podSaturation.parts({ subjects: behind.pods, scope }, {})
        : {}),
    };
    for (const [name, expression] of Object.entries(own)) {
      parts[name] = [...(parts[name] ?? []), keyed(expression, subject)];
    }
  }
  return Object.fromEntries(
    Object.entries(parts).map(([name, expressions]) => [
      name,
      expressions.length === 1
        ? expressions[0]
        : `(${expressions.join(' or ')})`,
    ]),
  );
}

function calledParts(selection: SubjectSelection): Parts {
  const reporter: Matcher = {
    label: 'reporter',
    operator: '=~',
    value: ['source', 'waypoint'],
  };
  const series = seriesOf('istio_requests_total', selection, {
    labels: CALLER_LABELS,
    more: [reporter],
  });
  return byMoment(
    'called',
    moment =>
      `sum by (reporter, destination_service, response_code, grpc_response_status, response_flags) (rate(${series}[${WINDOW}]${offsetOf(
        moment,
      )}))`,
  );
}

/** Writes the service's key onto rows that have none. */
function keyed(expression: string, { namespace, name }: Subject): string {
  const literal = (value: string) => quote(value.replace(/\$/g, '$$$$'));
  return `label_replace(label_replace(${expression}, "destination_service_namespace", ${literal(
    namespace,
  )}, "", ""), "destination_service_name", ${literal(name)}, "", "")`;
}

/** Parameters of `errorHistory`. */
export interface ErrorHistoryParameters {
  [name: string]: number;
  seconds: number;
  stepSeconds: number;
  /** of each rate: at least four scrapes */
  windowSeconds: number;
}

/** When errors began: errors per second by caller, version and outcome (`errors`), and all requests (`requests`). */
export const errorHistory: SubjectTemplate<ErrorHistoryParameters> = {
  name: 'error-history',
  keyLabels: SERVICE_LABELS,
  range: ({ seconds, stepSeconds }) => ({ seconds, stepSeconds }),
  parts: (selection, { windowSeconds }) => {
    const rate = (...more: Matcher[]) =>
      `rate(${seriesOf('istio_requests_total', selection, {
        more,
      })}[${windowSeconds}s])`;
    return {
      errors: `sum by (reporter, ${SERVICE_KEY}, ${CELL}) (${rate(
        ...FAILED_BY_CODE,
      )} or ${rate(...FAILED_BY_STATUS)})`,
      requests: `sum by (reporter, ${SERVICE_KEY}) (${rate()})`,
    };
  },
};

/**
 * The question behind a finding as a person would ask it: errors by caller, version and outcome. For display only.
 */
export function errorCellsExpression(
  service: Subject,
  reporter: string,
): string {
  const of: Matcher = { label: 'reporter', operator: '=', value: reporter };
  const rate = (more: readonly Matcher[]) =>
    `rate(${seriesOf(
      'istio_requests_total',
      { subjects: [service] },
      { more: [of, ...more] },
    )}[${WINDOW}])`;
  return `sum by (source_workload_namespace, source_workload, destination_canonical_revision, response_code, response_flags) (${rate(
    FAILED_BY_CODE,
  )} or ${rate(FAILED_BY_STATUS)})`;
}
