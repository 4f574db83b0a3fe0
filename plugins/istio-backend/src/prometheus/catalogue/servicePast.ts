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
  CODE_KEY,
  seriesOf,
  SERVICE_KEY,
  SERVICE_LABELS,
  type Parts,
  type SubjectSelection,
  type SubjectTemplate,
} from './template';
import { SLOW_SECONDS, type Window } from './windows';

/** The same window a day and a week ago, by the suffix of its parts. */
const PAST_OFFSETS = { Day: '1d', Week: '1w' } as const;

export type PastMoment = keyof typeof PAST_OFFSETS;

/**
 * What a service did in the same window a day and a week ago: `requests…`, `latency…`, `requestBytes…`,
 * `responseBytes…`, `tcpOpened…`, each with suffix `Day` or `Week`.
 */
export const servicePast: SubjectTemplate<{ window: Window }> = {
  name: 'service-past',
  keyLabels: SERVICE_LABELS,
  freshSeconds: () => SLOW_SECONDS,
  parts: (selection, { window }) => ({
    ...partsOf(selection, window, 'Day'),
    ...partsOf(selection, window, 'Week'),
  }),
};

function partsOf(
  selection: SubjectSelection,
  window: Window,
  moment: PastMoment,
): Parts {
  const sum = (by: string, metric: string) =>
    `sum by (${by}reporter, ${SERVICE_KEY}) (rate(${seriesOf(
      metric,
      selection,
    )}[${window}] offset ${PAST_OFFSETS[moment]}))`;
  return {
    [`requests${moment}`]: sum(`${CODE_KEY}, `, 'istio_requests_total'),
    [`latency${moment}`]: sum(
      'le, ',
      'istio_request_duration_milliseconds_bucket',
    ),
    [`requestBytes${moment}`]: sum('', 'istio_request_bytes_sum'),
    [`responseBytes${moment}`]: sum('', 'istio_response_bytes_sum'),
    [`tcpOpened${moment}`]: sum('', 'istio_tcp_connections_opened_total'),
  };
}
