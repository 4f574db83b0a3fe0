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
import { stepFor, type Window, WINDOW_SECONDS } from './windows';

/** A service whose series ended is gone, not never seen: at least so far back is looked. */
const LEAST_SECONDS = 7200;

/** How far back the history of a window reaches: the window and the one before, and at least two hours. */
export function historySeconds(windowSeconds: number): number {
  return Math.max(windowSeconds * 2, LEAST_SECONDS);
}

/**
 * What the charts draw, over the window and at least the one before: `requests` by code, `latency` buckets, `requestBytes`,
 * `responseBytes` and `tcpOpened`, each step over at least five minutes.
 */
export const serviceHistory: SubjectTemplate<{ window: Window }> = {
  name: 'service-history',
  keyLabels: SERVICE_LABELS,
  range: ({ window }) => ({
    seconds: historySeconds(WINDOW_SECONDS[window]),
    stepSeconds: stepFor(WINDOW_SECONDS[window]),
  }),
  parts: (selection, { window }) => {
    const over = Math.max(
      300,
      stepFor(WINDOW_SECONDS[window]),
      selection.leastSeconds ?? 0,
    );
    const rate = (metric: string) =>
      `rate(${seriesOf(metric, selection)}[${over}s])`;
    const byService = (metric: string) =>
      `sum by (reporter, ${SERVICE_KEY}) (${rate(metric)})`;
    return {
      requests: `sum by (reporter, ${SERVICE_KEY}, ${CODE_KEY}) (${rate(
        'istio_requests_total',
      )})`,
      latency: `sum by (le, reporter, ${SERVICE_KEY}) (${rate(
        'istio_request_duration_milliseconds_bucket',
      )})`,
      requestBytes: byService('istio_request_bytes_sum'),
      responseBytes: byService('istio_response_bytes_sum'),
      tcpOpened: byService('istio_tcp_connections_opened_total'),
    };
  },
};
