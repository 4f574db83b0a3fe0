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
import type {
  AuthorizationView,
  AuthorizationWorkload,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  EmptyAnswer,
  IgnoredObjects,
  PlainList,
  Section,
  Stack,
  VerdictLine,
} from '../components';
import { formatRate, nameOfObject } from '../format';
import { CallerLine } from './CallerLine';
import { authorizationGroups } from './authorizationGroups';
import { callersInOrder } from './callerOrder';
import { PolicyItem } from './PolicyItem';
import { TokensAnswer } from './TokensAnswer';

const IN_CARD = 4;

/**
 * One workload: posture, policies as sentences, callers.
 *
 * @param props.name - what the answer is about, when there is more than one
 * @param props.full - everything; a card shows the first few
 * @param props.refused - a remark about refused requests, below the verdict
 */
export function AuthorizationWorkloadAnswer(props: {
  answer: AuthorizationWorkload;
  name?: string;
  full?: boolean;
  refused?: ReactNode;
}) {
  const { answer, name, full, refused } = props;
  const { sentence, verdict } = answer;
  const reason = verdict.state === 'fail' ? verdict.reason : sentence;
  const remark = verdict.state === 'fail' ? sentence : verdict.reason;
  const callers = callersInOrder(answer.callers);
  const shownCallers = full ? callers : callers.slice(0, IN_CARD);
  const shownPolicies = full
    ? answer.policies
    : answer.policies.slice(0, IN_CARD);
  const hidden =
    callers.length -
    shownCallers.length +
    answer.policies.length -
    shownPolicies.length;
  return (
    <Stack>
      <VerdictLine
        strong={name === undefined}
        verdict={{
          ...verdict,
          reason: name === undefined ? reason : `${name}: ${reason}`,
        }}
      />
      {verdict.state !== 'pass' && remark !== reason && <div>{remark}</div>}
      {refused}
      {shownPolicies.length > 0 && (
        <Section title="Policies">
          <PlainList>
            {shownPolicies.map(policy => (
              <PolicyItem
                key={nameOfObject(policy.object)}
                policy={policy}
                full={full}
              />
            ))}
          </PlainList>
        </Section>
      )}
      <TokensAnswer answer={answer.requestAuthentication} full={full} />
      {shownCallers.length > 0 && (
        <Section title="Callers seen">
          <PlainList>
            {shownCallers.map(caller => (
              <CallerLine
                key={`${caller.caller.namespace}/${caller.caller.workload} ${
                  caller.caller.principal ?? ''
                } ${caller.observed?.protocol ?? ''}`}
                caller={caller}
              />
            ))}
          </PlainList>
        </Section>
      )}
      {hidden > 0 && <div>{`${hidden} more in Details`}</div>}
      {answer.ignored.length > 0 && <IgnoredObjects ignored={answer.ignored} />}
    </Stack>
  );
}

function Refused(props: { perSecond: number | undefined }) {
  const { perSecond } = props;
  if (perSecond === undefined) {
    return <></>;
  }
  return perSecond > 0 ? (
    <div>
      <strong>{formatRate(perSecond)}</strong>
      {' requests are refused (403)'}
    </div>
  ) : (
    <div>Nobody was refused in the last hour.</div>
  );
}

/** Who may call, workload by workload, and how much was refused. */
export function AuthorizationAnswer(props: {
  view: AuthorizationView;
  full?: boolean;
}) {
  const { view, full } = props;
  const { workloads, refusedPerSecond } = view;
  if (workloads.length === 0) {
    return (
      <EmptyAnswer>
        This entity has no workload, so nothing enforces a policy.
      </EmptyAnswer>
    );
  }
  const groups = authorizationGroups(workloads);
  const several = groups.length > 1;
  const refused = <Refused perSecond={refusedPerSecond} />;
  return (
    <Stack>
      {several && <VerdictLine strong verdict={view.verdict} />}
      {several && refused}
      {groups.map(({ name, answer }) => (
        <AuthorizationWorkloadAnswer
          key={`${answer.workload.cluster} ${answer.workload.namespace} ${name}`}
          answer={answer}
          name={several ? name : undefined}
          refused={several ? undefined : refused}
          full={full}
        />
      ))}
    </Stack>
  );
}
