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
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { DependencyEdge } from '@mesh-portal/backstage-plugin-istio-common';
import {
  CompactTable,
  PlainList,
  ProvenancePopover,
  VerdictIcon,
  VisuallyHidden,
} from '../../components';
import type { CompactColumn } from '../../components';
import { formatRate, formatShare, NO_NUMBER } from '../../format';
import {
  bytesInWords,
  configuredInWords,
  DECLARED_WORDS,
  DIRECTION_WORDS,
  failingShare,
  isFailing,
  latencyInWords,
  mutualTlsInWords,
  nameOfNeighbour,
  notableFailures,
  rateInWords,
  refusedShare,
  REPORTER_WORDS,
  stateInWords,
  versionsInWords,
} from './dependencyWords';

const useStyles = makeStyles(theme => ({
  link: { textDecoration: 'underline' },
  small: {
    fontSize: theme.typography.caption.fontSize,
    fontWeight: 'normal',
    color: theme.palette.text.secondary,
  },
  failing: {
    display: 'flex',
    gap: theme.spacing(0.5),
    '& svg': { fontSize: '1.15rem' },
  },
}));

/** The first line says it, the others what is behind it. */
function Lines(props: { first?: string; more?: Array<string | undefined> }) {
  const classes = useStyles();
  const { first, more = [] } = props;
  return (
    <>
      {first !== undefined && <div>{first}</div>}
      {more.map(
        line =>
          line !== undefined && (
            <div key={line} className={classes.small}>
              {line}
            </div>
          ),
      )}
    </>
  );
}

function Neighbour(props: { edge: DependencyEdge }) {
  const classes = useStyles();
  const { edge } = props;
  const { entityRef, owner, note, title } = edge.neighbour;
  return (
    <>
      {entityRef ? (
        <EntityRefLink
          entityRef={entityRef}
          title={nameOfNeighbour(edge)}
          className={classes.link}
        />
      ) : (
        title
      )}
      {owner && (
        <div className={classes.small}>
          {'owner '}
          <EntityRefLink
            entityRef={owner}
            defaultKind="group"
            className={classes.link}
          />
        </div>
      )}
      {note && <div className={classes.small}>{note}</div>}
      {edge.crossCluster.map(({ from, to, perSecond }) => (
        <div key={`${from} ${to}`} className={classes.small}>
          {`across clusters: ${from} to ${to}, ${formatRate(perSecond)}`}
        </div>
      ))}
    </>
  );
}

function Errors(props: { edge: DependencyEdge }) {
  const classes = useStyles();
  const { edge } = props;
  const share = failingShare(edge);
  if (share === undefined) return <>{NO_NUMBER}</>;
  const lost = edge.clientOnlyFailuresPerSecond;
  const refused = refusedShare(edge);
  return (
    <>
      <div className={classes.failing}>
        {isFailing(edge) && (
          <>
            <VerdictIcon state="fail" />
            <VisuallyHidden>Failing: </VisuallyHidden>
          </>
        )}
        {formatShare(share)}
      </div>
      {notableFailures(edge).map(({ code, flag, words, perSecond }) => (
        <div key={`${code} ${flag ?? ''} ${words}`} className={classes.small}>
          {`${[code, flag].filter(Boolean).join(' ')}: ${words}, ${formatRate(
            perSecond,
          )}`}
        </div>
      ))}
      {refused !== undefined && refused > 0 && (
        <div className={classes.small}>
          {`${formatShare(refused)} refused with 403`}
        </div>
      )}
      {lost !== undefined && lost > 0 && (
        <div className={classes.small}>
          {`${formatRate(lost)} of it never arrived: only the caller saw it`}
        </div>
      )}
    </>
  );
}

function Configured(props: { edge: DependencyEdge }) {
  const { transport, authorization } = props.edge.configured ?? {};
  return (
    <>
      {`${configuredInWords(props.edge)} `}
      {[transport, authorization].map(
        part =>
          part && (
            <ProvenancePopover
              key={part.reason}
              subject={part.reason}
              facts={part.facts}
            />
          ),
      )}
    </>
  );
}

function Traffic(props: { edge: DependencyEdge }) {
  const { edge } = props;
  const quiet = stateInWords(edge);
  const rate = rateInWords(edge);
  return (
    <Lines
      first={quiet ?? rate}
      more={[
        quiet === undefined || rate === NO_NUMBER ? undefined : rate,
        edge.protocol,
        bytesInWords(edge),
        edge.reporter && `counted by ${REPORTER_WORDS[edge.reporter]}`,
      ]}
    />
  );
}

const COLUMNS: CompactColumn<DependencyEdge>[] = [
  { title: 'Neighbour', cell: edge => <Neighbour edge={edge} /> },
  {
    title: 'Direction',
    cell: edge => (
      <Lines first={DIRECTION_WORDS[edge.direction]} more={edge.own} />
    ),
  },
  { title: 'Traffic', cell: edge => <Traffic edge={edge} /> },
  { title: 'Errors', wide: true, cell: edge => <Errors edge={edge} /> },
  {
    title: 'Latency',
    wide: true,
    cell: edge => {
      const [first, ...more] = latencyInWords(edge);
      return <Lines first={first} more={more} />;
    },
  },
  { title: 'Mutual TLS', cell: mutualTlsInWords },
  {
    title: 'Versions called',
    wide: true,
    cell: edge =>
      edge.versions.length > 0 ? (
        <Lines more={versionsInWords(edge)} />
      ) : (
        NO_NUMBER
      ),
  },
  { title: 'Configured', cell: edge => <Configured edge={edge} /> },
  { title: 'In the catalog', cell: edge => DECLARED_WORDS[edge.declared] },
];

/** Why there is no encrypted share, or what it is of; each reason once. */
function mutualTlsNotes(edges: DependencyEdge[]): string[] {
  const seen = edges.filter(({ state }) => state === 'traffic');
  return [...new Set(seen.flatMap(({ mutualTls }) => mutualTls.reason ?? []))];
}

/** All neighbours with everything that is known of them, failing first. */
export function DependencyTable(props: {
  edges: DependencyEdge[];
  omitted: number;
  window: string;
  id: string;
}) {
  const { edges, omitted, window, id } = props;
  const notes = mutualTlsNotes(edges);
  return (
    <div id={id} tabIndex={-1}>
      <CompactTable
        caption={`Callers and dependencies, rates of the last ${window}`}
        columns={COLUMNS}
        rows={edges}
        keyOf={edge => edge.id}
      />
      {omitted > 0 && (
        <div>{`${omitted} more with less traffic are not listed.`}</div>
      )}
      {notes.length > 0 && (
        <PlainList label="Remarks about mutual TLS">
          {notes.map(note => (
            <li key={note}>{`Mutual TLS: ${note}.`}</li>
          ))}
        </PlainList>
      )}
    </div>
  );
}
