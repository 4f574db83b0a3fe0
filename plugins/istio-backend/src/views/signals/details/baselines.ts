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

import type { SignalBaseline } from '@mesh-portal/backstage-plugin-istio-common';
import type { QueryResult } from '../../../prometheus/response';
import { chosenReporter } from '../chosenReporter';
import { BEFORE, type NumberParts, signalNumbers } from '../signalNumbers';

const PAST = [
  { against: 'day', requests: 'requestsDay', suffix: 'Day', ago: 'a day' },
  { against: 'week', requests: 'requestsWeek', suffix: 'Week', ago: 'a week' },
] as const;

/**
 * What the service did before: in the window before, and in the same window a day and a week ago. Each with its own
 * reporter: a waypoint of today was not there last week.
 *
 * @param key - of the service, `namespace/name`
 * @param window - answer to `serviceWindow`; undefined where it has none
 * @param past - answer to `servicePast`, or why there is none
 */
export function baselines(
  key: string,
  window: QueryResult | undefined,
  past: QueryResult | string,
): SignalBaseline[] {
  return [
    window
      ? baseline(key, window, 'window', BEFORE, 'the window before')
      : unknown('window', 'The window before could not be asked'),
    ...PAST.map(({ against, ago, ...parts }) =>
      typeof past === 'string'
        ? unknown(against, past)
        : baseline(key, past, against, parts, `${ago} ago`),
    ),
  ];
}

function unknown(
  against: SignalBaseline['against'],
  reason: string,
): SignalBaseline {
  return { against, state: 'unknown', reason };
}

function baseline(
  key: string,
  answer: QueryResult,
  against: SignalBaseline['against'],
  parts: NumberParts,
  when: string,
): SignalBaseline {
  const { reporter } = chosenReporter(answer, key, {
    requests: parts.requests,
    opened: `tcpOpened${parts.suffix}`,
  });
  const numbers = signalNumbers(answer, key, reporter, parts);
  return numbers && reporter
    ? { against, state: 'available', reporter, numbers }
    : {
        against,
        state: 'no-baseline',
        reason: `Nothing was counted in ${when}: the service is younger, nobody called it, or metrics are not kept for so long`,
      };
}
