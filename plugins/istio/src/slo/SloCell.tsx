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
import type {
  SloBrief,
  SloState,
  VerdictState,
} from '@mesh-portal/backstage-plugin-istio-common';
import { VerdictIcon } from '../components';
import { NO_NUMBER } from '../format';
import { formatBurn, formatTarget, SLO_STATE_WORDS } from './sloWords';

const VERDICTS: Record<SloState, VerdictState> = {
  page: 'fail',
  ticket: 'fail',
  spent: 'fail',
  elevated: 'unknown',
  ok: 'pass',
  'too-little-traffic': 'unknown',
  unknown: 'unknown',
};

const useStyles = makeStyles<BackstageTheme>(theme => ({
  cell: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    minWidth: 0,
    '& svg': { fontSize: '1.1rem', flexShrink: 0 },
  },
  subtle: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.caption.fontSize,
  },
}));

/** The objective of a service in a list: burn of the last hour, how it stands, and whether the target is a default. */
export function SloCell(props: { slo: SloBrief | undefined }) {
  const classes = useStyles();
  const { slo } = props;
  if (!slo) {
    return <>{NO_NUMBER}</>;
  }
  const target = slo.target === undefined ? '' : formatTarget(slo.target);
  return (
    <div className={classes.cell} title={slo.reason}>
      <VerdictIcon state={VERDICTS[slo.state]} />
      <div>
        <div>
          {slo.burn === undefined
            ? SLO_STATE_WORDS[slo.state]
            : `burn ${formatBurn(slo.burn)}`}
        </div>
        <div className={classes.subtle}>
          {slo.origin === 'default' ? `${target} by default` : target}
        </div>
      </div>
    </div>
  );
}
