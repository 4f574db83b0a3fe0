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

import {
  CardBoundary,
  EmptyAnswer,
  EntityViewCard,
  ServiceHeading,
  Stack,
  VisuallyHidden,
} from '../../components';
import { useTriage } from '../../queries';
import { TriageServiceAnswer } from './TriageServiceAnswer';

function Triage() {
  const query = useTriage();
  return (
    <EntityViewCard title="Triage" query={query} lines={12} metrics inFull>
      {({ services }) =>
        services.length === 0 ? (
          <EmptyAnswer>
            This entity has no service, so no requests are counted for it.
          </EmptyAnswer>
        ) : (
          services.map(service => (
            <Stack key={`${service.service.cluster} ${service.service.host}`}>
              <ServiceHeading service={service.service} of={services.length} />
              <TriageServiceAnswer service={service} />
            </Stack>
          ))
        )
      }
    </EntityViewCard>
  );
}

/** What is broken, since when, for whom, and what changed just before: for whoever is on call. */
export function TriageTab() {
  return (
    <CardBoundary>
      <VisuallyHidden component="h2">Triage</VisuallyHidden>
      <Triage />
    </CardBoundary>
  );
}
