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
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { CallerVerdict } from '@mesh-portal/backstage-plugin-istio-common';
import { ProvenancePopover, VerdictIcon } from '../components';
import { formatConnections, formatRate } from '../format';
import { DECISION_WORDS, stateOfCaller } from './callerOrder';
import { nameOfCaller } from './plaintextCallers';

const useStyles = makeStyles(theme => ({
  line: {
    display: 'flex',
    gap: theme.spacing(0.75),
    '& svg': { fontSize: '1.15rem', marginTop: 1 },
  },
  link: { textDecoration: 'underline' },
  words: { minWidth: 0, overflowWrap: 'anywhere' },
}));

/** One caller: allowed or not, how much it calls, how much was refused. */
export function CallerLine(props: { caller: CallerVerdict }) {
  const classes = useStyles();
  const { caller, decision, reason, facts, observed } = props.caller;
  const name = nameOfCaller(caller);
  const refused =
    observed && observed.refusedPerSecond > 0
      ? `, ${formatRate(observed.refusedPerSecond)} refused`
      : '';
  const traffic = observed
    ? ` · ${
        observed.protocol === 'tcp'
          ? formatConnections(observed.requestsPerSecond)
          : formatRate(observed.requestsPerSecond)
      }${refused}`
    : '';
  return (
    <li className={classes.line}>
      <VerdictIcon state={stateOfCaller(props.caller)} />
      <span className={classes.words}>
        {caller.entityRef ? (
          <EntityRefLink
            entityRef={caller.entityRef}
            title={name}
            className={classes.link}
          />
        ) : (
          name
        )}
        {`: ${DECISION_WORDS[decision]}${traffic} `}
        <ProvenancePopover subject={reason} facts={facts} />
      </span>
    </li>
  );
}
