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

import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import { VisuallyHidden } from './VisuallyHidden';

const useStyles = makeStyles(theme => ({
  // Shades at the sides tell that there is more; covers that move with the content hide them at its ends.
  scroll: {
    overflowX: 'auto',
    background: [
      `linear-gradient(to right, ${theme.palette.background.paper} 30%, transparent) left / 40px 100% no-repeat local`,
      `linear-gradient(to left, ${theme.palette.background.paper} 30%, transparent) right / 40px 100% no-repeat local`,
      `linear-gradient(to right, ${theme.palette.action.disabled}, transparent) left / 14px 100% no-repeat scroll`,
      `linear-gradient(to left, ${theme.palette.action.disabled}, transparent) right / 14px 100% no-repeat scroll`,
    ].join(', '),
  },
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    '& th, & td': {
      textAlign: 'left',
      verticalAlign: 'top',
      padding: theme.spacing(0.5, 1.5, 0.5, 0),
      borderBottom: `1px solid ${theme.palette.divider}`,
      overflowWrap: 'break-word',
      maxWidth: 360,
    },
    '& th': { color: theme.palette.text.secondary, fontWeight: 500 },
    '& tbody th': {
      color: theme.palette.text.primary,
      minWidth: 110,
    },
    '& td': { minWidth: 104 },
  },
  wide: { [theme.breakpoints.down('xs')]: { '&&': { minWidth: 240 } } },
  number: {
    '&&': {
      minWidth: 64,
      textAlign: 'right',
      fontVariantNumeric: 'tabular-nums',
    },
    whiteSpace: 'nowrap',
  },
}));

/** What scrolls must be reachable with the keyboard; what fits is no stop on the way. */
const FOCUSABLE = { tabIndex: 0 };

/** Is the content wider than the element? As long as that cannot be measured, it may be. */
function useOverflow() {
  const element = useRef<HTMLDivElement>(null);
  const [overflows, setOverflows] = useState(true);
  useEffect(() => {
    const { current } = element;
    if (!current || typeof ResizeObserver === 'undefined') {
      return undefined;
    }
    const measure = () =>
      setOverflows(current.scrollWidth > current.clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    if (current.firstElementChild) {
      observer.observe(current.firstElementChild);
    }
    return () => observer.disconnect();
  }, []);
  return { element, overflows };
}

/** One column of a small table. The first column heads its row. */
export interface CompactColumn<T> {
  title: string;
  cell: (row: T) => ReactNode;
  number?: boolean;
  /** long texts: on a phone, where the table scrolls anyhow, it gets room enough to keep rows low */
  wide?: boolean;
}

/** What a column looks like. */
function classOf<T>(
  { number, wide }: CompactColumn<T>,
  classes: ReturnType<typeof useStyles>,
): string | undefined {
  if (number) {
    return classes.number;
  }
  return wide ? classes.wide : undefined;
}

/**
 * A small table for a card: no paging, no sorting; scrolls sideways where it does not fit.
 *
 * @param props.caption - what the table shows, for screen readers
 * @param props.keyOf - tells rows apart
 */
export function CompactTable<T>(props: {
  caption: string;
  columns: CompactColumn<T>[];
  rows: T[];
  keyOf: (row: T) => string;
}) {
  const classes = useStyles();
  const { caption, columns, rows, keyOf } = props;
  const { element, overflows } = useOverflow();
  return (
    <div
      className={classes.scroll}
      role="region"
      aria-label={caption}
      ref={element}
      {...(overflows ? FOCUSABLE : {})}
    >
      <table className={classes.table}>
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            {columns.map(column => (
              <th
                key={column.title}
                scope="col"
                className={classOf(column, classes)}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={keyOf(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.title} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} className={classOf(column, classes)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
