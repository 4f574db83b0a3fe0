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
import type { Verdict } from '@mesh-portal/backstage-plugin-istio-common';
import { VERDICT_WORDS } from '../format';
import { ProvenancePopover } from './ProvenancePopover';
import { VerdictIcon } from './VerdictIcon';
import { VisuallyHidden } from './VisuallyHidden';

const useStyles = makeStyles(theme => ({
  line: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
    margin: 0,
    '& svg': { marginTop: 2 },
  },
  strong: { fontSize: '1rem', fontWeight: 500 },
  words: { minWidth: 0, overflowWrap: 'anywhere' },
}));

/**
 * A verdict in words, with its reason and, one click away, what decided it.
 *
 * @param props.strong - the answer of the card: larger
 */
export function VerdictLine(props: { verdict: Verdict; strong?: boolean }) {
  const classes = useStyles();
  const { verdict } = props;
  return (
    <p className={`${classes.line} ${props.strong ? classes.strong : ''}`}>
      <VerdictIcon state={verdict.state} />
      <span className={classes.words}>
        <VisuallyHidden>{`${VERDICT_WORDS[verdict.state]}: `}</VisuallyHidden>
        {verdict.reason}{' '}
        <ProvenancePopover subject={verdict.reason} facts={verdict.facts} />
      </span>
    </p>
  );
}
