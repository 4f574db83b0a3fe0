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
  FoldedViewCard,
  RefusalList,
  Section,
  ServiceHeading,
  Stack,
} from '../components';
import { nameOfObject } from '../format';
import { useBindings } from '../queries';

/** Would istiod refuse any object? In most portals it would not, and the section has nothing to say. */
export function useConcernsRefused(): boolean {
  return (useBindings().data?.view.refused.length ?? 0) > 0;
}

/** Objects that stand in the cluster and that istiod would refuse, were they written now: the fields, and what to do. */
export function RefusedSection() {
  return (
    <FoldedViewCard
      title="Objects that istiod would refuse"
      section="refused"
      query={useBindings()}
      lines={2}
      verdictsOf={({ refused }) =>
        refused.map(({ service, verdict }) => ({
          key: `${service.cluster} ${service.host}`,
          verdict,
        }))
      }
    >
      {({ refused }) => (
        <Stack>
          <div>
            Such an object was written while the webhook of istiod was off, or
            accepted by a version with other rules. istiod reads it as it
            stands; what becomes of the field is not certain. Correct it: until
            then every change of the object is refused.
          </div>
          {refused.map(({ service, objects }) => (
            <Stack key={`${service.cluster} ${service.host}`}>
              <ServiceHeading service={service} of={refused.length} />
              {objects.map(({ object, acts, refusals }) => (
                <Section
                  key={nameOfObject(object)}
                  title={`${nameOfObject(object)} (${
                    acts ? 'acts all the same' : 'does not act'
                  })`}
                >
                  <RefusalList refusals={refusals} />
                </Section>
              ))}
            </Stack>
          ))}
        </Stack>
      )}
    </FoldedViewCard>
  );
}
