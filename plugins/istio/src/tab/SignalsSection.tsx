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

import { lazy, Suspense } from 'react';
import type { SignalsService } from '@mesh-portal/backstage-plugin-istio-common';
import { FlagLines, SignalRemarks } from '../cards/SignalsAnswer';
import { SignalTileGrid } from '../cards/SignalTileGrid';
import { signalTiles } from '../cards/signalTiles';
import {
  EmptyAnswer,
  EntityViewCard,
  LoadingState,
  Section,
  ServiceHeading,
  Stack,
  VerdictLine,
} from '../components';
import { useSignals } from '../queries';
import { SignalBreakdowns } from './SignalBreakdowns';

const SignalCharts = lazy(() =>
  import('./SignalCharts').then(module => ({ default: module.SignalCharts })),
);

function ServiceSignals(props: { service: SignalsService }) {
  const { service } = props;
  return (
    <>
      <VerdictLine strong verdict={service.verdict} />
      {service.state !== 'traffic' && <div>{service.stateReason}</div>}
      {service.lastSeen && (
        <div>{`Last seen ${new Date(service.lastSeen).toLocaleString()}`}</div>
      )}
      <SignalTileGrid tiles={signalTiles(service)} />
      <SignalRemarks service={service} />
      {service.series.length > 1 && (
        <Suspense
          fallback={<LoadingState lines={8} label="Loading the charts" />}
        >
          <SignalCharts service={service} />
        </Suspense>
      )}
      {service.byFlag.length > 0 && (
        <Section title="What the proxies report">
          <FlagLines flags={service.byFlag} full />
        </Section>
      )}
      <SignalBreakdowns service={service} />
    </>
  );
}

/** Golden signals in full: numbers, charts, and who and what they consist of. */
export function SignalsSection() {
  return (
    <EntityViewCard
      title="Golden signals"
      query={useSignals()}
      lines={12}
      metrics
    >
      {({ services }) =>
        services.length === 0 ? (
          <EmptyAnswer>
            This entity has no service, so no requests are counted for it.
          </EmptyAnswer>
        ) : (
          services.map(service => (
            <Stack key={`${service.service.cluster} ${service.service.host}`}>
              <ServiceHeading service={service.service} of={services.length} />
              <ServiceSignals service={service} />
            </Stack>
          ))
        )
      }
    </EntityViewCard>
  );
}
