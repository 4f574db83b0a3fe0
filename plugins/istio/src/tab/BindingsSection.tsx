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

import type {
  ActingObject,
  BindingsWorkload,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  EmptyAnswer,
  FoldedViewCard,
  Notice,
  PlainList,
  ProvenancePopover,
  Refusals,
  Section,
  SettingTable,
  Stack,
  VerdictLine,
} from '../components';
import { nameOfObject } from '../format';
import { useBindings } from '../queries';
import { verdictsOfGroups, workloadGroups } from './workloadGroups';

const EFFECT_WORDS: Record<ActingObject['effect'], string> = {
  decides: '',
  added: '',
  layered: ' (narrower objects override parts of it)',
  overridden: ' (narrower objects override all of it)',
};

function Acting(props: { acting: ActingObject }) {
  const { object, sentence, details, effect, warning, provenance } =
    props.acting;
  return (
    <li>
      <strong>{nameOfObject(object)}</strong>
      {`: ${sentence}${EFFECT_WORDS[effect]} `}
      <ProvenancePopover subject={nameOfObject(object)} facts={[provenance]} />
      {details.map(detail => (
        <div key={detail}>{detail}</div>
      ))}
      {warning && <Notice severity="info" title={warning} />}
      {provenance.refusals && <Refusals refusals={provenance.refusals} />}
    </li>
  );
}

function Workload(props: { answer: BindingsWorkload; names: string }) {
  const { answer, names } = props;
  const { tracing, accessLogging, metrics } = answer.telemetry;
  const settings = [...tracing, ...accessLogging, ...metrics];
  const { settings: config, drift } = answer.proxyConfig;
  return (
    <Stack>
      {answer.objects.length > 0 && (
        <PlainList label={`Objects that act on ${names}`}>
          {answer.objects.map(acting => (
            <Acting
              key={`${nameOfObject(acting.object)} ${acting.sentence}`}
              acting={acting}
            />
          ))}
        </PlainList>
      )}
      {settings.length > 0 && (
        <div>
          <strong>Tracing, access log, metrics</strong>
          <SettingTable caption={`Telemetry of ${names}`} settings={settings} />
        </div>
      )}
      {config.length > 0 && (
        <div>
          <strong>Proxy configuration</strong>
          <VerdictLine verdict={drift} />
          <SettingTable
            caption={`Proxy configuration of ${names}`}
            settings={config}
          />
        </div>
      )}
    </Stack>
  );
}

/** What acts on the workloads beside routes and policies: Sidecar, EnvoyFilter, extensions, telemetry, proxy configuration. */
export function BindingsSection() {
  return (
    <FoldedViewCard
      title="What else acts here"
      section="bindings"
      query={useBindings()}
      lines={2}
      verdictsOf={({ workloads }) => verdictsOfGroups(workloads)}
    >
      {({ workloads }) =>
        workloads.length === 0 ? (
          <EmptyAnswer>
            This entity has no workload, so nothing acts on one.
          </EmptyAnswer>
        ) : (
          <Stack>
            {workloadGroups(workloads).map(({ names, key, answer }) => (
              <Section key={key} title={names}>
                <Workload answer={answer} names={names} />
              </Section>
            ))}
          </Stack>
        )
      }
    </FoldedViewCard>
  );
}
