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
import type { TriageCell } from '@mesh-portal/backstage-plugin-istio-common';
import { CompactTable } from '../../components';
import { formatRate, formatShare } from '../../format';

function Caller(props: { cell: TriageCell }) {
  const { caller, callerNamespace, callerEntityRef } = props.cell;
  const name =
    caller === 'unknown'
      ? 'a caller without a proxy'
      : `${callerNamespace}/${caller}`;
  return callerEntityRef ? (
    <EntityRefLink entityRef={callerEntityRef} title={name} hideIcon />
  ) : (
    <>{name}</>
  );
}

function signed(rate: number): string {
  return rate > 0 ? `+${formatRate(rate)}` : formatRate(rate);
}

/** What changed, by caller, version and outcome, the largest part first. */
export function TriageCells(props: { cells: TriageCell[]; then?: string }) {
  const { cells, then } = props;
  const base =
    then === undefined ? 'Then' : `${then[0].toUpperCase()}${then.slice(1)}`;
  return (
    <CompactTable
      caption="Errors by caller, version and outcome"
      columns={[
        { title: 'Caller', cell: (cell: TriageCell) => <Caller cell={cell} /> },
        {
          title: 'Version',
          cell: (cell: TriageCell) =>
            cell.version === 'unknown' ? 'reached none' : cell.version,
        },
        {
          title: 'Outcome',
          cell: (cell: TriageCell) =>
            `${cell.code}, ${cell.how}${
              cell.flag === '-' || cell.flag === '' ? '' : ` (${cell.flag})`
            }`,
        },
        {
          title: 'Now',
          cell: (cell: TriageCell) => formatRate(cell.now),
          number: true,
        },
        {
          title: base,
          cell: (cell: TriageCell) => formatRate(cell.base),
          number: true,
        },
        {
          title: 'Change',
          cell: (cell: TriageCell) => signed(cell.delta),
          number: true,
        },
        {
          title: 'Part',
          cell: (cell: TriageCell) => formatShare(cell.share),
          number: true,
        },
      ]}
      rows={cells}
      keyOf={cell =>
        [
          cell.seenBy,
          cell.callerNamespace,
          cell.caller,
          cell.version,
          cell.code,
          cell.flag,
        ].join(' ')
      }
    />
  );
}
