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

import type { Matcher } from '../selector';
import {
  CALLER_LABELS,
  CODE_KEY,
  type Parts,
  seriesOf,
  SERVICE_LABELS,
  type SubjectLabels,
  type SubjectSelection,
  type SubjectTemplate,
} from './template';
import { freshSecondsOf, type Window, WINDOW_SECONDS } from './windows';

/** The two ends of an edge, with their clusters (E4). */
const ENDS =
  'source_workload_namespace, source_workload, source_cluster, destination_cluster, destination_service, destination_service_namespace, destination_service_name';

/** Every reporter is kept apart: they see the same requests and must never be added. */
const EDGE = `reporter, ${ENDS}`;

const SECURITY = 'source_principal, connection_security_policy';

const DURATION = 'istio_request_duration_milliseconds';

const REQUESTS_OR_CONNECTIONS: Matcher = {
  label: '__name__',
  operator: '=~',
  value: ['istio_requests_total', 'istio_tcp_connections_opened_total'],
};

/** Twenty buckets a caller are asked for once, not once a reporter. */
const AT_THE_CALLEE: Matcher = {
  label: 'reporter',
  operator: '=~',
  value: ['destination', 'waypoint'],
};

/** How far back an edge that is gone is looked for, at least, seconds. */
const MIN_LOOKBACK_SECONDS = 3600;

/** Points of that span that are looked at. */
const LOOKBACK_POINTS = 60;

/** Seconds between the points at which a last sighting is looked for. */
function sightingStep(window: Window): number {
  return (
    Math.max(WINDOW_SECONDS[window], MIN_LOOKBACK_SECONDS) / LOOKBACK_POINTS
  );
}

function edgeParts(
  selection: SubjectSelection,
  labels: SubjectLabels,
  window: Window,
  buckets: boolean,
): Parts {
  const rate = (metric: string) =>
    `rate(${seriesOf(metric, selection, { labels })}[${window}])`;
  const either = seriesOf('', selection, {
    labels,
    more: [REQUESTS_OR_CONNECTIONS],
  });
  const step = sightingStep(window);
  const lookback = step * LOOKBACK_POINTS;
  return {
    requests: `sum by (${EDGE}, ${SECURITY}, destination_canonical_revision, ${CODE_KEY}) (${rate(
      'istio_requests_total',
    )})`,
    opened: `sum by (${EDGE}, ${SECURITY}) (${rate(
      'istio_tcp_connections_opened_total',
    )})`,
    received: `sum by (${EDGE}) (${rate('istio_tcp_received_bytes_total')})`,
    sent: `sum by (${EDGE}) (${rate('istio_tcp_sent_bytes_total')})`,
    ...(buckets && {
      buckets: `sum by (le, ${EDGE}) (rate(${seriesOf(
        `${DURATION}_bucket`,
        selection,
        { labels, more: [AT_THE_CALLEE] },
      )}[${window}]))`,
    }),
    count: `sum by (${EDGE}) (${rate(`${DURATION}_count`)})`,
    sum: `sum by (${EDGE}) (${rate(`${DURATION}_sum`)})`,
    now: `count by (${ENDS}) (${either})`,
    seen: `max by (${ENDS}) (max_over_time(timestamp(${either})[${lookback}s:${step}s]))`,
    covered: `count by (${labels.namespace}, ${labels.name}) (${either} offset ${window})`,
  };
}

interface WindowParameters {
  [name: string]: string;
  window: Window;
}

/**
 * E1, T2, E4: who called services, per second of the window. `requests` with their outcome; `opened` connections with
 * their security; bytes of TCP in the server's view (`received`: of the request, `sent`: of the response); latency as
 * `count`, `sum` and `buckets` (of the callee's reporters); which edges are reported `now`, when each was last `seen` (epoch seconds), and whether there was
 * data at the beginning of the window (`covered`).
 */
export const serviceCallers: SubjectTemplate<WindowParameters> = {
  name: 'service-callers',
  keyLabels: SERVICE_LABELS,
  maxima: ['seen'],
  freshSeconds: ({ window }) => freshSecondsOf(WINDOW_SECONDS[window]),
  parts: (selection, { window }) =>
    edgeParts(selection, SERVICE_LABELS, window, true),
};

/**
 * E2: whom workloads called, in the same parts, seen by every reporter. Latency without buckets: those of other teams'
 * services are not asked for.
 */
export const workloadCallees: SubjectTemplate<WindowParameters> = {
  name: 'workload-callees',
  keyLabels: CALLER_LABELS,
  maxima: ['seen'],
  freshSeconds: ({ window }) => freshSecondsOf(WINDOW_SECONDS[window]),
  parts: (selection, { window }) =>
    edgeParts(selection, CALLER_LABELS, window, false),
};
