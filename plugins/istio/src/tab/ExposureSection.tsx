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

import { makeStyles } from '@material-ui/core/styles';
import type {
  ExposureAccess,
  ExposurePath,
  ExposureStep,
} from '@mesh-portal/backstage-plugin-istio-common';
import { PolicyItem } from '../cards/PolicyItem';
import { TokensAnswer } from '../cards/TokensAnswer';
import {
  EmptyAnswer,
  FoldedViewCard,
  IgnoredObjects,
  PlainList,
  ProvenancePopover,
  Section,
  ServiceHeading,
  Stack,
  VerdictIcon,
  VerdictLine,
} from '../components';
import { nameOfObject } from '../format';
import { useExposure } from '../queries';

const STEP_WORDS: Record<ExposureStep['kind'], string> = {
  gateway: 'Gateway',
  listener: 'Listener',
  host: 'Host',
  'gateway-policies': 'Callers',
  route: 'Route',
  service: 'Service',
  'service-policies': 'Let in',
  workloads: 'Pods',
};

const useStyles = makeStyles(theme => ({
  steps: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    '& > li': {
      display: 'grid',
      gridTemplateColumns: '20px 72px minmax(0, 1fr)',
      gap: theme.spacing(1),
      alignItems: 'start',
      padding: theme.spacing(0.25, 0),
      overflowWrap: 'anywhere',
    },
    '& > li > span:nth-child(2)': { color: theme.palette.text.secondary },
    '& svg': { marginTop: 2 },
  },
}));

/** What a request from outside passes, in order. */
function Steps(props: { path: ExposurePath }) {
  const classes = useStyles();
  const { path } = props;
  return (
    <ol
      className={classes.steps}
      aria-label={`Way through ${nameOfObject(path.gateway)}`}
    >
      {path.steps.map(step => (
        <li key={step.kind}>
          <VerdictIcon state={step.state} />
          <span>{STEP_WORDS[step.kind]}</span>
          <span>
            {step.says}{' '}
            <ProvenancePopover
              subject={step.says}
              facts={step.provenance ? [step.provenance] : []}
            />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What decides at the gateway: its policies in sentences, and its tokens. Nothing where nothing decides. */
function AccessAnswer(props: { access: ExposureAccess }) {
  const { gateway, service } = props.access;
  return (
    <>
      {service.remedy && <div>{`Remedy: ${service.remedy}`}</div>}
      {gateway.policies.length > 0 && (
        <Section title="Policies at the gateway">
          <PlainList>
            {gateway.policies.map(policy => (
              <PolicyItem
                key={nameOfObject(policy.object)}
                policy={policy}
                full
              />
            ))}
          </PlainList>
        </Section>
      )}
      <TokensAnswer answer={gateway.requestAuthentication} full />
      {gateway.ignored.length > 0 && (
        <IgnoredObjects ignored={gateway.ignored} />
      )}
    </>
  );
}

/** How requests from outside get here: one way after the other, from the edge to the pods. */
export function ExposureSection() {
  return (
    <FoldedViewCard
      title="Reachable from outside"
      section="exposure"
      query={useExposure()}
      lines={2}
      verdictsOf={({ services }) =>
        services.map(({ service, verdict }) => ({
          key: `${service.cluster} ${service.host}`,
          verdict,
        }))
      }
    >
      {({ services }) => (
        <Stack>
          {services.length === 0 && (
            <EmptyAnswer>
              This entity has no service, so nothing leads to it.
            </EmptyAnswer>
          )}
          {services.map(({ service, paths, notAttached }) => (
            <Stack key={`${service.cluster} ${service.host}`}>
              <ServiceHeading service={service} of={services.length} />
              {paths.length + notAttached.length === 0 && (
                <EmptyAnswer>
                  A VirtualService, HTTPRoute or Ingress would lead from a
                  gateway to this service.
                </EmptyAnswer>
              )}
              {paths.map(path => (
                <Section
                  key={`${nameOfObject(path.gateway)} ${
                    path.port
                  } ${path.addresses.join(' ')}`}
                  title={path.addresses.join(', ')}
                >
                  <Stack tight>
                    {paths.length > 1 && <VerdictLine verdict={path.verdict} />}
                    <Steps path={path} />
                    <AccessAnswer access={path.access} />
                  </Stack>
                </Section>
              ))}
              {notAttached.length > 0 && (
                <Section title="Means to lead here and does not">
                  <IgnoredObjects ignored={notAttached} />
                </Section>
              )}
            </Stack>
          ))}
        </Stack>
      )}
    </FoldedViewCard>
  );
}
