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

import { makeStyles, useTheme } from '@material-ui/core/styles';
import ErrorIcon from '@material-ui/icons/ErrorOutline';
import type { BackstageTheme } from '@backstage/theme';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  DependenciesView,
  DependencyEdge,
} from '@mesh-portal/backstage-plugin-istio-common';
import { VisuallyHidden } from '../../components';
import { counted } from '../../format';
import { nameOfNeighbour } from './dependencyWords';
import { graphModel } from './graphModel';
import type { GraphEdge, GraphSide } from './graphModel';

const ROW = 72;
const GAP = 10;
const LINKS = 88;

const useStyles = makeStyles<BackstageTheme>(theme => ({
  figure: { margin: 0 },
  grid: {
    display: 'grid',
    gridTemplateColumns: `minmax(0, 1fr) ${LINKS}px minmax(120px, 0.6fr) ${LINKS}px minmax(0, 1fr)`,
    alignItems: 'center',
    [theme.breakpoints.down('sm')]: { display: 'block' },
  },
  column: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: GAP,
  },
  box: {
    boxSizing: 'border-box',
    height: ROW,
    padding: theme.spacing(0.75, 1.25),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'center',
    [theme.breakpoints.down('sm')]: { height: 'auto', minHeight: ROW },
  },
  failing: {
    borderColor: theme.palette.status.error,
    borderStyle: 'dashed',
    borderWidth: 2,
  },
  quiet: { borderStyle: 'dotted', color: theme.palette.text.secondary },
  name: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    minWidth: 0,
    fontWeight: 500,
    '& svg': {
      fontSize: '1.15rem',
      flexShrink: 0,
      color: theme.palette.status.error,
    },
    '& > :last-child': {
      minWidth: 0,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
  },
  link: { textDecoration: 'underline' },
  label: {
    fontSize: theme.typography.caption.fontSize,
    color: theme.palette.text.secondary,
    overflow: 'hidden',
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: 2,
  },
  more: {
    textAlign: 'center',
    color: theme.palette.text.secondary,
    '& a': { textDecoration: 'underline', color: theme.palette.link },
  },
  own: {
    padding: theme.spacing(1.5),
    border: `2px solid ${theme.palette.link}`,
    borderRadius: theme.shape.borderRadius,
    textAlign: 'center',
    fontWeight: 600,
    overflowWrap: 'anywhere',
    [theme.breakpoints.down('sm')]: { margin: theme.spacing(1, 0) },
  },
  links: {
    display: 'block',
    [theme.breakpoints.down('sm')]: { display: 'none' },
  },
  side: {
    display: 'none',
    color: theme.palette.text.secondary,
    marginBottom: theme.spacing(0.5),
    [theme.breakpoints.down('sm')]: { display: 'block' },
  },
  nobody: { color: theme.palette.text.secondary, textAlign: 'center' },
}));

function heightOf({ shown }: GraphSide): number {
  return shown.length * ROW + Math.max(0, shown.length - 1) * GAP;
}

/** Lines between the boxes of one side and the entity, in the direction of the calls. Decorative: the boxes say it. */
function Links(props: { side: GraphSide; towards: 'entity' | 'neighbours' }) {
  const classes = useStyles();
  const theme = useTheme<BackstageTheme>();
  const { side, towards } = props;
  const height = Math.max(heightOf(side), ROW);
  const middle = height / 2;
  const colours: Record<GraphEdge['look'], string> = {
    failing: theme.palette.status.error,
    fine: theme.palette.type === 'dark' ? '#82baff' : '#1f5493',
    quiet: theme.palette.textSubtle,
  };
  const dashes: Record<GraphEdge['look'], string | undefined> = {
    failing: '8 4',
    fine: undefined,
    quiet: '2 5',
  };
  return (
    <svg
      className={classes.links}
      width={LINKS}
      height={height}
      aria-hidden
      focusable="false"
    >
      {side.shown.map(({ edge, width, look }, index) => {
        const y = index * (ROW + GAP) + ROW / 2;
        const [from, to] = towards === 'entity' ? [y, middle] : [middle, y];
        const end = LINKS - 9;
        return (
          <g key={edge.id} stroke={colours[look]} fill="none">
            <path
              d={`M 2 ${from} C ${LINKS / 2} ${from}, ${
                LINKS / 2
              } ${to}, ${end} ${to}`}
              strokeWidth={width}
              strokeDasharray={dashes[look]}
            />
            <path
              d={`M ${end - 2} ${to - 6} L ${LINKS - 2} ${to} L ${end - 2} ${
                to + 6
              } Z`}
              fill={colours[look]}
              stroke="none"
            />
          </g>
        );
      })}
    </svg>
  );
}

