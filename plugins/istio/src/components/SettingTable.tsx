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

import { Fragment } from 'react';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { useTheme } from '@material-ui/core/styles';
import type { EffectiveSetting } from '@mesh-portal/backstage-plugin-istio-common';
import { CompactTable } from './CompactTable';
import type { CompactColumn } from './CompactTable';
import { ProvenancePopover } from './ProvenancePopover';

/** Where a value is inherited from, and why. */
function Origin(props: { of: EffectiveSetting }) {
  const { setting, value, from, isDefault, provenance } = props.of;
  return (
    <>
      {from ?? (isDefault ? 'Default' : '–')}{' '}
      <ProvenancePopover
        subject={`${setting}: ${value}`}
        facts={provenance ? [provenance] : []}
      />
    </>
  );
}

/** `outlierDetection.interval`, which may break after each dot. */
function SettingName(props: { setting: string }) {
  const parts = props.setting.split('.');
  return (
    <>
      {parts.map((part, index) => (
        <Fragment key={parts.slice(0, index + 1).join('.')}>
          {index > 0 && (
            <>
              .<wbr />
            </>
          )}
          {part}
        </Fragment>
      ))}
    </>
  );
}

const SETTING: CompactColumn<EffectiveSetting> = {
  title: 'Setting',
  cell: ({ setting }) => <SettingName setting={setting} />,
};

const COLUMNS: CompactColumn<EffectiveSetting>[] = [
  SETTING,
  { title: 'In effect', cell: ({ value }) => value },
  { title: 'From', cell: setting => <Origin of={setting} /> },
];

/** On a phone, where three columns do not fit. */
const NARROW_COLUMNS: CompactColumn<EffectiveSetting>[] = [
  SETTING,
  {
    title: 'In effect, and from where',
    cell: setting => (
      <>
        <div>{setting.value}</div>
        <Origin of={setting} />
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
  const narrow = useMediaQuery(useTheme().breakpoints.down('xs'));
  return (
    <CompactTable
      caption={props.caption}
      columns={narrow ? NARROW_COLUMNS : COLUMNS}
      rows={props.settings}
      keyOf={({ setting, from }) => `${setting} ${from ?? ''}`}
    />
  );
}
