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
import type { RouteRule } from '@mesh-portal/backstage-plugin-istio-common';
import { EmptyAnswer, VerdictIcon } from '../components';
import { nameOfObject } from '../format';
import { RouteDestinationLine } from './RouteDestinationLine';
import { observedRemarks } from './observedRemarks';
import { RouteRuleDetail } from './RouteRuleDetail';

const useStyles = makeStyles(theme => ({
  rule: {
    paddingTop: theme.spacing(1),
    borderTop: `1px solid ${theme.palette.divider}`,
    minWidth: 0,
  },
  match: {
    display: 'flex',
    gap: theme.spacing(0.75),
    fontWeight: 500,
    overflowWrap: 'anywhere',
    '& svg': { fontSize: '1.15rem', marginTop: 1 },
  },
  unreachable: { textDecoration: 'line-through' },
  indented: { paddingLeft: theme.spacing(3.25) },
}));

function matchWords(rule: RouteRule): string {
  return rule.matches.length === 0
    ? 'Every request'
    : rule.matches.join(', or ');
}

function nameOfRule(rule: RouteRule): string {
  if (!rule.object) {
    return 'default route';
  }
  const name = rule.name ? ` “${rule.name}”` : '';
  const path = rule.path ? ` ${rule.path}` : '';
  return `${nameOfObject(rule.object)}${path}${name}`;
}

/** A reason that a destination below says too need not be said twice. */
function saysReason({ verdict, unreachable, destinations }: RouteRule) {
  const told = destinations.some(
    destination => destination.verdict.reason === verdict.reason,
  );
  return (
    !told &&
    (verdict.state === 'unknown' || (verdict.state === 'fail' && !unreachable))
  );
}

/**
 * One rule: which requests it takes and where they go.
 *
 * @param props.full - also timeouts, retries, faults, mirrors, rewrites, headers and the object the rule stands in
 */
export function RouteRuleItem(props: { rule: RouteRule; full?: boolean }) {
  const classes = useStyles();
  const { rule, full } = props;
  return (
    <li className={classes.rule}>
      <div className={classes.match}>
        <VerdictIcon state={rule.unreachable ? 'fail' : rule.verdict.state} />
        <span className={rule.unreachable ? classes.unreachable : undefined}>
          {matchWords(rule)}
        </span>
      </div>
      <div className={classes.indented}>
        {full && <div>{nameOfRule(rule)}</div>}
        {rule.unreachable && <div>{`Never reached: ${rule.unreachable}`}</div>}
        {saysReason(rule) && <div>{rule.verdict.reason}</div>}
        {rule.actionText && <div>{rule.actionText}</div>}
        {rule.destinations.map((destination, index) => (
          <RouteDestinationLine
            key={`${destination.host} ${destination.port ?? ''} ${
              destination.subset ?? ''
            } ${index}`}
            destination={destination}
          />
        ))}
        {observedRemarks(rule.destinations).map(remark => (
          <EmptyAnswer key={remark}>{remark}</EmptyAnswer>
        ))}
        <RouteRuleDetail rule={rule} full={full} />
      </div>
    </li>
  );
}
