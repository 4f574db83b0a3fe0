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

import type { ReactNode } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import InfoIcon from '@material-ui/icons/InfoOutlined';
import WarningIcon from '@material-ui/icons/ReportProblemOutlined';

const useStyles = makeStyles<BackstageTheme>(theme => ({
  notice: {
    display: 'flex',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 1.5),
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    borderLeftWidth: 4,
    fontSize: theme.typography.body2.fontSize,
    overflowWrap: 'anywhere',
    '& svg': { fontSize: '1.25rem', flexShrink: 0 },
    '& > div': { minWidth: 0 },
  },
  info: {
    borderLeftColor: theme.palette.textSubtle,
    '& svg': { color: theme.palette.textSubtle },
  },
  warning: {
    borderLeftColor: theme.palette.status.warning,
    '& svg': { color: theme.palette.status.warning },
  },
  title: { fontWeight: 600 },
}));

/** A remark above or below data: what is so, and what to do about it. */
export function Notice(props: {
  severity: 'info' | 'warning';
  title: string;
  children?: ReactNode;
}) {
  const classes = useStyles();
  const Icon = props.severity === 'warning' ? WarningIcon : InfoIcon;
  return (
    <div className={`${classes.notice} ${classes[props.severity]}`}>
      <Icon aria-hidden />
      <div>
        <div className={classes.title}>{props.title}</div>
        {props.children}
      </div>
    </div>
  );
}
