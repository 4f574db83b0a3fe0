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

import type { AmbientService } from '@mesh-portal/backstage-plugin-istio-common';
import {
  FoldedViewCard,
  PlainList,
  Section,
  ServiceHeading,
  SettingTable,
  Stack,
  VerdictLine,
} from '../components';
import { nameOfObject } from '../format';
import { useBindings } from '../queries';

type Policy = AmbientService['policies'][number];

const ENFORCED_WORDS: Record<Policy['enforcedBy'], string> = {
  ztunnel: 'enforced by ztunnel',
  waypoint: 'enforced by the waypoint',
  none: 'enforced by nobody',
};

/** Does ambient or a waypoint concern the entity? Without it the section would only say that it does not. */
export function useConcernsAmbient(): boolean {
  return (useBindings().data?.view.ambient.length ?? 0) > 0;
}

/** Capture by ztunnel, the waypoint in front, who enforces what, and what to do. */
export function AmbientSection() {
  return (
    <FoldedViewCard
      title="Ambient and waypoint"
      section="ambient"
      query={useBindings()}
      lines={2}
      verdictsOf={({ ambient }) =>
        ambient.map(({ service, verdict }) => ({
          key: `${service.cluster} ${service.host}`,
          verdict,
        }))
      }
    >
      {({ ambient }) => (
        <Stack>
          {ambient.map(({ service, remedies, settings, policies }) => (
            <Stack key={`${service.cluster} ${service.host}`}>
              <ServiceHeading service={service} of={ambient.length} />
              {remedies.length > 0 && (
                <Section title="What to do">
                  <PlainList>
                    {remedies.map(remedy => (
                      <li key={remedy}>{remedy}</li>
                    ))}
                  </PlainList>
                </Section>
              )}
              <SettingTable
                caption={`Ambient state of ${service.name}`}
                settings={settings}
              />
              {policies.length > 0 && (
                <Section title="Policies">
                  <PlainList>
                    {policies.map(({ object, enforcedBy, verdict }) => (
                      <li key={`${nameOfObject(object)} ${enforcedBy}`}>
                        <strong>{nameOfObject(object)}</strong>{' '}
                        {ENFORCED_WORDS[enforcedBy]}
                        <VerdictLine verdict={verdict} />
                      </li>
                    ))}
                  </PlainList>
                </Section>
              )}
            </Stack>
          ))}
        </Stack>
      )}
    </FoldedViewCard>
  );
}
