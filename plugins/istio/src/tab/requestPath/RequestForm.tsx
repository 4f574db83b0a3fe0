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

import { useId, useState } from 'react';
import Button from '@material-ui/core/Button';
import FormControl from '@material-ui/core/FormControl';
import InputLabel from '@material-ui/core/InputLabel';
import NativeSelect from '@material-ui/core/NativeSelect';
import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';
import type { RequestPathView } from '@mesh-portal/backstage-plugin-istio-common';
import type { AskedRequest } from '../../api';

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
] as const;

const useStyles = makeStyles(theme => ({
  form: {
    display: 'grid',
    // Hosts and paths are long: the host takes what the others leave, the path a line.
    gridTemplateColumns: 'minmax(0, 1fr) 110px 110px',
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: 'repeat(2, minmax(0, 1fr))',
    },
    gap: theme.spacing(1.5),
    alignItems: 'end',
    maxWidth: 860,
  },
  wide: { gridColumn: '1 / -1' },
  host: { [theme.breakpoints.down('xs')]: { gridColumn: '1 / -1' } },
}));

const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\s*:/;

/** The first line that is no header; undefined when all are. */
function wrongHeader(headers: string): string | undefined {
  return headers
    .split('\n')
    .find(line => line.trim() !== '' && !HEADER.test(line.trim()));
}

type Answered = RequestPathView['services'][number]['request'];

function textOf({ host, port, method, path, headers }: Answered) {
  return {
    host,
    port: String(port),
    method,
    path,
    headers: headers.map(({ name, value }) => `${name}: ${value}`).join('\n'),
  };
}

/**
 * The request whose way is asked for. Nothing is asked before the form is sent.
 *
 * @param props.answered - the request the shown way is of
 */
export function RequestForm(props: {
  answered: Answered;
  onAsk: (request: AskedRequest) => void;
}) {
  const { answered, onAsk } = props;
  const classes = useStyles();
  const id = useId();
  const [changed, setChanged] = useState<AskedRequest>({});
  const shown = { ...textOf(answered), ...changed };
  const wrong = wrongHeader(shown.headers);
  const set = (name: keyof AskedRequest) => (value: string) =>
    setChanged(before => ({ ...before, [name]: value }));
  const field = (name: keyof AskedRequest, label: string) => ({
    id: `${id}-${name}`,
    label,
    value: shown[name],
    onChange: (event: { target: { value: string } }) =>
      set(name)(event.target.value),
    InputLabelProps: { shrink: true },
  });
  return (
    <form
      className={classes.form}
      onSubmit={event => {
        event.preventDefault();
        if (wrong !== undefined) {
          return;
        }
        const { headers, ...rest } = shown;
        onAsk({ ...rest, ...(headers.trim() !== '' && { headers }) });
      }}
    >
      <TextField {...field('host', 'Host')} className={classes.host} required />
      <TextField
        {...field('port', 'Port')}
        type="number"
        required
        inputProps={{ min: 1, max: 65535 }}
      />
      <FormControl>
        <InputLabel htmlFor={`${id}-method`} shrink>
          Method
        </InputLabel>
        <NativeSelect
          id={`${id}-method`}
          value={shown.method}
          onChange={event => set('method')(event.target.value)}
        >
          {METHODS.map(method => (
            <option key={method} value={method}>
              {method}
            </option>
          ))}
        </NativeSelect>
      </FormControl>
      <TextField
        {...field('path', 'Path')}
        className={classes.wide}
        required
        inputProps={{ pattern: '/.*', title: 'A path begins with /' }}
      />
      <TextField
        {...field('headers', 'Headers, one a line')}
        className={classes.wide}
        multiline
        minRows={1}
        placeholder="end-user: jason"
        error={wrong !== undefined}
        helperText={
          wrong === undefined
            ? undefined
            : `“${wrong}” is no header: write name: value`
        }
      />
      <div className={classes.wide}>
        <Button type="submit" variant="outlined" size="small">
          Show the way
        </Button>
      </div>
    </form>
  );
}
