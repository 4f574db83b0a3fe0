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
  SignalsService,
  SignalsView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  EmptyAnswer,
  Notice,
  PlainList,
  ServiceHeading,
  Stack,
  TriageTabLink,
  VerdictLine,
} from '../components';
import { formatRate, windowInWords } from '../format';
import { SloLines } from '../slo';
import { saturationSentence } from './saturationSentence';
import { SignalTileGrid } from './SignalTileGrid';
import { signalTiles } from './signalTiles';

const FLAGS_IN_CARD = 3;

const STATE_TITLES: Record<SignalsService['state'], string> = {
  traffic: 'Traffic',
  idle: 'No traffic now',
  gone: 'No longer reporting',
  never: 'Never seen in the metrics',
  unknown: 'Traffic is not known',
};

/** What the proxies say about requests that went wrong, in words. */
export function FlagLines(props: {
  flags: SignalsService['byFlag'];
  full?: boolean;
}) {
  const { flags, full } = props;
  const shown = full ? flags : flags.slice(0, FLAGS_IN_CARD);
  return (
    <PlainList label="What the proxies report">
      {shown.map(flag => (
        <li key={`${flag.flag} ${flag.seenBy}`}>
          <strong>{formatRate(flag.requestsPerSecond)}</strong>
          {` ${flag.words} (${flag.flag}, seen by the ${flag.seenBy})`}
          {full && flag.causes.length > 0 && (
            <div>{`Usual causes: ${flag.causes.join('; ')}`}</div>
          )}
        </li>
      ))}
    </PlainList>
  );
}

/** What is added to the numbers in words: failures that never arrived, and the layer. */
export function SignalRemarks(props: { service: SignalsService }) {
  const { service } = props;
  const lost = service.current.clientOnlyFailuresPerSecond;
  return (
    <>
      {lost !== undefined && lost > 0 && (
        <div>
          <strong>{formatRate(lost)}</strong>
          {' more failed at the callers and never arrived here'}
        </div>
      )}
      {service.latencyNote && (
        <div>{`No latency: ${service.latencyNote}.`}</div>
      )}
      {service.layer === 'tcp' && (
        <Notice severity="info" title="Connections and bytes only">
          No proxy that understands HTTP reports this traffic, so there are no
          status codes and no latency.
        </Notice>
      )}
    </>
  );
}

/** Is there something to look into? */
function isTrouble({ verdict, slo }: SignalsService): boolean {
  return verdict.state === 'fail' || slo?.state === 'page';
}

function ServiceSignals(props: { service: SignalsService }) {
  const { service } = props;
  const saturation = saturationSentence(service.saturation);
  return (
    <>
      <VerdictLine strong verdict={service.verdict} />
      {service.state !== 'traffic' && (
        <Notice severity="info" title={STATE_TITLES[service.state]}>
          {service.stateReason !== service.verdict.reason &&
            service.stateReason}
        </Notice>
      )}
      {(service.state === 'traffic' || service.state === 'idle') && (
        <SignalTileGrid tiles={signalTiles(service)} />
      )}
      {service.slo && <SloLines slo={service.slo} />}
      <SignalRemarks service={service} />
      {service.byFlag.length > 0 && <FlagLines flags={service.byFlag} />}
      {saturation && <div>{saturation}</div>}
      {isTrouble(service) && (
        <div>
          <TriageTabLink />
        </div>
      )}
    </>
  );
}

/** Verdict first, then the numbers of each service. */
export function SignalsAnswer(props: { view: SignalsView }) {
  const { services } = props.view;
  if (services.length === 0) {
    return (
      <EmptyAnswer>
        This entity has no service, so no requests are counted for it.
      </EmptyAnswer>
    );
  }
  return (
    <Stack>
      {services.map(service => (
        <Stack key={`${service.service.cluster} ${service.service.host}`}>
          <ServiceHeading service={service.service} of={services.length} />
          <ServiceSignals service={service} />
        </Stack>
      ))}
      <EmptyAnswer>
        {`Numbers of ${windowInWords(
          props.view.window,
        )}; dashed: the same time before.`}
      </EmptyAnswer>
    </Stack>
  );
}
