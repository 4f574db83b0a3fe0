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
import ArrowIcon from '@material-ui/icons/ArrowForward';
import ClearIcon from '@material-ui/icons/Check';
import RemoveIcon from '@material-ui/icons/Remove';
import UnknownIcon from '@material-ui/icons/HelpOutline';
import type { TriageCheck } from '@mesh-portal/backstage-plugin-istio-common';
import { VisuallyHidden } from '../../components';
import { CHECK_TITLES, OUTCOME_WORDS } from './triageWords';

const ICONS = {
  'points-here': ArrowIcon,
  clear: ClearIcon,
  unknown: UnknownIcon,
  'not-applicable': RemoveIcon,
} as const;

const useStyles = makeStyles<BackstageTheme>(theme => ({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gap: theme.spacing(0.75),
    '& > li': {
      display: 'grid',
      gridTemplateColumns: '24px minmax(96px, 132px) minmax(0, 1fr)',
      columnGap: theme.spacing(1),
      color: theme.palette.text.secondary,
    },
    '& svg': { fontSize: '1.25rem' },
    [theme.breakpoints.down('xs')]: {
      '& > li': { gridTemplateColumns: '24px minmax(0, 1fr)' },
    },
  },
  words: {
    overflowWrap: 'anywhere',
    minWidth: 0,
    [theme.breakpoints.down('xs')]: { gridColumn: 2 },
  },
  here: {
    '&&': { color: theme.palette.text.primary, fontWeight: 600 },
    '& svg': { color: theme.palette.status.error },
  },
}));

/** What was looked at, in order, and what it said. What points somewhere stands out. */
export function TriageChecks(props: { checks: TriageCheck[] }) {
  const classes = useStyles();
  return (
    <ol className={classes.list} aria-label="What was looked at">
      {props.checks.map(({ check, outcome, words }) => {
        const Icon = ICONS[outcome];
        return (
          <li
            key={check}
            className={outcome === 'points-here' ? classes.here : undefined}
          >
            <Icon aria-hidden />
            <span>{CHECK_TITLES[check]}</span>
            <span className={classes.words}>
              <VisuallyHidden>{`${OUTCOME_WORDS[outcome]}: `}</VisuallyHidden>
              {words}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
