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
import type {
  RequestBranch,
  RequestOutcome,
  RequestStep,
  VerdictState,
} from '@mesh-portal/backstage-plugin-istio-common';
import { ProvenancePopover, VerdictIcon } from '../../components';
import { counted, nameOfObject } from '../../format';

const STAGE_WORDS: Record<RequestStep['stage'], string> = {
  scope: 'Known',
  listener: 'Listener',
  'virtual-host': 'Host',
  rule: 'Rule',
  fault: 'Fault',
  redirect: 'Redirect',
  'direct-response': 'Answer',
  rewrite: 'Rewrite',
  mirror: 'Mirror',
  timeout: 'Timeout',
  retries: 'Retries',
  destination: 'Destination',
  'traffic-policy': 'Policy',
  endpoints: 'Endpoints',
  locality: 'Locality',
  waypoint: 'Waypoint',
  'client-tls': 'Client TLS',
  'server-mode': 'Server',
  'server-limits': 'Limits',
  'server-retries': 'Retries',
  authorization: 'Authorization',
  delivery: 'Delivery',
};

const ENDING_STATES: Record<RequestOutcome['ending'], VerdictState> = {
  delivered: 'pass',
  answered: 'not-applicable',
  denied: 'fail',
  failed: 'fail',
  outside: 'unknown',
  unknown: 'unknown',
};

const useStyles = makeStyles(theme => ({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
  step: {
    display: 'grid',
    gridTemplateColumns: '20px 92px minmax(0, 1fr)',
    gap: theme.spacing(1),
    alignItems: 'start',
    padding: theme.spacing(0.25, 0),
    overflowWrap: 'anywhere',
    '& svg': { marginTop: 2 },
    '& > span:nth-child(2)': { color: theme.palette.text.secondary },
  },
  branch: {
    marginTop: theme.spacing(1),
    paddingLeft: theme.spacing(1.5),
    borderLeft: `2px solid ${theme.palette.divider}`,
  },
  because: { fontWeight: 600, overflowWrap: 'anywhere' },
}));

/** @param props.before - the step above, which has said where this happens, too */
function Step(props: { step: RequestStep; before?: RequestStep }) {
  const classes = useStyles();
  const { step, before } = props;
  const { stage, state, says, facts } = step;
  const place = step.at && nameOfObject(step.at);
  const said =
    place === undefined ||
    says.includes(place) ||
    (before?.at !== undefined && nameOfObject(before.at) === place);
  return (
    <li className={classes.step}>
      <VerdictIcon state={state} />
      <span>{STAGE_WORDS[stage]}</span>
      <span>
        {says}
        {!said && ` (at ${place})`}{' '}
        <ProvenancePopover subject={says} facts={facts} />
      </span>
    </li>
  );
}

function outcomeWords({ says, code, flag, encrypted }: RequestOutcome): string {
  const answer = [
    ...(code === undefined || says.includes(String(code)) ? [] : [`${code}`]),
    ...(flag === undefined || says.includes(flag) ? [] : [flag]),
  ].join(' ');
  const secret =
    encrypted === undefined || says.includes('encrypted')
      ? ''
      : `; ${
          encrypted ? 'encrypted all the way' : 'not encrypted all the way'
        }`;
  return `${says}${answer && ` (${answer})`}${secret}`;
}

function Steps(props: { steps: RequestStep[]; label: string }) {
  const classes = useStyles();
  const { steps, label } = props;
  const acting = steps.filter(({ state }) => state !== 'not-applicable');
  const idle = steps.filter(({ state }) => state === 'not-applicable');
  return (
    <>
      <ol className={classes.list} aria-label={label}>
        {acting.map((step, index) => (
          <Step
            key={`${index} ${step.stage}`}
            step={step}
            before={acting[index - 1]}
          />
        ))}
      </ol>
      {idle.length > 0 && (
        <details>
          <summary>{`${counted(
            idle.length,
            'thing',
          )} that could act and does not`}</summary>
          <ul className={classes.list}>
            {idle.map((step, index) => (
              <Step key={`${index} ${step.stage}`} step={step} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** The way of a request: steps in order, branches where it forks, and how each ends. */
export function RequestWay(props: { way: RequestBranch; nested?: boolean }) {
  const classes = useStyles();
  const { way, nested } = props;
  const title = way.because.includes('%')
    ? way.because
    : `${Math.round(way.share * 100) / 100} %: ${way.because}`;
  return (
    <div className={nested ? classes.branch : undefined}>
      {nested && <div className={classes.because}>{title}</div>}
      <Steps steps={way.steps} label={nested ? title : 'The way'} />
      {way.branches.map((branch, index) => (
        <RequestWay key={`${index} ${branch.because}`} way={branch} nested />
      ))}
      {way.outcome && (
        <div className={classes.step}>
          <VerdictIcon state={ENDING_STATES[way.outcome.ending]} />
          <span>Ends</span>
          <strong>{outcomeWords(way.outcome)}</strong>
        </div>
      )}
    </div>
  );
}
