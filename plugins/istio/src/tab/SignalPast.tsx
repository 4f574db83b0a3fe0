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
  SignalBaseline,
  SignalNumbers,
} from '@mesh-portal/backstage-plugin-istio-common';
import { CompactTable, PlainList, Section } from '../components';
import {
  beforeInWords,
  formatByteRate,
  formatMilliseconds,
  formatRate,
  formatShare,
  NO_NUMBER,
} from '../format';

interface PastRow {
  title: string;
  of: (numbers: SignalNumbers) => string | undefined;
}

function row(
  title: string,
  value: (numbers: SignalNumbers) => number | undefined,
  format: (value: number | undefined) => string,
): PastRow {
  return {
    title,
    of: numbers => {
      const found = value(numbers);
      return found === undefined ? undefined : format(found);
    },
  };
}

const ROWS: PastRow[] = [
  row('Requests', n => n.requestsPerSecond, formatRate),
  row('5xx', n => n.share5xx, formatShare),
  row('4xx', n => n.share4xx, formatShare),
  row('No response', n => n.shareNoResponse, formatShare),
  row('gRPC faults', n => n.shareGrpcErrors, formatShare),
  row('Never arrived', n => n.clientOnlyFailuresPerSecond, formatRate),
  row('p50', n => n.latency?.p50, formatMilliseconds),
  row('p95', n => n.latency?.p95, formatMilliseconds),
  row('p99', n => n.latency?.p99, formatMilliseconds),
  row('Request bytes', n => n.requestBytesPerSecond, formatByteRate),
  row('Response bytes', n => n.responseBytesPerSecond, formatByteRate),
  row('Connections', n => n.tcp?.connectionsOpenedPerSecond, formatRate),
];

const WORDS: Record<SignalBaseline['state'], string> = {
  available: '',
  'no-baseline': 'no baseline',
  unknown: 'not known',
};

function titleOf(baseline: SignalBaseline, window: string): string {
  const titles = {
    window: `The ${beforeInWords(window)}`,
    day: 'A day before',
    week: 'A week before',
  };
  return titles[baseline.against];
}

/** The numbers of now beside those of the window, the day and the week before. */
export function SignalPast(props: {
  current: SignalNumbers;
  baselines: SignalBaseline[];
  window: string;
}) {
  const { current, baselines, window } = props;
  const all = [current, ...baselines.flatMap(each => each.numbers ?? [])];
  const rows = ROWS.filter(each =>
    all.some(numbers => each.of(numbers) !== undefined),
  );
  const without = baselines.filter(each => each.reason !== undefined);
  return (
    <Section title="Compared with the past">
      <CompactTable
        caption="Numbers of now and of the past"
        columns={[
          { title: 'Signal', cell: each => each.title },
          {
            title: 'Now',
            cell: each => each.of(current) ?? NO_NUMBER,
            number: true,
          },
          ...baselines.map(baseline => ({
            title: titleOf(baseline, window),
            cell: (each: PastRow) =>
              baseline.numbers
                ? each.of(baseline.numbers) ?? NO_NUMBER
                : WORDS[baseline.state],
            number: true,
          })),
        ]}
        rows={rows}
        keyOf={each => each.title}
      />
      {without.length > 0 && (
        <PlainList label="Why there is no baseline">
          {without.map(each => (
            <li key={each.against}>
              {`${titleOf(each, window)}: ${each.reason}`}
            </li>
          ))}
        </PlainList>
      )}
    </Section>
  );
}
