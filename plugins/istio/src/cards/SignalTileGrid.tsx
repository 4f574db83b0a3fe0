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
import DownIcon from '@material-ui/icons/TrendingDown';
import SameIcon from '@material-ui/icons/TrendingFlat';
import UpIcon from '@material-ui/icons/TrendingUp';
import { Sparkline } from '../components';
import type { SignalTile } from './signalTiles';

const ICONS = { up: UpIcon, down: DownIcon, same: SameIcon };

const TILE = 128;
const GAP = 16;

/**
 * Columns for a number of tiles: one row where all fit, otherwise rows of about the same length, and never a single tile
 * left over below a full row. The factor turns a width that is a pixel too small into one no tile can have.
 */
export function tileColumns(count: number): string {
  const oneRow = count * TILE + (count - 1) * GAP;
  const half = Math.ceil(count / 2);
  const ofTwoRows = `(100% - ${(half - 1) * GAP}px) / ${half}`;
  return `repeat(auto-fit, minmax(max(${TILE}px, min(${ofTwoRows}, (${oneRow}px - 100%) * 9999)), 1fr))`;
}

const useStyles = makeStyles<BackstageTheme>(theme => ({
  grid: {
    display: 'grid',
    gap: GAP,
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  title: { color: theme.palette.text.secondary },
  value: {
    fontSize: '1.25rem',
    fontWeight: 600,
    fontVariantNumeric: 'tabular-nums',
    lineHeight: 1.3,
  },
  small: {
    fontSize: theme.typography.caption.fontSize,
    color: theme.palette.text.secondary,
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    '& svg': { fontSize: '1rem', flexShrink: 0 },
  },
  worse: {
    color: theme.palette.text.primary,
    '& svg': { color: theme.palette.status.error },
  },
}));

/** Numbers with how they changed and a small line of the window over the one before. */
export function SignalTileGrid(props: { tiles: SignalTile[] }) {
  const classes = useStyles();
  return (
    <ul
      className={classes.grid}
      style={{ gridTemplateColumns: tileColumns(props.tiles.length) }}
    >
      {props.tiles.map(tile => {
        const { change } = tile;
        const Icon = change && ICONS[change.direction];
        const worse = tile.harmful && change?.direction === 'up';
        return (
          <li key={tile.title}>
            <div className={classes.title}>{tile.title}</div>
            <div className={classes.value}>{tile.value}</div>
            {tile.values.length > 1 && (
              <Sparkline values={tile.values} previous={tile.previousValues} />
            )}
            {tile.resolution && (
              <div className={classes.small}>{tile.resolution}</div>
            )}
            {tile.detail && <div className={classes.small}>{tile.detail}</div>}
            {change && Icon && (
              <div className={`${classes.small} ${worse ? classes.worse : ''}`}>
                <Icon aria-hidden />
                {change.words}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
