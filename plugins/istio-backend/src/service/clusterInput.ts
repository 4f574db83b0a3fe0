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

import type { EntityViewName } from '@mesh-portal/backstage-plugin-istio-common';
import type { ClusterSync } from '../cluster';
import type { ClusterMatch } from '../entity';
import {
  type PrometheusSource,
  TooManyQueriesError,
  type Window,
} from '../prometheus';
import {
  type EntitySlo,
  observeSlo,
  type SloReader,
  slowThreshold,
} from '../slo';
import { observeTriage } from '../triage';
import { observeEdges } from '../views/dependencies';
import type { Elsewhere } from '../views/elsewhere';
import type { ClusterEntities, ClusterInput } from '../views/entityInput';
import {
  NOTHING_TO_OBSERVE,
  type Observation,
  observe,
  observeDetails,
} from '../views/observation';

/** Views of configuration alone: metrics could only make them wait. */
export const UNOBSERVED: ReadonlySet<EntityViewName> = new Set([
  'exposure',
  'bindings',
  'clusters',
]);

/** Views of who calls whom. */
const OF_EDGES: ReadonlySet<EntityViewName> = new Set([
  'dependencies',
  'external',
]);

/** Views that show the objectives of services. */
const SHOWS_OBJECTIVES: ReadonlySet<EntityViewName> = new Set(['signals']);

/** What is asked about an entity, the same in every cluster. */
export interface AskedView {
  view: EntityViewName;
  window: Window;
  /** of the view `signals` */
  details: boolean;
  /** objective of the entity */
  slo: EntitySlo;
  /** who waits for it */
  user: string | undefined;
}

/** A cluster, and where observations of it come from. */
export interface ObservedCluster {
  sync: ClusterSync;
  /** absent: no Prometheus is configured for the cluster */
  source: PrometheusSource | undefined;
  slos: SloReader;
  rootNamespace: string;
  /** as far as the user may see them; absent: not known */
  entities: ClusterEntities | undefined;
  /** absent where no other cluster is of the same mesh */
  elsewhere: Elsewhere | undefined;
}

async function observationOf(
  { source, sync: { snapshot } }: ObservedCluster,
  match: ClusterMatch,
  { view, window, details, user }: AskedView,
): Promise<Observation> {
  if (UNOBSERVED.has(view)) return NOTHING_TO_OBSERVE;
  if (OF_EDGES.has(view)) return observeEdges(source, match, window);
  const { services } = match;
  const found = await observe(source, snapshot, services, window, { user });
  // Of the signals nothing is left without metrics; other views stand without them.
  if (view === 'signals' && source && found.overloaded) {
    throw new TooManyQueriesError(source.queries.name);
  }
  return view === 'signals' && details
    ? observeDetails(source, services, window, found, { user })
    : found;
}

/**
 * What an entity is in one cluster, with what was observed of it as far as the view shows it. Without Prometheus, or when
 * it fails, the observation says so.
 *
 * @throws TooManyQueriesError when signals are asked for and the source takes no more questions
 */
export async function clusterInputOf(
  cluster: ObservedCluster,
  match: ClusterMatch,
  asked: AskedView,
): Promise<ClusterInput> {
  const { sync, source, slos: reader, entities, elsewhere } = cluster;
  const { view, slo, user } = asked;
  const known = () => ({
    name: sync.name,
    snapshot: sync.snapshot,
    status: sync.status(),
    match,
    entities,
    ...(elsewhere && { elsewhere }),
  });
  if (view === 'triage') {
    const { observation, services } = await observeTriage({
      ...cluster,
      services: match.services,
      slowMs: slowThreshold(slo),
      target: slo.definition?.availability,
      user,
    });
    return { ...known(), observation, triage: services };
  }
  const [observation, slos] = await Promise.all([
    observationOf(cluster, match, asked),
    SHOWS_OBJECTIVES.has(view)
      ? observeSlo(reader, source, sync, match.services, slo, { user })
      : undefined,
  ]);
  if (source && observation.answers?.requests) {
    reader.learnBoundaries(source, observation.answers.requests);
  }
  return { ...known(), observation, slos };
}
