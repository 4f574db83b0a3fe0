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
  EmptyAnswer,
  FoldedViewCard,
  IgnoredObjects,
  ServiceHeading,
  Stack,
} from '../components';
import { useBindings } from '../queries';

/** Why is this object ignored? Every object that names the service and does not act on it, with the field and the remedy. */
export function IgnoredSection() {
  return (
    <FoldedViewCard
      title="Objects that do not act"
      section="ignored"
      query={useBindings()}
      lines={2}
      verdictsOf={({ ignored }) =>
        ignored.map(({ service, verdict }) => ({
          key: `${service.cluster} ${service.host}`,
          verdict,
        }))
      }
    >
      {({ ignored }) =>
        ignored.length === 0 ? (
          <EmptyAnswer>
            This entity has no service, so no object names one.
          </EmptyAnswer>
        ) : (
          <Stack>
            {ignored.map(({ service, objects }) => (
              <Stack key={`${service.cluster} ${service.host}`}>
                <ServiceHeading service={service} of={ignored.length} />
                {objects.length === 0 ? (
                  <EmptyAnswer>Nothing is ignored.</EmptyAnswer>
                ) : (
                  <IgnoredObjects ignored={objects} />
                )}
              </Stack>
            ))}
          </Stack>
        )
      }
    </FoldedViewCard>
  );
}
