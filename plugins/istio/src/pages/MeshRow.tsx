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
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { MeshService } from '@mesh-portal/backstage-plugin-istio-common';
import { VerdictChip, VerdictIcon } from '../components';
import { SloCell } from '../slo';
import { counted, formatRate, formatShare, PROXY_WORDS } from '../format';

/** Columns of the table; header and rows share them. */
export const MESH_GRID = {
  display: 'grid',
  gridTemplateColumns:
    'minmax(150px, 2fr) minmax(150px, 3fr) 112px 112px 66px 58px 112px minmax(72px, 1fr)',
  columnGap: 12,
  minWidth: 0,
};

const useStyles = makeStyles<BackstageTheme>(theme => ({
  row: {
    position: 'absolute',
    top: 0,
    left: 0,
    width: '100%',
    boxSizing: 'border-box',
    padding: theme.spacing(1, 2),
    borderBottom: `1px solid ${theme.palette.divider}`,
    alignItems: 'center',
    ...MESH_GRID,
  },
  narrow: {
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    rowGap: theme.spacing(0.5),
  },
  wide: { gridColumn: '1 / -1' },
  cell: { minWidth: 0, overflow: 'hidden' },
  name: { fontWeight: 600, overflowWrap: 'anywhere' },
  subtle: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.caption.fontSize,
  },
  headline: {
    fontSize: theme.typography.caption.fontSize,
    color: theme.palette.text.primary,
  },
  nobody: { color: theme.palette.text.secondary },
  verdict: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    '& svg': { fontSize: '1.1rem', flexShrink: 0 },
    '& span': { minWidth: 0, overflowWrap: 'anywhere' },
  },
  number: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
}));

function ServiceName(props: { service: MeshService }) {
  const classes = useStyles();
  const { service, entityRef, proxy, pods } = props.service;
  const name = (
    <>
      {service.namespace}/<wbr />
      {service.name}
    </>
  );
  return (
    <>
      <div className={classes.name}>
        {entityRef ? (
          <EntityRefLink entityRef={entityRef} disableTooltip hideIcon>
            {name}
          </EntityRefLink>
        ) : (
          name
        )}
      </div>
      <div className={classes.subtle}>
        {`${service.cluster} · ${PROXY_WORDS[proxy]}, ${
          pods.inMesh
        } of ${counted(pods.total, 'pod')}`}
      </div>
    </>
  );
}

/** One service of the mesh. */
export function MeshRow(props: {
  service: MeshService;
  index: number;
  start: number;
  narrow: boolean;
  measure: (element: HTMLElement | null) => void;
}) {
  const classes = useStyles();
  const { service, index, start, narrow, measure } = props;
  const { mtls, authorization, owner } = service;
  const wide = narrow ? classes.wide : '';
  const number = narrow ? '' : classes.number;
  return (
    <div
      ref={measure}
      data-index={index}
      role="row"
      aria-rowindex={index + 2}
      className={`${classes.row} ${narrow ? classes.narrow : ''}`}
      style={{ transform: `translateY(${start}px)` }}
    >
      <div role="rowheader" className={`${classes.cell} ${wide}`}>
        <ServiceName service={service} />
      </div>
      <div role="cell" className={`${classes.cell} ${wide}`}>
        {service.state === 'pass' ? (
          <VerdictChip state="pass" />
        ) : (
          <div className={classes.verdict}>
            <VerdictIcon state={service.state} />
            <span className={classes.headline}>{service.headline}</span>
          </div>
        )}
      </div>
      <div role="cell" className={classes.cell} title={mtls.reason}>
        <div className={classes.verdict}>
          <VerdictIcon state={mtls.state} />
          <span>{service.mtlsSummary}</span>
        </div>
      </div>
      <div role="cell" className={classes.cell} title={authorization.reason}>
        <div className={classes.verdict}>
          <VerdictIcon state={authorization.state} />
          <span>{service.posture}</span>
        </div>
      </div>
      <div role="cell" className={number}>
        {formatRate(service.requestsPerSecond)}
      </div>
      <div role="cell" className={number}>
        {narrow && '5xx '}
        {formatShare(service.share5xx)}
      </div>
      <div role="cell" className={classes.cell}>
        <SloCell slo={service.slo} />
      </div>
      <div role="cell" className={`${classes.cell} ${wide}`}>
        {owner ? (
          <EntityRefLink entityRef={owner} hideIcon />
        ) : (
          <span className={classes.nobody}>nobody</span>
        )}
      </div>
    </div>
  );
}
