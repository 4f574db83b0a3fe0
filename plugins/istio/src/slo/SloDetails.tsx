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
  SloObjective,
  SloService,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  CompactTable,
  FactGrid,
  Notice,
  PlainList,
  Section,
  Stack,
  VerdictLine,
} from '../components';
import { formatNumber, formatShare } from '../format';
import { budgetWords, formatBurn, outcomeWords } from './sloWords';

type Window = SloObjective['windows'][number];
type Condition = SloObjective['conditions'][number];

function ObjectiveDetails(props: { objective: SloObjective; slo: SloService }) {
  const { objective, slo } = props;
  return (
    <Stack tight>
      <VerdictLine verdict={objective.verdict} />
      <FactGrid
        facts={[
          {
            label: 'Objective',
            value: `${objective.words} over ${slo.period}`,
          },
          { label: 'From', value: slo.originWords },
          {
            label: 'Measured',
            value:
              slo.view === 'client'
                ? 'as clients see it, with what never arrives'
                : `at the service (${slo.reporter})`,
          },
          slo.exclude.length > 0
            ? { label: 'Left out', value: slo.exclude.join(', ') }
            : undefined,
          objective.note
            ? { label: 'Threshold', value: objective.note }
            : undefined,
          { label: 'Budget', value: budgetWords(objective.budget) },
        ]}
      />
      <CompactTable
        caption={`Burn of ${objective.words}`}
        columns={[
          { title: 'Window', cell: (row: Window) => row.window },
          {
            title: 'Burn',
            cell: (row: Window) => formatBurn(row.burn),
            number: true,
          },
          {
            title: 'Bad',
            cell: (row: Window) => formatShare(row.errorShare),
            number: true,
          },
          {
            title: 'Requests',
            cell: (row: Window) => formatNumber(row.requests),
            number: true,
          },
        ]}
        rows={objective.windows}
        keyOf={row => row.window}
      />
      <CompactTable
        caption={`When ${objective.words} burns too fast`}
        columns={[
          {
            title: 'Both windows',
            cell: (row: Condition) => `${row.long} and ${row.short}`,
          },
          {
            title: 'Above',
            cell: (row: Condition) => formatBurn(row.factor),
            number: true,
          },
          { title: 'Now', cell: (row: Condition) => outcomeWords(row.outcome) },
        ]}
        rows={objective.conditions}
        keyOf={row => row.long}
      />
    </Stack>
  );
}

/** The objectives of a service in full: windows, conditions, budget, and where the target comes from. */
export function SloDetails(props: { slo: SloService }) {
  const { slo } = props;
  return (
    <Section title="Objectives (SLO)">
      <Stack>
        {slo.origin === 'invalid' && (
          <Notice severity="warning" title="The objective cannot be read">
            {slo.originWords}
          </Notice>
        )}
        {slo.objectives.map(objective => (
          <ObjectiveDetails
            key={objective.indicator}
            objective={objective}
            slo={slo}
          />
        ))}
        {slo.origin !== 'invalid' && slo.problems.length > 0 && (
          <PlainList label="What is missing">
            {slo.problems.map(problem => (
              <li key={problem}>{problem}</li>
            ))}
          </PlainList>
        )}
      </Stack>
    </Section>
  );
}
