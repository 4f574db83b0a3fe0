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
  DependenciesView,
  DependencyEdge,
} from '@mesh-portal/backstage-plugin-istio-common';
import { clientOfWorkload } from '@mesh-portal/mesh-model';
import type { Window } from '../../prometheus';
import { unmeshedClient, workloadOfCaller } from '../clients';
import {
  type ClusterInput,
  type EntityInput,
  servicesOf,
} from '../entityInput';
import type { EdgeAnswers } from '../observation';
import {
  type ComparableEdge,
  compareWithCatalog,
  declarationOf,
} from './catalogComparison';
import { configuredEdge } from './configuredEdge';
import type { Declarations } from './declarations';
import {
  byUrgency,
  dependenciesVerdict,
  stateOfAll,
} from './dependenciesVerdict';
import { type EdgeRow, edgeRows } from './edgeRows';
import type { NamedEntities } from './neighbours';
import { neighbourOf, proxiesOfCallee, proxyOfCaller } from './neighbours';
import {
  type ObservedEdge,
  observedEdges,
  withoutWaypointHops,
} from './observedEdges';
import { calledSubjects } from './observeEdges';
import { silenceOfWorkloads } from './silence';

/** What the view knows of the catalog, as far as the user may see it. */
export interface CatalogKnowledge {
  services: NamedEntities;
  workloads: NamedEntities;
  /** absent where the catalog could not be asked */
  declarations: Declarations | undefined;
}

/** Edges of an answer; beyond that they are counted only. */
const MAX_EDGES = 200;
/** Edges for which the configuration is asked: those that are looked at. */
const MAX_CONFIGURED = 40;

/** Clusters that share a source, with what it said: their edges are folded once. */
interface AnsweredClusters {
  clusters: ClusterInput[];
  answers: EdgeAnswers;
}

function bySource(input: EntityInput): AnsweredClusters[] {
  const found = new Map<EdgeAnswers['queries'], AnsweredClusters>();
  for (const cluster of input.clusters) {
    const { edges } = cluster.observation;
    if (!edges) continue;
    const entry = found.get(edges.queries) ?? { clusters: [], answers: edges };
    entry.clusters.push(cluster);
    found.set(edges.queries, entry);
  }
  return [...found.values()];
}

/** Names are matched one by one in a query; only whole pairs are the entity's. */
function ownRows(
  { clusters, answers }: AnsweredClusters,
  direction: ObservedEdge['direction'],
): EdgeRow[] {
  const result = direction === 'inbound' ? answers.callers : answers.callees;
  const own = new Set(
    clusters
      .flatMap(({ match }) =>
        direction === 'inbound' ? calledSubjects(match) : match.workloads,
      )
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );
  return (result ? edgeRows(result) : []).filter(({ caller, callee }) =>
    own.has(
      direction === 'inbound'
        ? `${callee.namespace}/${callee.name}`
        : `${caller.namespace}/${caller.workload}`,
    ),
  );
}

/** The cluster an edge is of: that whose Istio name its own end bears, else the first that asked. */
function clusterOf(
  clusters: readonly ClusterInput[],
  { direction, caller, callee }: ObservedEdge,
): ClusterInput {
  const own = direction === 'inbound' ? callee.cluster : caller.cluster;
  return clusters.find(({ name }) => name === own) ?? clusters[0];
}

/** An edge with what is needed to finish it. */
interface NamedEdge extends ComparableEdge {
  observed: ObservedEdge;
  cluster: ClusterInput;
}

function ownNames({ direction, callee, callers }: ObservedEdge): string[] {
  return direction === 'inbound'
    ? [`${callee.namespace}/${callee.name}`]
    : callers;
}

function idOf(observed: ObservedEdge, cluster: ClusterInput): string {
  const { direction, caller, callee } = observed;
  return [
    direction,
    cluster.name,
    ...(direction === 'inbound'
      ? [`${caller.namespace}/${caller.workload}`]
      : []),
    callee.name === 'unknown'
      ? callee.host
      : `${callee.namespace}/${callee.name}`,
  ].join(' ');
}

