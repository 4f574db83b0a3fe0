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

import { useState } from 'react';
import type {
  ResilienceGroup,
  ResilienceTarget,
  ResilienceView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  EmptyAnswer,
  FoldedViewCard,
  Section,
  ServiceHeading,
  SettingTable,
  Stack,
} from '../components';
import { useResilience } from '../queries';
import { ClientSelect } from './ClientSelect';

const SUBJECT_WORDS: Record<ResilienceGroup['subject'], string> = {
  'timeouts-and-retries': 'Timeouts and retries',
  'connection-pool': 'Connection pool',
  'outlier-detection': 'Outlier detection',
  'load-balancing': 'Load balancing',
  locality: 'Locality',
};

function targetName({ port, protocol, subset }: ResilienceTarget): string {
  return subset === undefined
    ? `Port ${port} (${protocol})`
    : `Port ${port}, subset ${subset}`;
}

function differs({ subset, sameAsPort }: ResilienceTarget): boolean {
  return subset === undefined || !sameAsPort;
}

/** Subsets that change nothing, in one line. */
function SameSubsets(props: { targets: ResilienceTarget[] }) {
  const same = props.targets.filter(target => !differs(target));
  if (same.length === 0) {
    return <></>;
  }
  const names = [...new Set(same.map(({ subset }) => subset))].join(', ');
  return (
    <div>{`In subset ${names} nothing differs from the whole service.`}</div>
  );
}

function Target(props: { target: ResilienceTarget }) {
  const { target } = props;
  const name = targetName(target);
  return (
    <Section title={name}>
      <Stack>
        {target.groups.map(({ subject, sentence, settings }) => (
          <div key={subject}>
            <strong>{SUBJECT_WORDS[subject]}</strong>
            <div>{sentence}</div>
            {settings.length > 0 && (
              <SettingTable
                caption={`${SUBJECT_WORDS[subject]}, ${name}`}
                settings={settings}
              />
            )}
          </div>
        ))}
      </Stack>
    </Section>
  );
}

function keyOf({ service }: ResilienceView['services'][number]): string {
  return `${service.cluster} ${service.host}`;
}

/** Settings in effect on the way to the service as one client has them, and where each value is inherited from. */
export function ResilienceSection() {
  const [client, setClient] = useState<string>();
  return (
    <FoldedViewCard
      title="Resilience"
      section="resilience"
      query={useResilience(client)}
      lines={2}
      verdictsOf={({ services }) =>
        services.map(answer => ({
          key: keyOf(answer),
          verdict: answer.verdict,
        }))
      }
    >
      {({ services }) => (
        <Stack>
          {services.length === 0 && (
            <EmptyAnswer>
              This entity has no service, so no setting acts for it.
            </EmptyAnswer>
          )}
          {services.map(answer => (
            <Stack key={keyOf(answer)}>
              <ServiceHeading service={answer.service} of={services.length} />
              <ClientSelect
                label="As called by"
                client={answer.client}
                clients={answer.clients}
                onChange={setClient}
              />
              {answer.targets.filter(differs).map(target => (
                <Target key={targetName(target)} target={target} />
              ))}
              <SameSubsets targets={answer.targets} />
            </Stack>
          ))}
        </Stack>
      )}
    </FoldedViewCard>
  );
}
