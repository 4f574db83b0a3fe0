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
  RequestPathView,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { AskedRequest } from '../../api';
import {
  EmptyAnswer,
  FoldedViewCard,
  PlainList,
  ServiceHeading,
  Stack,
} from '../../components';
import { useRequestPath } from '../../queries';
import { ClientSelect } from '../ClientSelect';
import { RequestForm } from './RequestForm';
import { RequestWay } from './RequestWay';

type Answer = RequestPathView['services'][number];

function keyOf({ service }: Answer): string {
  return `${service.cluster} ${service.host}`;
}

/** The request first, then how it ends. */
function verdictOf({ request, client, verdict }: Answer): Verdict {
  return {
    ...verdict,
    reason: `${request.method} ${request.path} from ${client.label}: ${verdict.reason}`,
  };
}

/** Where does a request go? A small form, and each step of the way in words. */
export function RequestPathSection() {
  const [client, setClient] = useState<string>();
  const [request, setRequest] = useState<AskedRequest>({});
  return (
    <FoldedViewCard
      title="Where does a request go?"
      section="request-path"
      query={useRequestPath(client, request)}
      lines={2}
      onReset={() => setRequest({})}
      verdictsOf={({ services }) =>
        services.map(answer => ({
          key: keyOf(answer),
          verdict: verdictOf(answer),
        }))
      }
    >
      {({ services }) =>
        services.length === 0 ? (
          <EmptyAnswer>
            This entity has no service, so no request goes to it.
          </EmptyAnswer>
        ) : (
          <Stack>
            {services.map(answer => (
              <Stack key={keyOf(answer)}>
                <ServiceHeading service={answer.service} of={services.length} />
                <ClientSelect
                  label="Sent by"
                  client={answer.client}
                  clients={answer.clients}
                  onChange={id => {
                    setClient(id);
                    setRequest({});
                  }}
                />
                <RequestForm
                  key={answer.client.id}
                  answered={answer.request}
                  onAsk={setRequest}
                />
                <RequestWay way={answer.way} />
                {answer.assumed.length > 0 && (
                  <details>
                    <summary>What is assumed of the request</summary>
                    <PlainList>
                      {answer.assumed.map(each => (
                        <li key={each}>{each}</li>
                      ))}
                    </PlainList>
                  </details>
                )}
              </Stack>
            ))}
          </Stack>
        )
      }
    </FoldedViewCard>
  );
}
