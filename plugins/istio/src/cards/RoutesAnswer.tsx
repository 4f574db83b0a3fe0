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
  RoutePort,
  RoutesView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  EmptyAnswer,
  IgnoredObjects,
  PlainList,
  ProvenancePopover,
  Section,
  ServiceHeading,
  Stack,
  VerdictLine,
} from '../components';
import { counted } from '../format';
import { RouteRuleItem } from './RouteRuleItem';

/** Rules a card shows of one port; the tab has all. */
const RULES_IN_CARD = 4;

function portInWords({ hosts, port }: RoutePort): string {
  const [first] = hosts;
  if (first === undefined) {
    return `Port ${port}`;
  }
  return hosts.length === 1
    ? `${first} : ${port}`
    : `${first} and ${counted(hosts.length - 1, 'more name')} : ${port}`;
}

/**
 * The rules of one port, in the order in which they are tried.
 *
 * @param props.full - all rules with all their settings
 */
export function RoutePortAnswer(props: { port: RoutePort; full?: boolean }) {
  const { port, full } = props;
  const rules = full ? port.rules : port.rules.slice(0, RULES_IN_CARD);
  const hidden = port.rules.length - rules.length;
  return (
    <Section
      title={
        <>
          {`${portInWords(port)} `}
          <ProvenancePopover
            subject={`Routes of port ${port.port}`}
            facts={port.ownedBy ? [port.ownedBy] : []}
          />
        </>
      }
    >
      <Stack tight>
        {full && port.hosts.length > 1 && (
          <div>{`Names: ${port.hosts.join(', ')}`}</div>
        )}
        <PlainList label={`Rules of port ${port.port}, in order`}>
          {rules.map(rule => (
            <RouteRuleItem key={rule.index} rule={rule} full={full} />
          ))}
        </PlainList>
        {hidden > 0 && (
          <div>{`${counted(hidden, 'more rule')} in Details`}</div>
        )}
        {rules.length === 0 && <div>{port.whenNothingMatches}</div>}
        {full && rules.length > 0 && (
          <div>{`When nothing matches: ${port.whenNothingMatches}`}</div>
        )}
      </Stack>
    </Section>
  );
}

/** Verdict first, then port by port, then what is ignored. */
export function RoutesAnswer(props: { view: RoutesView }) {
  const { services } = props.view;
  if (services.length === 0) {
    return (
      <EmptyAnswer>
        This entity has no service, so nothing routes to it.
      </EmptyAnswer>
    );
  }
  return (
    <Stack>
      {services.map(answer => (
        <Stack key={`${answer.service.cluster} ${answer.service.host}`}>
          <ServiceHeading service={answer.service} of={services.length} />
          <VerdictLine strong verdict={answer.verdict} />
          {answer.ports.map(port => (
            <RoutePortAnswer key={port.port} port={port} />
          ))}
          {answer.ignored.length > 0 && (
            <IgnoredObjects ignored={answer.ignored} />
          )}
          <EmptyAnswer>{`As seen by ${answer.client.label}`}</EmptyAnswer>
        </Stack>
      ))}
    </Stack>
  );
}
