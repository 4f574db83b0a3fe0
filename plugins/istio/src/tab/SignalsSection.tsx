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

import { lazy, Suspense, useId, useState } from 'react';
import Button from '@material-ui/core/Button';
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
  WindowSelect,
} from '../components';
import { useSignals, useWindowInAddress } from '../queries';
import { SloDetails } from '../slo';
import { SignalBreakdowns } from './SignalBreakdowns';

const SignalCharts = lazy(() =>
  import('./SignalCharts').then(module => ({ default: module.SignalCharts })),
);

const SignalDetails = lazy(() =>
  import('./SignalDetails').then(module => ({ default: module.SignalDetails })),
);

/** What is asked for only when somebody wants to see it. */
function MoreSignals(props: { service: SignalsService; window: string }) {
  const { service, window } = props;
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <Stack>
      <div>
        <Button
          size="small"
          variant="outlined"
          style={{ textTransform: 'none' }}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {open
            ? 'Hide the past, retries and what is missing'
            : 'Show the past, retries and what is missing'}
        </Button>
      </div>
      <div id={id}>
        {open && (
          <Suspense
            fallback={<LoadingState lines={6} label="Loading the past" />}
          >
            <SignalDetails
              service={service.service}
              current={service.current}
              window={window}
            />
          </Suspense>
        )}
      </div>
    </Stack>
  );
}

function ServiceSignals(props: { service: SignalsService; window: string }) {
  const { service, window } = props;
  return (
    <>
      <VerdictLine strong verdict={service.verdict} />
      {service.state !== 'traffic' &&
        service.stateReason !== service.verdict.reason && (
          <div>{service.stateReason}</div>
        )}
      {service.lastSeen && (
        <div>{`Last seen ${new Date(service.lastSeen).toLocaleString()}`}</div>
      )}
      <SignalTileGrid tiles={signalTiles(service, window)} />
      <SignalRemarks service={service} />
      {service.series.length > 1 && (
        <Suspense
          fallback={<LoadingState lines={8} label="Loading the charts" />}
        >
          <SignalCharts service={service} window={window} />
        </Suspense>
      )}
      {service.byFlag.length > 0 && (
        <Section title="What the proxies report">
          <FlagLines flags={service.byFlag} full />
        </Section>
      )}
      {service.slo && <SloDetails slo={service.slo} />}
      <SignalBreakdowns service={service} />
      <MoreSignals service={service} window={window} />
    </>
  );
}

/** Golden signals in full: numbers, charts, and who and what they consist of. */
export function SignalsSection() {
  const [window, setWindow] = useWindowInAddress();
  const query = useSignals(window);
  return (
    <EntityViewCard
      title="Golden signals"
      query={query}
      action={
        <WindowSelect
          window={window}
          onChange={setWindow}
          loading={query.isPlaceholderData}
        />
      }
      lines={12}
      metrics
    >
      {({ services, window: shown }) =>
        services.length === 0 ? (
          <EmptyAnswer>
            This entity has no service, so no requests are counted for it.
          </EmptyAnswer>
        ) : (
          services.map(service => (
            <Stack key={`${service.service.cluster} ${service.service.host}`}>
              <ServiceHeading service={service.service} of={services.length} />
              <ServiceSignals service={service} window={shown} />
            </Stack>
          ))
        )
      }
    </EntityViewCard>
  );
}