function NeighbourBox(props: { drawn: GraphEdge; several: boolean }) {
  const classes = useStyles();
  const { edge, look, label } = props.drawn;
  const name = nameOfNeighbour(edge);
  const own = props.several ? ` · ${edge.own.join(', ')}` : '';
  const looks = { failing: classes.failing, fine: '', quiet: classes.quiet };
  return (
    <li className={`${classes.box} ${looks[look]}`}>
      <div className={classes.name}>
        {look === 'failing' && (
          <>
            <ErrorIcon aria-hidden />
            <VisuallyHidden>Failing: </VisuallyHidden>
          </>
        )}
        <span title={name}>
          {edge.neighbour.entityRef ? (
            <EntityRefLink
              entityRef={edge.neighbour.entityRef}
              title={name}
              className={classes.link}
            />
          ) : (
            name
          )}
        </span>
      </div>
      <div className={classes.label} title={`${label}${own}`}>
        {`${label}${own}`}
      </div>
    </li>
  );
}

function Side(props: {
  side: GraphSide;
  label: string;
  nobody: string;
  several: boolean;
  tableId: string;
}) {
  const classes = useStyles();
  const { side, label, nobody, several, tableId } = props;
  return (
    <div>
      <div className={classes.side} aria-hidden>
        {`↓ ${label}`}
      </div>
      {side.shown.length === 0 ? (
        <div className={classes.nobody}>{nobody}</div>
      ) : (
        <ol className={classes.column} aria-label={label}>
          {side.shown.map(drawn => (
            <NeighbourBox key={drawn.edge.id} drawn={drawn} several={several} />
          ))}
        </ol>
      )}
      {side.more > 0 && (
        <div className={classes.more}>
          <a href={`#${tableId}`}>{`and ${counted(
            side.more,
            'more',
            'more',
          )} in the table`}</a>
        </div>
      )}
    </div>
  );
}

/**
 * A picture of the neighbours, from left to right in the direction of the calls: callers, the entity, what it calls.
 * A star needs no layout engine: its boxes are links and text that wrap, reflow below 960 px and follow the keyboard.
 *
 * @param props.name - of the entity
 * @param props.tableId - id of the table that says the same
 * @param props.unknown - directions that could not be asked
 */
export function DependencyGraph(props: {
  name: string;
  edges: DependencyEdge[];
  tableId: string;
  unknown?: DependenciesView['unknownDirections'];
}) {
  const classes = useStyles();
  const { name, edges, tableId, unknown = [] } = props;
  const { callers, callees } = graphModel(edges);
  const several = (direction: DependencyEdge['direction']) =>
    new Set(
      edges
        .filter(edge => edge.direction === direction)
        .flatMap(({ own }) => own),
    ).size > 1 && direction === 'inbound';
  return (
    <figure
      className={classes.figure}
      aria-label={`Who calls ${name}, and what ${name} calls`}
      aria-describedby={tableId}
    >
      <div className={classes.grid}>
        <Side
          side={callers}
          label="Callers"
          nobody={
            unknown.includes('inbound')
              ? 'Who calls it is not known'
              : 'No caller was seen'
          }
          several={several('inbound')}
          tableId={tableId}
        />
        <Links side={callers} towards="entity" />
        <div className={classes.own}>{name}</div>
        <Links side={callees} towards="neighbours" />
        <Side
          side={callees}
          label="What it calls"
          nobody={
            unknown.includes('outbound')
              ? 'What it calls is not known'
              : 'It was seen to call nothing'
          }
          several={several('outbound')}
          tableId={tableId}
        />
      </div>
    </figure>
  );
}
