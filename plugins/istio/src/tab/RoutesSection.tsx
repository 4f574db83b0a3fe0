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
import type { RoutesView } from '@mesh-portal/backstage-plugin-istio-common';
import { RoutePortAnswer } from '../cards/RoutesAnswer';
import {
  EmptyAnswer,
  EntityViewCard,
  IgnoredObjects,
  Section,
  ServiceHeading,
  Stack,
  VerdictLine,
} from '../components';
import { useRoutes } from '../queries';
import { ClientSelect } from './ClientSelect';

function ServiceRoutes(props: { answer: RoutesView['services'][number] }) {
  const { answer } = props;
  return (
    <>
      <VerdictLine strong verdict={answer.verdict} />
      {answer.ports.map(port => (
        <RoutePortAnswer key={port.port} port={port} full />
      ))}
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
