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
import type { SloService } from '@mesh-portal/backstage-plugin-istio-common';
import { Notice, VerdictIcon } from '../components';
import {
  budgetWords,
  burnOfLastHour,
  formatBurn,
  SLO_STATE_WORDS,
} from './sloWords';

const useStyles = makeStyles<BackstageTheme>(theme => ({
  list: { display: 'grid', gap: theme.spacing(0.5), margin: 0 },
  line: {
    display: 'flex',
    gap: theme.spacing(1),
    alignItems: 'flex-start',
    '& svg': { fontSize: '1.25rem', flexShrink: 0 },
  },
  words: { minWidth: 0, overflowWrap: 'anywhere' },
  subtle: { color: theme.palette.text.secondary },
}));

/** The objectives of a service in a line each: how they stand, the burn, what is left of the budget. */
export function SloLines(props: { slo: SloService }) {
  const classes = useStyles();
  const { slo } = props;
  if (slo.origin === 'invalid') {
    return (
      <Notice severity="warning" title="The objective cannot be read">
        {slo.originWords}
      </Notice>
    );
  }
  const isDefault = slo.origin === 'default';
  return (
    <div className={classes.list} role="group" aria-label="Objectives">
      {slo.objectives.map(objective => {
        const burn = burnOfLastHour(objective);
        return (
          <div key={objective.indicator} className={classes.line}>
            <VerdictIcon state={objective.verdict.state} />
            <div className={classes.words}>
              <span>
                {`SLO: ${objective.words}`}
                {isDefault && <strong>{` (${slo.originWords})`}</strong>}
                {`, ${SLO_STATE_WORDS[objective.state]}`}
              </span>
              <div className={classes.subtle}>
                {burn !== undefined &&
                  `Burn ${formatBurn(burn)} in the last hour. `}
                {`Budget of ${slo.period}: ${budgetWords(objective.budget)}.`}
              </div>
            </div>
          </div>
        );
      })}
    </div>
  );
}
