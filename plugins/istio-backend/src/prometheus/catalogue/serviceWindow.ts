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
  CALLER_KEY,
  CODE_KEY,
  seriesOf,
  SERVICE_KEY,
  SERVICE_LABELS,
  type Parts,
  type SubjectSelection,
  type SubjectTemplate,
} from './template';
import { freshSecondsOf, type Window, WINDOW_SECONDS } from './windows';

/**
 * R1, E1, L1, T1–T3: what a service did in a window and in the one before. Every reporter is kept apart: they must never
 * be added.
 *
 * - `now`, `before`: requests per second; now with callers, versions and transport security
 * - `latency`, `latencyBefore`: duration buckets per second; now by version
 * - `nativeLatency`, `nativeLatencyBefore`: quantiles (label `q`, milliseconds), where histograms are native
 * - `requestBytes`, `responseBytes`, `tcpOpened` and their `…Before`; `tcpClosed`, `tcpReceived`, `tcpSent`,
 *   `tcpFailed` by flag; `tcpClosedBy`: those that closed with a flag; `requestMessages`, `responseMessages` of gRPC
 */
export const serviceWindow: SubjectTemplate<{
  window: Window;
  /** also ask native histograms, which have no buckets to interpolate in */
  native?: true;
}> = {
  name: 'service-window',
  keyLabels: SERVICE_LABELS,
  freshSeconds: ({ window }) => freshSecondsOf(WINDOW_SECONDS[window]),
  parts: (selection, { window, native }) => ({
    ...requestParts(selection, window),
    ...latencyParts(selection, window),
    ...(native && nativeParts(selection, window)),
    ...volumeParts(selection, window),
  }),
};

function requestParts(selection: SubjectSelection, window: Window): Parts {
  const series = seriesOf('istio_requests_total', selection);
  return {
    now: `sum by (reporter, ${SERVICE_KEY}, ${CALLER_KEY}, destination_workload, destination_canonical_revision, ${CODE_KEY}) (rate(${series}[${window}]))`,
    before: `sum by (reporter, ${SERVICE_KEY}, ${CODE_KEY}) (rate(${series}[${window}] offset ${window}))`,
  };
}

function latencyParts(selection: SubjectSelection, window: Window): Parts {
  const series = seriesOf(
    'istio_request_duration_milliseconds_bucket',
    selection,
  );
  return {
    latency: `sum by (le, reporter, ${SERVICE_KEY}, destination_canonical_revision) (rate(${series}[${window}]))`,
    latencyBefore: `sum by (le, reporter, ${SERVICE_KEY}) (rate(${series}[${window}] offset ${window}))`,
  };
}

/** Quantiles as the source computes them: native histograms cannot be folded here. */
const NATIVE_QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

function nativeParts(selection: SubjectSelection, window: Window): Parts {
  const series = seriesOf('istio_request_duration_milliseconds', selection);
  const quantiles = (offset: string) =>
    NATIVE_QUANTILES.map(
      q =>
        `label_replace(histogram_quantile(${q}, sum by (reporter, ${SERVICE_KEY}) (rate(${series}[${window}]${offset}))), "q", "${q}", "", "")`,
    ).join(' or ');
  return {
    nativeLatency: quantiles(''),
    nativeLatencyBefore: quantiles(` offset ${window}`),
  };
}

function volumeParts(selection: SubjectSelection, window: Window): Parts {
  const before = ` offset ${window}`;
  const rate = (metric: string, offset = '') =>
    `rate(${seriesOf(metric, selection)}[${window}]${offset})`;
  const byService = (metric: string, offset?: string) =>
    `sum by (reporter, ${SERVICE_KEY}) (${rate(metric, offset)})`;
  return {
    requestBytes: byService('istio_request_bytes_sum'),
    responseBytes: byService('istio_response_bytes_sum'),
    requestBytesBefore: byService('istio_request_bytes_sum', before),
    responseBytesBefore: byService('istio_response_bytes_sum', before),
    tcpOpened: `sum by (reporter, ${SERVICE_KEY}, ${CALLER_KEY}, destination_workload) (${rate(
      'istio_tcp_connections_opened_total',
    )})`,
    tcpOpenedBefore: byService('istio_tcp_connections_opened_total', before),
    tcpClosed: byService('istio_tcp_connections_closed_total'),
    tcpReceived: byService('istio_tcp_received_bytes_total'),
    tcpSent: byService('istio_tcp_sent_bytes_total'),
    tcpFailed: `sum by (reporter, ${SERVICE_KEY}, response_flags) (${rate(
      'istio_tcp_connections_failed_total',
    )})`,
    tcpClosedBy: `sum by (reporter, ${SERVICE_KEY}, response_flags) (rate(${seriesOf(
      'istio_tcp_connections_closed_total',
      selection,
      { more: [{ label: 'response_flags', operator: '!=', value: '-' }] },
    )}[${window}]))`,
    requestMessages: byService('istio_request_messages_total'),
    responseMessages: byService('istio_response_messages_total'),
  };
}
