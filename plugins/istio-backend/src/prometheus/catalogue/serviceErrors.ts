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
  type SubjectTemplate,
} from './template';

/** Moments a list compares now with. */
export const LIST_BASELINES = ['1h', '1d'] as const;

export type ListBaseline = (typeof LIST_BASELINES)[number];

/** For a list of services: requests per second by outcome, over five minutes: `now`, `ago1h`, `ago1d`. */
export const serviceErrors: SubjectTemplate<Record<string, never>> = {
  name: 'service-errors',
  keyLabels: SERVICE_LABELS,
  parts: selection => {
    const series = seriesOf('istio_requests_total', selection);
    const at = (offset: string) =>
      `sum by (reporter, ${SERVICE_KEY}, ${CODE_KEY}) (rate(${series}[5m]${offset}))`;
    return {
      now: at(''),
      ...Object.fromEntries(
        LIST_BASELINES.map(moment => [`ago${moment}`, at(` offset ${moment}`)]),
      ),
    };
  },
};

/** For a list of services: duration buckets per second, over five minutes. Asked for last: it costs most. */
export const serviceLatency: SubjectTemplate<Record<string, never>> = {
  name: 'service-latency',
  keyLabels: SERVICE_LABELS,
  parts: selection => ({
    latency: `sum by (le, reporter, ${SERVICE_KEY}) (rate(${seriesOf(
      'istio_request_duration_milliseconds_bucket',
      selection,
    )}[5m]))`,
  }),
};
