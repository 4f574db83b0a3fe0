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
import type { Refusal } from '@mesh-portal/backstage-plugin-istio-common';
import { Notice } from './Notice';
import { PlainList } from './PlainList';

const useStyles = makeStyles<BackstageTheme>(theme => ({
  path: {
    fontFamily: 'monospace',
    fontSize: '0.85em',
    color: theme.palette.text.secondary,
  },
}));

/** Fields with what istiod holds against them. */
export function RefusalList(props: { refusals: Refusal[] }) {
  const classes = useStyles();
  return (
    <PlainList>
      {props.refusals.map(({ path, message }) => (
        <li key={`${path} ${message}`}>
          <div className={classes.path}>{path}</div>
          {message}
        </li>
      ))}
    </PlainList>
  );
}

/** The remark that istiod would refuse an object which stands in the cluster all the same, with the fields. */
export function Refusals(props: { refusals: Refusal[] }) {
  return (
    <Notice severity="warning" title="istiod would refuse this object today">
      <RefusalList refusals={props.refusals} />
    </Notice>
  );
}
