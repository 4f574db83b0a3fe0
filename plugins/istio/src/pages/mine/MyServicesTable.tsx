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

import { makeStyles } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import { Link } from '@backstage/core-components';
import {
  EntityRefLink,
  useEntityRefLink,
} from '@backstage/plugin-catalog-react';
import type { MyService } from '@mesh-portal/backstage-plugin-istio-common';
import { TRIAGE_TAB_PATH, VerdictIcon } from '../../components';
import {
  formatMilliseconds,
  formatRate,
  formatShare,
  NO_NUMBER,
  VERDICT_WORDS,
} from '../../format';
import { SloCell } from '../../slo';

const useStyles = makeStyles<BackstageTheme>(theme => ({
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    fontSize: theme.typography.body2.fontSize,
    '& th, & td': {
      textAlign: 'left',
      verticalAlign: 'top',
      padding: theme.spacing(1),
      borderBottom: `1px solid ${theme.palette.divider}`,
    },
    '& thead th': { color: theme.palette.text.secondary, fontWeight: 600 },
    [theme.breakpoints.down('sm')]: {
      '& thead': {
        position: 'absolute',
        width: 1,
        height: 1,
        overflow: 'hidden',
        clipPath: 'inset(50%)',
      },
      '& tr': {
        display: 'grid',
        gridTemplateColumns: '1fr 1fr',
        padding: theme.spacing(1, 0),
        borderBottom: `1px solid ${theme.palette.divider}`,
      },
      '& th, & td': { border: 0, padding: theme.spacing(0.25, 1) },
      '& td[data-title]::before': {
        content: 'attr(data-title) " "',
        color: theme.palette.text.secondary,
      },
    },
  },
  wide: { [theme.breakpoints.down('sm')]: { gridColumn: '1 / -1' } },
  number: {
    '&&': { textAlign: 'right' },
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
    [theme.breakpoints.down('sm')]: { '&&': { textAlign: 'left' } },
  },
  name: { fontWeight: 600, overflowWrap: 'anywhere' },
  subtle: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.caption.fontSize,
    fontWeight: 400,
  },
  state: {
    display: 'flex',
    gap: theme.spacing(0.75),
    '& svg': { fontSize: '1.25rem', flexShrink: 0 },
    '& span': { minWidth: 0, overflowWrap: 'anywhere' },
  },
}));

const THEN = { '1h': 'an hour ago', '1d': 'a day ago' } as const;

function Row(props: { row: MyService; latency: 'loading' | 'there' }) {
  const classes = useStyles();
  const entityLink = useEntityRefLink();
  const { row, latency } = props;
  const { service, entityRef, owner, change, state } = row;
  return (
    <tr>
      <th scope="row" className={classes.wide}>
        <div className={classes.name}>
          <EntityRefLink entityRef={entityRef} hideIcon />
        </div>
        <div className={classes.subtle}>
          {`${service.cluster} · ${service.namespace}/${service.name}`}
        </div>
        <div className={classes.subtle}>
          <EntityRefLink entityRef={owner} hideIcon />
        </div>
      </th>
      <td className={classes.wide}>
        <div className={classes.state}>
          <VerdictIcon state={state} />
          <span>
            {`${VERDICT_WORDS[state]}: ${row.headline}`}
            <div>
              <Link to={`${entityLink(entityRef)}${TRIAGE_TAB_PATH}`}>
                {`Triage of ${service.name}`}
              </Link>
            </div>
          </span>
        </div>
      </td>
      <td data-title="Requests" className={classes.number}>
        {formatRate(row.requestsPerSecond)}
      </td>
      <td data-title="Errors" className={classes.number}>
        {formatShare(row.errorShare)}
        {change && (
          <div className={classes.subtle}>
            {`${formatShare(change.errorShareBefore)} ${THEN[change.moment]}`}
          </div>
        )}
      </td>
      <td data-title="SLO">
        <SloCell slo={row.slo} />
      </td>
      <td data-title="p95" className={classes.number}>
        {latency === 'loading' ? '…' : p95Words(row.p95)}
      </td>
    </tr>
  );
}

function p95Words(p95: number | undefined): string {
  return p95 === undefined ? NO_NUMBER : formatMilliseconds(p95);
}

/** The services of a user, in the order of the back end: worst first. */
export function MyServicesTable(props: {
  services: MyService[];
  latency: 'loading' | 'there';
}) {
  const classes = useStyles();
  return (
    <table className={classes.table} aria-label="My services, worst first">
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">State</th>
          <th scope="col" className={classes.number}>
            Requests
          </th>
          <th scope="col" className={classes.number}>
            Errors
          </th>
          <th scope="col">SLO</th>
          <th scope="col" className={classes.number}>
            p95
          </th>
        </tr>
      </thead>
      <tbody>
        {props.services.map(row => (
          <Row
            key={`${row.service.cluster} ${row.service.host}`}
            row={row}
            latency={props.latency}
          />
        ))}
      </tbody>
    </table>
  );
}
