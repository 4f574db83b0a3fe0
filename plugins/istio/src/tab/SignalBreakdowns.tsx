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

import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { SignalsService } from '@mesh-portal/backstage-plugin-istio-common';
import { CompactTable, EmptyAnswer, Section } from '../components';
import type { CompactColumn } from '../components';
import {
  formatMilliseconds,
  formatNumber,
  formatRate,
  formatShare,
} from '../format';
import { nameOfCaller } from '../cards/plaintextCallers';

type Row<K extends 'byCode' | 'byGrpcStatus' | 'byVersion' | 'byCaller'> =
  SignalsService[K][number];
type Container = SignalsService['saturation']['containers'][number];

const CODE_COLUMNS: CompactColumn<Row<'byCode'>>[] = [
  { title: 'Code', cell: row => row.code },
  { title: 'Meaning', cell: row => row.words },
  {
    title: 'Rate',
    cell: row => formatRate(row.requestsPerSecond),
    number: true,
  },
  { title: 'Share', cell: row => formatShare(row.share), number: true },
];

const FAULT_WORDS: Record<Row<'byGrpcStatus'>['fault'], string> = {
  none: '',
  server: 'of the server',
  caller: 'of the caller',
};

const GRPC_COLUMNS: CompactColumn<Row<'byGrpcStatus'>>[] = [
  { title: 'Status', cell: row => `${row.status} ${row.name}` },
  { title: 'Fault', cell: row => FAULT_WORDS[row.fault] },
  {
    title: 'Rate',
    cell: row => formatRate(row.requestsPerSecond),
    number: true,
  },
  { title: 'Share', cell: row => formatShare(row.share), number: true },
];

const VERSION_COLUMNS: CompactColumn<Row<'byVersion'>>[] = [
  { title: 'Version', cell: row => row.version },
  {
    title: 'Rate',
    cell: row => formatRate(row.requestsPerSecond),
    number: true,
  },
  { title: '5xx', cell: row => formatShare(row.share5xx), number: true },
  { title: 'p95', cell: row => formatMilliseconds(row.p95), number: true },
];

const CALLER_COLUMNS: CompactColumn<Row<'byCaller'>>[] = [
  {
    title: 'Caller',
    cell: row =>
      row.entityRef ? (
        <EntityRefLink entityRef={row.entityRef} title={nameOfCaller(row)} />
      ) : (
        nameOfCaller(row)
      ),
  },
  {
    title: 'Rate',
    cell: row => formatRate(row.requestsPerSecond),
    number: true,
  },
  { title: '5xx', cell: row => formatShare(row.share5xx), number: true },
];

const CONTAINER_COLUMNS: CompactColumn<Container>[] = [
  { title: 'Container', cell: row => `${row.container} in ${row.pod}` },
  {
    title: 'CPU of limit',
    cell: row => formatShare(row.cpuOfLimit),
    number: true,
  },
  {
    title: 'Memory of limit',
    cell: row => formatShare(row.memoryOfLimit),
    number: true,
  },
  {
    title: 'Throttled',
    cell: row => formatShare(row.throttledShare),
    number: true,
  },
  {
    title: 'Restarts, 1 h',
    cell: row => formatNumber(row.restarts),
    number: true,
  },
  { title: 'Remark', cell: row => row.note ?? '' },
];

/** What the totals consist of: codes, versions, callers, containers. */
export function SignalBreakdowns(props: { service: SignalsService }) {
  const { byCode, byGrpcStatus, byVersion, byCaller, saturation } =
    props.service;
  return (
    <>
      {byCode.length > 0 && (
        <Section title="By response code">
          <CompactTable
            caption="Requests by response code"
            columns={CODE_COLUMNS}
            rows={byCode}
            keyOf={row => row.code}
          />
        </Section>
      )}
      {byGrpcStatus.length > 0 && (
        <Section title="By gRPC status">
          <CompactTable
            caption="gRPC requests by status"
            columns={GRPC_COLUMNS}
            rows={byGrpcStatus}
            keyOf={row => row.status}
          />
        </Section>
      )}
      {byVersion.length > 0 && (
        <Section title="By version">
          <CompactTable
            caption="Requests by version"
            columns={VERSION_COLUMNS}
            rows={byVersion}
            keyOf={row => row.version}
          />
        </Section>
      )}
      {byCaller.length > 0 && (
        <Section title="By caller">
          <CompactTable
            caption="Requests by caller"
            columns={CALLER_COLUMNS}
            rows={byCaller}
            keyOf={row => `${row.namespace}/${row.workload}`}
          />
        </Section>
      )}
      <Section title="Saturation">
        {saturation.containers.length > 0 ? (
          <CompactTable
            caption="Containers and their limits"
            columns={CONTAINER_COLUMNS}
            rows={saturation.containers}
            keyOf={row => `${row.pod} ${row.container}`}
          />
        ) : (
          <EmptyAnswer>
            {saturation.reason ?? 'There are no container metrics.'}
          </EmptyAnswer>
        )}
      </Section>
    </>
  );
}
