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

const useStyles = makeStyles<BackstageTheme>(theme => ({
  track: {
    position: 'relative',
    height: 6,
    borderRadius: 3,
    background: theme.palette.type === 'dark' ? '#4a4a4a' : '#dcdcdc',
    overflow: 'hidden',
    '& + &': { marginTop: 2 },
  },
  configured: { height: '100%', background: theme.palette.textSubtle },
  observed: { height: '100%', background: theme.palette.link },
}));

function percent(value: number): string {
  return `${Math.max(0, Math.min(100, value))}%`;
}

/**
 * Two bars, the configured weight above the observed share. Decorative: the numbers stand beside it.
 *
 * @param props.configured - 0 to 100
 * @param props.observed - 0 to 1; absent when nothing was observed
 */
export function WeightBar(props: { configured: number; observed?: number }) {
  const classes = useStyles();
  return (
    <div aria-hidden>
      <div className={classes.track}>
        <div
          className={classes.configured}
          style={{ width: percent(props.configured) }}
        />
      </div>
      <div className={classes.track}>
        <div
          className={classes.observed}
          style={{ width: percent((props.observed ?? 0) * 100) }}
        />
      </div>
    </div>
  );
}
