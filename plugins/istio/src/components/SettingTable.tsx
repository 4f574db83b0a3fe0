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

import type { EffectiveSetting } from '@mesh-portal/backstage-plugin-istio-common';
import { CompactTable } from './CompactTable';
import type { CompactColumn } from './CompactTable';
import { ProvenancePopover } from './ProvenancePopover';

const COLUMNS: CompactColumn<EffectiveSetting>[] = [
  { title: 'Setting', cell: ({ setting }) => setting },
  { title: 'In effect', cell: ({ value }) => value },
  {
    title: 'From',
    cell: ({ setting, value, from, isDefault, provenance }) => (
      <>
        {from ?? (isDefault ? 'Default' : '–')}{' '}
        <ProvenancePopover
          subject={`${setting}: ${value}`}
          facts={provenance ? [provenance] : []}
        />
      </>
    ),
  },
];

/**
 * Settings with the value in effect and where each is inherited from.
 *
 * @param props.caption - what they act on, for screen readers
 */
export function SettingTable(props: {
  caption: string;
  settings: EffectiveSetting[];
}) {
  return (
    <CompactTable
      caption={props.caption}
      columns={COLUMNS}
      rows={props.settings}
      keyOf={({ setting, from }) => `${setting} ${from ?? ''}`}
    />
  );
}
