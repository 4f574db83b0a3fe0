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
import type { VerdictState } from '@mesh-portal/backstage-plugin-istio-common';
import { VERDICT_WORDS } from '../format';
import { VerdictIcon } from './VerdictIcon';

const useStyles = makeStyles<BackstageTheme>(theme => ({
  chip: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.25, 1, 0.25, 0.5),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: 16,
    fontSize: theme.typography.body2.fontSize,
    lineHeight: 1.4,
    color: theme.palette.text.primary,
    maxWidth: '100%',
    '& svg': { fontSize: '1.1rem' },
  },
  label: { overflowWrap: 'break-word', minWidth: 0 },
}));

/**
 * A verdict as a chip: icon and words.
 *
 * @param props.label - what the chip says; by default the word for the state
 */
export function VerdictChip(props: { state: VerdictState; label?: string }) {
  const classes = useStyles();
  return (
    <span className={classes.chip}>
      <VerdictIcon state={props.state} />
      <span className={classes.label}>
        {props.label ?? VERDICT_WORDS[props.state]}
      </span>
    </span>
  );
}
