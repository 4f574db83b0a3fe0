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

import CheckCircleIcon from '@material-ui/icons/CheckCircleOutline';
import ErrorIcon from '@material-ui/icons/ErrorOutline';
import HelpIcon from '@material-ui/icons/HelpOutline';
import RemoveIcon from '@material-ui/icons/RemoveCircleOutline';
import { makeStyles } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import type { VerdictState } from '@mesh-portal/backstage-plugin-istio-common';

const ICONS = {
  pass: CheckCircleIcon,
  fail: ErrorIcon,
  unknown: HelpIcon,
  'not-applicable': RemoveIcon,
};

const useStyles = makeStyles<BackstageTheme>(theme => ({
  icon: { fontSize: '1.25rem', flexShrink: 0 },
  pass: { color: theme.palette.status.ok },
  fail: { color: theme.palette.status.error },
  unknown: { color: theme.palette.textSubtle },
  'not-applicable': { color: theme.palette.textSubtle },
}));

/** The shape and colour of a verdict. Decorative: the words stand beside it. */
export function VerdictIcon(props: { state: VerdictState }) {
  const classes = useStyles();
  const Icon = ICONS[props.state];
  return (
    <Icon className={`${classes.icon} ${classes[props.state]}`} aria-hidden />
  );
}
