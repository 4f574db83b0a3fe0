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
  MtlsCaller,
  MtlsPath,
  MtlsPort,
  MtlsView,
} from '@mesh-portal/backstage-plugin-istio-common';
import { MtlsPortAnswer } from '../cards/MtlsAnswer';
import { ObservedMtls } from '../cards/ObservedMtls';
import { nameOfCaller } from '../cards/plaintextCallers';
import {
  CompactTable,
  EmptyAnswer,
  EntityViewCard,
  PlainList,
  ProvenancePopover,
  Section,
  ServiceHeading,
  Stack,
  VerdictChip,
  VerdictLine,
} from '../components';
import type { CompactColumn } from '../components';
import {
  formatRate,
  formatShare,
  nameOfObject,
  PATH_OUTCOME_WORDS,
  TRANSPORT_WORDS,
} from '../format';
import { useMtls } from '../queries';

const PATH_COLUMNS: CompactColumn<MtlsPath>[] = [
  { title: 'Client', cell: path => path.client.label },
  { title: 'Sends', cell: path => TRANSPORT_WORDS[path.sends] },
  {
    title: 'Result',
    cell: path => (
      <VerdictChip
        state={path.verdict.state}
        label={PATH_OUTCOME_WORDS[path.outcome]}
      />
    ),
  },
  {
    title: 'Because',
    wide: true,
    cell: path => (
      <>
        {path.verdict.reason}{' '}
        <ProvenancePopover
          subject={path.verdict.reason}
          facts={
            path.provenance
              ? [path.provenance, ...path.verdict.facts]
              : path.verdict.facts
          }
        />
      </>
    ),
  },
];

const CALLER_COLUMNS: CompactColumn<MtlsCaller>[] = [
  { title: 'Caller', cell: nameOfCaller },
  { title: 'Identity', cell: caller => caller.principal ?? '–' },
  {
    title: 'Requests',
    cell: caller => formatRate(caller.requestsPerSecond),
    number: true,
  },
  {
    title: 'Connections',
    cell: caller => formatRate(caller.tcpConnectionsPerSecond),
    number: true,
  },
  {
    title: 'Mutual TLS',
    cell: caller => formatShare(caller.mutualTlsShare),
    number: true,
  },
];

function PortDetail(props: { port: MtlsPort }) {
  const { port } = props;
  return (
    <Stack>
      <MtlsPortAnswer port={port} />
      {port.verdict.state !== 'pass' && <VerdictLine verdict={port.verdict} />}
      {port.perWorkload.length > 1 && (
        <PlainList label={`Modes of port ${port.port} by workload`}>
          {port.perWorkload.map(({ workload, mode, by }) => (
            <li key={`${workload.kind} ${workload.name}`}>
              {`${workload.kind} ${workload.name}: ${mode}${
                by ? `, by ${nameOfObject(by.object)}` : ', by default'
              } `}
              <ProvenancePopover
                subject={`${mode} for ${workload.name}`}
                facts={by ? [by] : []}
              />
            </li>
          ))}
        </PlainList>
      )}
      {port.paths.length > 0 && (
        <CompactTable
          caption={`What clients send to port ${port.port}`}
          columns={PATH_COLUMNS}
          rows={port.paths}
          keyOf={path => `${path.client.cluster} ${path.client.id}`}
        />
      )}
    </Stack>
  );
}

function ServiceMtls(props: {
  answer: MtlsView['services'][number];
  window?: string;
}) {
  const { answer } = props;
  const callers = answer.observed?.callers ?? [];
  return (
    <>
      <VerdictLine strong verdict={answer.verdict} />
      {!answer.autoMtls && (
        <div>
          Auto mTLS is switched off in the mesh: clients send mutual TLS only
          where a DestinationRule says so.
        </div>
      )}
      {answer.observed && (
        <ObservedMtls observed={answer.observed} window={props.window} />
      )}
      {answer.ports.map(port => (
        <PortDetail key={port.port} port={port} />
      ))}
      {callers.length > 0 && (
        <Section title="Callers observed">
          <CompactTable
            caption="Callers and their share of mutual TLS"
            columns={CALLER_COLUMNS}
            rows={callers}
            keyOf={caller =>
              `${caller.namespace} ${caller.workload} ${caller.principal ?? ''}`
            }
          />
        </Section>
      )}
    </>
  );
}

/** Encryption in full: every port, every client, every caller. */
export function MtlsSection() {
  return (
    <EntityViewCard title="mTLS" query={useMtls()} lines={8} metrics>
      {({ services }, { observed }) =>
        services.length === 0 ? (
          <EmptyAnswer>
            This entity has no service, so no port that could be encrypted.
          </EmptyAnswer>
        ) : (
          services.map(answer => (
            <Stack key={`${answer.service.cluster} ${answer.service.host}`}>
              <ServiceHeading service={answer.service} of={services.length} />
              <ServiceMtls answer={answer} window={observed?.window} />
            </Stack>
          ))
        )
      }
    </EntityViewCard>
  );
}
