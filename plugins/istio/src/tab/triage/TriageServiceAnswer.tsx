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
import { makeStyles } from '@material-ui/core/styles';
import type { BackstageTheme } from '@backstage/theme';
import type {
  TriageMoment,
  TriageService,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  FactGrid,
  LoadingState,
  Notice,
  PlainList,
  Section,
  Stack,
  VerdictIcon,
  VisuallyHidden,
} from '../../components';
import {
  formatRate,
  formatShare,
  nameOfObject,
  VERDICT_WORDS,
} from '../../format';
import { ServiceLinks } from '../../links';
import { TriageCells } from './TriageCells';
import { TriageChanges } from './TriageChanges';
import { TriageChecks } from './TriageChecks';
import { TriageEvidence } from './TriageEvidence';
import { startedWords } from './triageWords';

const TriageChart = lazy(() =>
  import('./TriageChart').then(module => ({ default: module.TriageChart })),
);

const CONTEXT_SECONDS = 900;

const useStyles = makeStyles<BackstageTheme>(theme => ({
  headline: {
    display: 'flex',
    gap: theme.spacing(1),
    margin: 0,
    fontSize: '1.15rem',
    fontWeight: 600,
    lineHeight: 1.35,
    '& svg': { marginTop: 3, flexShrink: 0 },
    '& > span': { minWidth: 0, overflowWrap: 'anywhere' },
  },
  started: { fontSize: '1rem', fontWeight: 500 },
}));

function momentWords(moment: TriageMoment | undefined): string | undefined {
  if (!moment) {
    return undefined;
  }
  const lost = moment.neverArrivedPerSecond ?? 0;
  return [
    `${formatRate(moment.requestsPerSecond)}, ${formatShare(
      moment.errorShare,
    )} fail (${formatRate(moment.errorsPerSecond)})`,
    lost > 0 && `${formatRate(lost)} never arrive`,
  ]
    .filter(Boolean)
    .join('; ');
}

function Headline(props: { service: TriageService }) {
  const classes = useStyles();
  const { verdict, headline, since, detail, changes, checks } = props.service;
  const [change] = changes;
  const isSuspect = checks.some(
    ({ check, outcome }) =>
      check === 'configuration' && outcome === 'points-here',
  );
  return (
    <>
      <p className={classes.headline} role="status">
        <VerdictIcon state={verdict.state} />
        <span>
          <VisuallyHidden>{`${VERDICT_WORDS[verdict.state]}: `}</VisuallyHidden>
          {headline}
        </span>
      </p>
      {since && (
        <div className={classes.started}>{startedWords(since, Date.now())}</div>
      )}
      {isSuspect && change && (
        <div className={classes.started}>
          {`Changed then: ${nameOfObject(change.object)}${
            change.fields.length > 0 ? `, ${change.fields[0]}` : ''
          }`}
        </div>
      )}
      {detail.map(sentence => (
        <div key={sentence}>{sentence}</div>
      ))}
    </>
  );
}

/** What to open in other tools, at the time and for the version that matters. */
function Links(props: { service: TriageService }) {
  const { service, since, cells } = props.service;
  const beganAt =
    since?.at === undefined ? undefined : Date.parse(since.at) / 1000;
  const [worst] = cells;
  return (
    <ServiceLinks
      services={[service]}
      about={{
        ...(beganAt !== undefined && { from: beganAt - CONTEXT_SECONDS }),
        ...(worst && {
          caller: worst.caller,
          version: worst.version,
          workload: worst.workload,
        }),
      }}
    />
  );
}

/** The triage of one service: what changed in a sentence, then the evidence, the causes looked at, and where to go on. */
export function TriageServiceAnswer(props: { service: TriageService }) {
  const { service } = props;
  const { since, baseline, cells, checks, next, series, slow } = service;
  const beganAt =
    since?.at === undefined ? undefined : Date.parse(since.at) / 1000;
  const isTrouble = checks.length > 0;
  return (
    <Stack>
      <Headline service={service} />
      {service.problems.length > 0 && (
        <Notice severity="warning" title="Some numbers are missing">
          <PlainList>
            {service.problems.map(problem => (
              <li key={problem}>{problem}</li>
            ))}
          </PlainList>
        </Notice>
      )}
      <FactGrid
        facts={[
          service.now
            ? { label: 'Now', value: momentWords(service.now) }
            : undefined,
          baseline && service.base
            ? {
                label:
                  baseline.words[0].toUpperCase() + baseline.words.slice(1),
                value: momentWords(service.base),
              }
            : undefined,
          service.rateAndMix
            ? { label: 'Kind', value: service.rateAndMix.words }
            : undefined,
          slow ? { label: 'Slow', value: slow.words } : undefined,
        ]}
      />
      {next.length > 0 && (
        <Section title="Look at next">
          <PlainList label="Look at next">
            {next.map(step => (
              <li key={step}>{step}</li>
            ))}
          </PlainList>
        </Section>
      )}
      <Links service={service} />
      <Section
        title={
          beganAt === undefined
            ? 'What was changed in the last two hours'
            : 'What was changed about when it started'
        }
      >
        <TriageChanges
          changes={service.changes}
          seenSince={service.changesSeenSince}
          hasBeginning={beganAt !== undefined}
        />
      </Section>
      {cells.length > 0 && (
        <Section title="Who sees which errors">
          <TriageCells cells={cells} then={baseline?.words} />
        </Section>
      )}
      {isTrouble && (
        <Section title="What was looked at, in this order">
          <TriageChecks checks={checks} />
        </Section>
      )}
      {isTrouble && series.length > 1 && (
        <Section title="Errors per second">
          <Suspense
            fallback={<LoadingState lines={6} label="Loading the chart" />}
          >
            <TriageChart series={series} beganAt={beganAt} />
          </Suspense>
        </Section>
      )}
      {service.evidence.length > 0 && (
        <Section title="Evidence">
          <TriageEvidence
            evidence={service.evidence}
            service={service.service}
          />
        </Section>
      )}
    </Stack>
  );
}