/** An edge that is new, or gone before the window, has no rate: no number stands there to be mistaken. */
function numbersOf({ numbers }: ObservedEdge) {
  return (
    numbers ?? {
      failures: [],
      mutualTls: { reason: 'There is no rate yet, or no longer' },
      versions: [],
      crossCluster: [],
    }
  );
}

function declaredEntity(
  callee: string | undefined,
  { declarations }: CatalogKnowledge,
): { entityRef?: string } {
  const target = declarations?.dependsOn.find(({ matches }) =>
    [...matches].some(([cluster, { services }]) =>
      services.some(
        ({ metadata }) =>
          `${cluster}/${metadata.namespace}/${metadata.name}` === callee,
      ),
    ),
  );
  return target ? { entityRef: target.entityRef } : {};
}

function named(
  observed: ObservedEdge,
  cluster: ClusterInput,
  catalog: CatalogKnowledge,
): NamedEdge {
  const { snapshot, name } = cluster;
  const neighbour = neighbourOf(observed, {
    cluster: name,
    snapshot,
    services: catalog.services,
    workloads: catalog.workloads,
  });
  const callee =
    observed.direction === 'outbound' && neighbour.name !== undefined
      ? `${name}/${neighbour.namespace}/${neighbour.name}`
      : undefined;
  return {
    observed,
    cluster,
    callee,
    edge: {
      id: idOf(observed, cluster),
      direction: observed.direction,
      cluster: name,
      own: ownNames(observed),
      neighbour: { ...declaredEntity(callee, catalog), ...neighbour },
      state: observed.state,
      ...(observed.lastSeen !== undefined && {
        lastSeen: new Date(observed.lastSeen * 1000).toISOString(),
      }),
      ...numbersOf(observed),
    },
  };
}

function edgesOf(
  answered: AnsweredClusters,
  catalog: CatalogKnowledge,
): NamedEdge[] {
  const { clusters } = answered;
  const direction = (name: ObservedEdge['direction']) => {
    return observedEdges(name, ownRows(answered, name), {
      tunnelled: ({ caller, callee }) =>
        clusters.some(
          ({ snapshot }) =>
            proxyOfCaller(snapshot, caller) === 'ambient' ||
            proxiesOfCallee(snapshot, callee).has('ambient'),
        ),
    });
  };
  const edges = withoutWaypointHops(
    [...direction('inbound'), ...direction('outbound')],
    caller =>
      clusters.some(
        ({ snapshot }) => proxyOfCaller(snapshot, caller) === 'waypoint',
      ),
  );
  return edges.map(edge => named(edge, clusterOf(clusters, edge), catalog));
}

/** What the configuration says about the way, where the cluster holds both ends. */
function configuredOf({
  observed,
  cluster,
  edge,
}: NamedEdge): DependencyEdge['configured'] {
  const { caller, callee, direction } = observed;
  const { snapshot } = cluster;
  const service = snapshot.get('Service', callee.namespace, callee.name);
  if (!service || edge.crossCluster.length > 0) return undefined;
  const workload = workloadOfCaller(snapshot, caller);
  const anonymous = direction === 'inbound' && caller.workload === 'unknown';
  if (!workload && !anonymous) return undefined;
  return configuredEdge({
    cluster,
    client: workload
      ? clientOfWorkload(snapshot, workload)
      : unmeshedClient(cluster.name, callee.namespace).client,
    service,
    caller,
    protocol: edge.protocol === 'tcp' ? 'tcp' : 'http',
  });
}

