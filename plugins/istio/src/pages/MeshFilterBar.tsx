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

import { useId } from 'react';
import FormControl from '@material-ui/core/FormControl';
import InputLabel from '@material-ui/core/InputLabel';
import NativeSelect from '@material-ui/core/NativeSelect';
import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';
import { VERDICT_WORDS } from '../format';
import { NO_OWNER, VERDICT_STATES } from './meshFilters';
import type { MeshFilterChoices, MeshFilters } from './meshFilters';

const useStyles = makeStyles(theme => ({
  bar: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(130px, 1fr))',
    gap: theme.spacing(2),
    alignItems: 'end',
    '& > :first-child': {
      [theme.breakpoints.down('xs')]: { gridColumn: '1 / -1' },
    },
  },
}));

interface Choice {
  value: string;
  label: string;
}

function Select(props: {
  label: string;
  value: string | undefined;
  choices: Choice[];
  onChange: (value: string | undefined) => void;
}) {
  const id = useId();
  const { label, value, choices, onChange } = props;
  const missing = value !== undefined && !choices.some(c => c.value === value);
  return (
    <FormControl fullWidth>
      <InputLabel htmlFor={id} shrink>
        {label}
      </InputLabel>
      <NativeSelect
        id={id}
        value={value ?? ''}
        onChange={event => onChange(event.target.value || undefined)}
      >
        <option value="">All</option>
        {missing && <option value={value}>{`${value} (none)`}</option>}
        {choices.map(choice => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </NativeSelect>
    </FormControl>
  );
}

function plain(values: string[]): Choice[] {
  return values.map(value => ({ value, label: value }));
}

/** Narrows the table: words, state, cluster, namespace, owner. */
export function MeshFilterBar(props: {
  filters: MeshFilters;
  choices: MeshFilterChoices;
  onChange: (name: keyof MeshFilters, value: string | undefined) => void;
}) {
  const classes = useStyles();
  const searchId = useId();
  const { filters, choices, onChange } = props;
  return (
    <div className={classes.bar} role="search" aria-label="Filter services">
      <TextField
        id={searchId}
        label="Search"
        type="search"
        placeholder="name, owner, problem"
        InputLabelProps={{ shrink: true }}
        value={filters.text ?? ''}
        onChange={event => onChange('text', event.target.value || undefined)}
      />
      <Select
        label="State"
        value={filters.state}
        choices={VERDICT_STATES.map(state => ({
          value: state,
          label: `${VERDICT_WORDS[state]} (${choices.states.get(state) ?? 0})`,
        }))}
        onChange={value => onChange('state', value)}
      />
      <Select
        label="Cluster"
        value={filters.cluster}
        choices={plain(choices.clusters)}
        onChange={value => onChange('cluster', value)}
      />
      <Select
        label="Namespace"
        value={filters.namespace}
        choices={plain(choices.namespaces)}
        onChange={value => onChange('namespace', value)}
      />
      <Select
        label="Owner"
        value={filters.owner}
        choices={choices.owners.map(owner => ({
          value: owner,
          label: owner === NO_OWNER ? 'nobody' : owner,
        }))}
        onChange={value => onChange('owner', value)}
      />
    </div>
  );
}
