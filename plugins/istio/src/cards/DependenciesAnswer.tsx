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
import type {
  DependenciesView,
  DependencyEdge,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  PlainList,
  Stack,
  VerdictIcon,
  VerdictLine,
  VisuallyHidden,
} from '../components';
import { counted } from '../format';
import {
  edgeLabel,
  isFailing,
  nameOfNeighbour,
} from '../tab/dependencies/dependencyWords';

/** Neighbours a card names; the tab has all. */
const MAX_LINES = 5;

const useStyles = makeStyles(theme => ({
  line: {
    display: 'flex',
    gap: theme.spacing(0.75),
    '& svg': { fontSize: '1.15rem', marginTop: 1 },
  },
  words: { minWidth: 0, overflowWrap: 'anywhere' },
  link: { textDecoration: 'underline' },
}));

function EdgeLine(props: { edge: DependencyEdge }) {
  const classes = useStyles();
  const { edge } = props;
  const { entityRef } = edge.neighbour;
  const name = nameOfNeighbour(edge);
  return (
    <li className={classes.line}>
      {isFailing(edge) && (
        <>
          <VerdictIcon state="fail" />
          <VisuallyHidden>Failing: </VisuallyHidden>
        </>
      )}
      <span className={classes.words}>
        {edge.direction === 'inbound' ? 'from ' : 'to '}
        {entityRef ? (
          <EntityRefLink
            entityRef={entityRef}
            title={name}
            className={classes.link}
          />
        ) : (
          name
        )}
        {`: ${edgeLabel(edge)}`}
      </span>
    </li>
  );
}

function countsInWords(view: DependenciesView): string {
  const { edges, catalog, window, unknownDirections } = view;
  const of = (
    direction: DependencyEdge['direction'],
    singular: string,
    plural: string,
  ) =>
    unknownDirections.includes(direction)
      ? `${plural} not known`
      : counted(
          edges.filter(edge => edge.direction === direction).length,
          singular,
          plural,
        );
  const differences = catalog.undeclared.length + catalog.unused.length;
  const declared =
    differences > 0
      ? `; ${counted(differences, 'difference')} to dependsOn in the catalog`
      : '';
  return `${of('inbound', 'caller', 'callers')}, ${of(
    'outbound',
    'dependency',
    'dependencies',
  )} in the last ${window}${declared}`;
}

/** Do calls from and to the entity succeed: a sentence, and the neighbours that matter most. */
export function DependenciesAnswer(props: { view: DependenciesView }) {
  const { view } = props;
  return (
    <Stack>
      <VerdictLine strong verdict={view.verdict} />
      {view.edges.length > 0 && (
        <>
          <PlainList label="Neighbours, failing first">
            {view.edges.slice(0, MAX_LINES).map(edge => (
              <EdgeLine key={edge.id} edge={edge} />
            ))}
          </PlainList>
          <div>{countsInWords(view)}</div>
        </>
      )}
    </Stack>
  );
}
