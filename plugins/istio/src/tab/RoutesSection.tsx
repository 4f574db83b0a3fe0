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
import Button from '@material-ui/core/Button';
import type {
  Exposure,
  RoutesView,
} from '@mesh-portal/backstage-plugin-istio-common';
import { RoutePortAnswer } from '../cards/RoutesAnswer';
import { SettingValue } from '../cards/RouteRuleDetail';
import {
  EmptyAnswer,
  EntityViewCard,
  FactGrid,
  IgnoredObjects,
  PlainList,
  Section,
  ServiceHeading,
  Stack,
  VerdictLine,
} from '../components';
import { nameOfObject } from '../format';
import { useRoutes } from '../queries';
import { ClientSelect } from './ClientSelect';

function exposureWords(exposure: Exposure): string {
  const via = exposure.via ? ` via ${nameOfObject(exposure.via)}` : '';
  const by =
    exposure.workloads.length > 0
      ? `, served by ${exposure.workloads.join(', ')}`
      : '';
  return `${exposure.hosts.join(', ')} on ${nameOfObject(
    exposure.gateway,
  )} port ${exposure.port} (${exposure.protocol}, TLS: ${
    exposure.tls
  })${via}${by}`;
}

function ServiceRoutes(props: { answer: RoutesView['services'][number] }) {
  const { answer } = props;
  return (
    <>
      <VerdictLine strong verdict={answer.verdict} />
      {answer.ports.map(port => (
        <RoutePortAnswer key={port.port} port={port} full />
      ))}
      {answer.resilience.length > 0 && (
        <Section title="Resilience">
          <FactGrid
            facts={answer.resilience.map(setting => ({
              label: setting.setting,
              value: <SettingValue setting={setting} />,
            }))}
          />
        </Section>
      )}
      {answer.exposure.length > 0 && (
        <Section title="Reachable from outside">
          <PlainList>
            {answer.exposure.map(exposure => (
              <li key={exposureWords(exposure)}>
                <div>{exposureWords(exposure)}</div>
                <VerdictLine verdict={exposure.verdict} />
              </li>
            ))}
          </PlainList>
        </Section>
      )}
      {answer.ignored.length > 0 && (
        <Section title="Ignored objects">
          <IgnoredObjects ignored={answer.ignored} />
        </Section>
      )}
    </>
  );
}

/** Routing in full, as one selectable client sees it. */
export function RoutesSection() {
  const [client, setClient] = useState<string>();
  return (
    <EntityViewCard
      title="Routes"
      query={useRoutes(client)}
      lines={10}
      metrics
      action={
        client !== undefined && (
          <Button size="small" onClick={() => setClient(undefined)}>
            Default client
          </Button>
        )
      }
    >
      {({ services }) =>
        services.length === 0 ? (
          <EmptyAnswer>
            This entity has no service, so nothing routes to it.
          </EmptyAnswer>
        ) : (
          services.map(answer => (
            <Stack key={`${answer.service.cluster} ${answer.service.host}`}>
              <ServiceHeading service={answer.service} of={services.length} />
              <ClientSelect
                client={answer.client}
                clients={answer.clients}
                onChange={setClient}
              />
              <ServiceRoutes answer={answer} />
            </Stack>
          ))
        )
      }
    </EntityViewCard>
  );
}
