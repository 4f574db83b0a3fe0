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
  ServiceRef,
  SignalNumbers,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  ErrorState,
  LoadingState,
  PlainList,
  Section,
  Stack,
} from '../components';
import { useSignalDetails } from '../queries';
import { SignalPast } from './SignalPast';
import { SignalUpstream } from './SignalUpstream';

/** The past, the callers' circuit breakers and retries, and what is missing; asked for when it is shown. */
export function SignalDetails(props: {
  service: ServiceRef;
  current: SignalNumbers;
  window: string;
}) {
  const { service, current, window } = props;
  const { data, error, refetch } = useSignalDetails(window);
  if (error && !data) {
    return <ErrorState error={error} onRetry={() => refetch()} />;
  }
  if (!data) return <LoadingState lines={6} label="Loading the past" />;
  const details = data.view.services.find(
    each =>
      each.service.host === service.host &&
      each.service.cluster === service.cluster,
  )?.details;
  if (!details) {
    return <div>{data.observed?.message ?? 'Prometheus was not asked.'}</div>;
  }
  return (
    <Stack>
      <SignalPast
        current={current}
        baselines={details.baselines}
        window={window}
      />
      <SignalUpstream upstream={details.upstream} />
      {details.gaps.length > 0 && (
        <Section title="What is missing, and why">
          <PlainList label="What is missing, and why">
            {details.gaps.map(({ what, reason, remedy }) => (
              <li key={`${what} ${reason}`}>
                {`${what}: ${reason}. ${remedy}.`}
              </li>
            ))}
          </PlainList>
        </Section>
      )}
    </Stack>
  );
}