/** Requests of a caller that is only known to itself arrive without identity: the same may stand there twice. */
function withDoubtAboutUnknown(edges: readonly NamedEdge[]): NamedEdge[] {
  return edges.map(each => {
    const { edge } = each;
    if (edge.neighbour.kind !== 'unknown-caller') return each;
    const [own] = edge.own;
    const onlyKnownToThemselves = edges
      .filter(
        ({ edge: other }) =>
          other.direction === 'inbound' &&
          other.own[0] === own &&
          other.neighbour.kind !== 'unknown-caller' &&
          other.reporter === 'source' &&
          (other.requestsPerSecond ?? 0) > 0,
      )
      .map(({ edge: other }) => other.neighbour.title);
    return onlyKnownToThemselves.length === 0
      ? each
      : {
          ...each,
          edge: {
            ...edge,
            neighbour: {
              ...edge.neighbour,
              note: `${
                edge.neighbour.note
              }. Part of it may be what ${onlyKnownToThemselves.join(
                ', ',
              )} report to have sent: it arrives without identity`,
            },
          },
        };
  });
}

function unknownReason(input: EntityInput): string | undefined {
  const problems = input.clusters.flatMap(
    ({ observation }) => observation.problems,
  );
  return problems[0];
}

/** Directions that there is something to ask about, and no answer. */
function unknownDirections({
  clusters,
}: EntityInput): DependenciesView['unknownDirections'] {
  const unanswered = (
    result: 'callers' | 'callees',
    subjects: (cluster: ClusterInput) => number,
  ) =>
    clusters.some(
      cluster => subjects(cluster) > 0 && !cluster.observation.edges?.[result],
    );
  return [
    ...(unanswered('callers', ({ match }) => calledSubjects(match).length)
      ? (['inbound'] as const)
      : []),
    ...(unanswered('callees', ({ match }) => match.workloads.length)
      ? (['outbound'] as const)
      : []),
  ];
}

/** Whether there is traffic. That there is none is known only where everything was asked. */
function stateOf(
  input: EntityInput,
  answered: readonly AnsweredClusters[],
  edges: readonly DependencyEdge[],
  window: Window,
): Pick<DependenciesView, 'state' | 'stateReason'> {
  const asked = answered.some(
    ({ answers: { callers, callees } }) => callers ?? callees,
  );
  const uncertain = unknownReason(input);
  const state = stateOfAll(edges, window);
  if (asked && (state.state === 'traffic' || uncertain === undefined)) {
    return state;
  }
  return {
    state: 'unknown',
    stateReason: uncertain ?? 'There is nothing to ask metrics about',
  };
}

/**
 * Who calls the entity and whom it calls: observed by metrics, joined with what the configuration says of each way and
 * what the catalog declares.
 *
 * @param window - the span that all rates are of
 */
export function dependenciesView(
  input: EntityInput,
  window: Window,
  catalog: CatalogKnowledge,
): DependenciesView {
  const answered = bySource(input);
  const all = withDoubtAboutUnknown(
    answered.flatMap(each => edgesOf(each, catalog)),
  );
  const finished = all.map(each => ({
    each,
    edge: {
      ...each.edge,
      declared: declarationOf(each, catalog.declarations),
    },
  }));
  finished.sort((a, b) => byUrgency(a.edge, b.edge));
  const edges = finished.slice(0, MAX_EDGES).map(({ each, edge }, index) => {
    const configured = index < MAX_CONFIGURED ? configuredOf(each) : undefined;
    return { ...edge, ...(configured && { configured }) };
  });
  const uncertain = unknownReason(input);
  const state = stateOf(input, answered, edges, window);
  return {
    window,
    services: servicesOf(input).map(({ ref }) => ref),
    workloads: input.clusters.flatMap(({ name, match }) =>
      match.workloads.map(workload => ({ cluster: name, ...workload })),
    ),
    ...state,
    unknownDirections: unknownDirections(input),
    verdict: dependenciesVerdict(edges, { ...state, window }, uncertain),
    edges,
    omitted: finished.length - edges.length,
    catalog: compareWithCatalog(all, catalog.declarations, {
      unknown: state.state === 'unknown' ? state.stateReason : uncertain,
      silent: silenceOfWorkloads(
        input,
        answered.map(a => a.answers),
        window,
      ),
      window,
    }),
  };
}
