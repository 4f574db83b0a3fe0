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

import type { SignalsService } from '@mesh-portal/backstage-plugin-istio-common';
import type { QueryResult } from '../../prometheus/response';
import { serviceKeyOf } from '../../prometheus/trafficRows';

type State = Pick<SignalsService, 'state' | 'stateReason' | 'lastSeen'>;

const ACTIVITY_PARTS: ReadonlySet<string> = new Set(['requests', 'tcpOpened']);

/**
 * Tells traffic, idle, gone and never apart (golden-signals §3): zero, absent and "was there" are three facts.
 *
 * @param history - answer to `serviceHistory`
 * @param window - answer to `serviceWindow`: it is newer than the last step of a history that has only begun
 * @param service - `namespace/name`
 * @param end - epoch seconds of the last step
 * @param step - seconds
 * @param span - words for the span looked at, for example `2 hours`
 * @param scrapes - what is known of the scrapes of its pods
 */
export function trafficState(
  history: QueryResult,
  window: QueryResult,
  service: string,
  end: number,
  step: number,
  span: string,
  scrapes?: string,
): State {
  let lastSample = 0;
  let active = false;
  for (const { labels, samples } of history.series) {
    if (!ACTIVITY_PARTS.has(labels.part) || serviceKeyOf(labels) !== service) {
      continue;
    }
    for (const { at, value } of samples) {
      if (value === undefined) continue;
      lastSample = Math.max(lastSample, at);
      if (at >= end - step && value > 0) active = true;
    }
  }
  if (lastSample === 0) {
    if (isActiveIn(window, service)) {
      return {
        state: 'traffic',
        stateReason: 'Requests are arriving; their history has only begun',
      };
    }
    return {
      state: 'never',
      stateReason: `No traffic was recorded in the last ${span}: ${
        scrapes ?? 'no proxy reports this service, or nobody called it'
      }`,
    };
  }
  if (lastSample < end - step) {
    return {
      state: 'gone',
      stateReason: 'Its proxies reported traffic before and do so no longer',
      lastSeen: new Date(lastSample * 1000).toISOString(),
    };
  }
  return active
    ? { state: 'traffic', stateReason: 'Requests are arriving' }
    : {
        state: 'idle',
        stateReason: 'Its proxies report, and nobody calls it now',
      };
}

const WINDOW_PARTS: ReadonlySet<string> = new Set(['now', 'tcpOpened']);

function isActiveIn({ series }: QueryResult, service: string): boolean {
  return series.some(
    ({ labels, samples }) =>
      WINDOW_PARTS.has(labels.part) &&
      serviceKeyOf(labels) === service &&
      (samples[0]?.value ?? 0) > 0,
  );
}

/**
 * What the scrapes of a service's pods say about its silence.
 *
 * @param answer - to `podSaturation`
 * @param pods - `namespace/name` of its pods
 * @returns undefined where they say nothing: no target carries the names of these pods
 */
export function scrapeNote(
  { series }: QueryResult,
  pods: ReadonlySet<string>,
): string | undefined {
  const scraped = series.filter(
    ({ labels }) =>
      labels.part === 'scraped' &&
      pods.has(`${labels.namespace}/${labels.pod}`),
  );
  if (scraped.length === 0) return undefined;
  const failing = scraped.filter(({ samples }) => samples[0]?.value === 0);
  if (failing.length === 0) {
    return 'its pods are scraped, so nobody called it, no proxy is in the path, or a Telemetry disables its metrics';
  }
  return scraped.length === 1
    ? 'the scrape of its pod fails, so nothing can be known of it'
    : `the scrape of ${failing.length} of its ${scraped.length} pods fails, so nothing can be known of them`;
}
