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
import type { PolicyDescription } from '@mesh-portal/backstage-plugin-istio-common';
import { nameOfObject } from '../format';

const ACTION_WORDS: Record<PolicyDescription['action'], string> = {
  ALLOW: 'allows',
  DENY: 'refuses',
  AUDIT: 'audits',
  CUSTOM: 'asks an external authorizer about',
};

const EMPTY_WORDS: Record<PolicyDescription['action'], string> = {
  ALLOW: 'has no rule, so it allows nobody',
  DENY: 'has no rule, so it refuses nobody',
  AUDIT: 'has no rule, so it audits nothing',
  CUSTOM: 'has no rule, so it asks about nothing',
};

const useStyles = makeStyles(theme => ({
  name: { fontWeight: 600 },
  rules: { margin: 0, paddingLeft: theme.spacing(2.5) },
  path: {
    fontFamily: 'monospace',
    fontSize: '0.85em',
    color: theme.palette.text.secondary,
  },
}));

/**
 * One policy and its rules as sentences.
 *
 * @param props.full - also the scope, who enforces it, and the field of each rule
 */
export function PolicyItem(props: {
  policy: PolicyDescription;
  full?: boolean;
}) {
  const classes = useStyles();
  const { policy, full } = props;
  return (
    <li>
      <span className={classes.name}>{nameOfObject(policy.object)}</span>
      {` ${
        policy.rules.length === 0
          ? EMPTY_WORDS[policy.action]
          : ACTION_WORDS[policy.action]
      }`}
      {policy.dryRun && ' (dry run: not enforced)'}
      {policy.enforcedBy === 'none' && ' (not enforced by any proxy)'}
      {full && (
        <div>{`Scope: ${policy.scope}; enforced by: ${policy.enforcedBy}`}</div>
      )}
      {policy.note && <div>{policy.note}</div>}
      {policy.rules.length > 0 && (
        <ul className={classes.rules}>
          {policy.rules.map(rule => (
            <li key={rule.path}>
              {rule.sentence}
              {rule.note && ` (${rule.note})`}
              {full && <div className={classes.path}>{rule.path}</div>}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
