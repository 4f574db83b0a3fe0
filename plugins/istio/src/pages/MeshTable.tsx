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

import { useRef } from 'react';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { MeshService } from '@mesh-portal/backstage-plugin-istio-common';
import { MeshRow, MESH_GRID } from './MeshRow';
import type { MeshColumn, MeshOrder } from './meshOrder';

const ROW_HEIGHT = 64;
const NARROW_ROW_HEIGHT = 168;

const TITLES: Record<MeshColumn, string> = {
  state: 'State',
  service: 'Service',
  mtls: 'mTLS',
  authorization: 'Authorization',
  rate: 'Requests',
  errors: '5xx',
  slo: 'SLO',
  owner: 'Owner',
};

const SHOWN: MeshColumn[] = [
  'service',
  'state',
  'mtls',
  'authorization',
  'rate',
  'errors',
  'slo',
  'owner',
];

const useStyles = makeStyles<BackstageTheme>(theme => ({
  scroll: {
    height: 'max(360px, calc(100vh - 330px))',
    overflow: 'auto',
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    background: theme.palette.background.paper,
    fontFamily: theme.typography.fontFamily,
    fontSize: theme.typography.body2.fontSize,
    color: theme.palette.text.primary,
  },
  header: {
    ...MESH_GRID,
    position: 'sticky',
    top: 0,
    zIndex: 1,
    background: theme.palette.background.paper,
    borderBottom: `2px solid ${theme.palette.divider}`,
    padding: theme.spacing(1, 2),
  },
  narrowHeader: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 1.5),
  },
  sort: {
    font: 'inherit',
    fontWeight: 600,
    color: theme.palette.text.primary,
    background: 'none',
    border: 0,
    padding: 0,
    cursor: 'pointer',
    textAlign: 'left',
    '&:focus-visible': { outline: `2px solid ${theme.palette.link}` },
  },
  number: { textAlign: 'right' },
  body: { position: 'relative', width: '100%' },
}));

/** What scrolls must be reachable with the keyboard. */
const FOCUSABLE = { tabIndex: 0 };

const NUMBERS: MeshColumn[] = ['rate', 'errors'];

/** Columns whose first click shows the most. */
const MOST_FIRST: MeshColumn[] = [...NUMBERS, 'slo'];

function ariaSort(column: MeshColumn, order: MeshOrder) {
  if (order.column !== column) {
    return 'none';
  }
  const firstIsDescending = MOST_FIRST.includes(column);
  return order.reversed === firstIsDescending ? 'ascending' : 'descending';
}

/** The arrow beside the column the table is sorted by: down for the natural order, up for its reverse. */
function arrow(column: MeshColumn, order: MeshOrder): string {
  if (order.column !== column) {
    return '';
  }
  return order.reversed ? ' ▲' : ' ▼';
}

/** Services as rows, of which only those in sight are in the document. */
export function MeshTable(props: {
  services: MeshService[];
  order: MeshOrder;
  onOrder: (order: MeshOrder) => void;
}) {
  const classes = useStyles();
  const theme = useTheme<BackstageTheme>();
  const narrow = useMediaQuery(theme.breakpoints.down('sm'));
  const scroll = useRef<HTMLDivElement>(null);
  const { services, order, onOrder } = props;
  const rows = useVirtualizer({
    count: services.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (narrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT),
    overscan: 8,
    // A window to draw into before the element is measured, and where nothing is ever measured.
    initialRect: { width: 1024, height: 640 },
  });
  return (
    <div
      ref={scroll}
      className={classes.scroll}
      role="table"
      aria-label="Services of the mesh"
      aria-rowcount={services.length + 1}
      {...FOCUSABLE}
    >
      <div role="rowgroup">
        <div
          role="row"
          aria-rowindex={1}
          className={`${classes.header} ${narrow ? classes.narrowHeader : ''}`}
        >
          {SHOWN.map(column => (
            <div
              key={column}
              role="columnheader"
              aria-sort={ariaSort(column, order)}
              className={
                NUMBERS.includes(column) && !narrow ? classes.number : undefined
              }
            >
              <button
                type="button"
                className={classes.sort}
                onClick={() =>
                  onOrder({
                    column,
                    reversed: order.column === column && !order.reversed,
                  })
                }
              >
                {TITLES[column]}
                <span aria-hidden>{arrow(column, order)}</span>
              </button>
            </div>
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        className={classes.body}
        style={{ height: rows.getTotalSize() }}
      >
        {rows.getVirtualItems().map(item => (
          <MeshRow
            key={item.key}
            service={services[item.index]}
            index={item.index}
            start={item.start}
            narrow={narrow}
            measure={rows.measureElement}
          />
        ))}
      </div>
    </div>
  );
}
