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
import { makeStyles } from '@material-ui/core/styles';
import type { ClientRef } from '@mesh-portal/backstage-plugin-istio-common';

const useStyles = makeStyles({ select: { maxWidth: 400 } });

/** Chooses the caller whose view of the routes is shown: routes depend on who calls. */
export function ClientSelect(props: {
  client: ClientRef;
  clients: ClientRef[];
  onChange: (id: string) => void;
  label?: string;
}) {
  const { client, clients, onChange, label = 'As seen by' } = props;
  const classes = useStyles();
  const id = useId();
  const choices = clients.some(choice => choice.id === client.id)
    ? clients
    : [client, ...clients];
  return (
    <FormControl fullWidth className={classes.select}>
      <InputLabel htmlFor={id}>{label}</InputLabel>
      <NativeSelect
        id={id}
        value={client.id}
        onChange={event => onChange(event.target.value)}
      >
        {choices.map(choice => (
          <option key={choice.id} value={choice.id}>
            {choice.gateway ? `${choice.label} (gateway)` : choice.label}
          </option>
        ))}
      </NativeSelect>
    </FormControl>
  );
}
