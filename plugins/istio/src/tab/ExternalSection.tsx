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
  ExternalHost,
  ExternalView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  CompactTable,
  EmptyAnswer,
  FoldedViewCard,
  ProvenancePopover,
  Section,
  Stack,
  VerdictLine,
} from '../components';
import type { CompactColumn } from '../components';
import { counted, formatRate, nameOfObject } from '../format';
import { useExternal } from '../queries';
import { verdictsOfGroups, workloadGroups } from './workloadGroups';

type Answer = ExternalView['workloads'][number];

function usageWords({ use, requestsPerSecond }: ExternalHost): string {
  switch (use) {
    case 'seen':
      return requestsPerSecond === undefined
        ? 'called'
        : formatRate(requestsPerSecond);
    case 'not-seen':
      return 'not called';
    default:
      return 'not known';
  }
}

const COLUMNS: CompactColumn<ExternalHost>[] = [
  { title: 'Host', cell: ({ host }) => host },
  { title: 'Last hour', cell: usageWords },
  {
    title: 'Port',
    cell: ({ ports }) =>
      ports.map(({ port, protocol }) => `${port} ${protocol}`).join(', ') ||
      '–',
  },
  {
    title: 'How',
    wide: true,
    cell: ({ host, sentence, location, object, provenance, verdict }) => (
      <>
        {location === 'inside' && 'Part of the mesh; '}
        {sentence} ({nameOfObject(object)}){' '}
        <ProvenancePopover
          subject={`How ${host} is called`}
          facts={provenance ? [provenance] : []}
        />
        {(verdict.state === 'fail' || verdict.state === 'unknown') && (
          <VerdictLine verdict={verdict} />
        )}
      </>
    ),
  },
];

function Hosts(props: { answer: Answer; names: string }) {
  const { answer, names } = props;
  const hidden = answer.total - answer.hosts.length;
  return (
    <Stack tight>
      <div>
        {answer.outbound.sentence}{' '}
        <ProvenancePopover
          subject="Hosts that Istio does not know"
          facts={answer.outbound.provenance ? [answer.outbound.provenance] : []}
        />
      </div>
      {answer.hosts.length > 0 && (
        <CompactTable
          caption={`External hosts that ${names} knows`}
          columns={COLUMNS}
          rows={answer.hosts}
          keyOf={({ host, object }) => `${host} ${nameOfObject(object)}`}
        />
      )}
      {hidden > 0 && <div>{`${counted(hidden, 'more host')}, not called`}</div>}
    </Stack>
  );
}

/** Hosts outside the mesh that the workloads know and call, and what happens to all others. */
export function ExternalSection() {
  return (
    <FoldedViewCard
      title="External services"
      section="external"
      query={useExternal()}
      lines={2}
      metrics
      verdictsOf={({ workloads }) => verdictsOfGroups(workloads)}
    >
      {({ workloads }) =>
        workloads.length === 0 ? (
          <EmptyAnswer>
            This entity has no workload, so nothing calls out.
          </EmptyAnswer>
        ) : (
          <Stack>
            {workloadGroups(workloads).map(({ names, key, answer }) => (
              <Section key={key} title={`Called by ${names}`}>
                <Hosts answer={answer} names={names} />
              </Section>
            ))}
          </Stack>
        )
      }
    </FoldedViewCard>
  );
}
