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
  ServiceRef,
  SloBrief,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { ClusterSync } from '../cluster';
import { meshConfigOf, type MeshSnapshot } from '@mesh-portal/mesh-model';
import { serviceRefOf, type Service } from '../entity';
import {
  answerOrProblem,
  meshBurn,
  type PrometheusSource,
  type QueryResult,
  splitByService,
} from '../prometheus';
import {
  burnCounts,
  defaultSlo,
  type EntitySlo,
  isCountedByMesh,
  MESH_WINDOWS,
  type SloDefaults,
  sloBrief,
} from '../slo';
import type { ServiceOwner } from '../views/meshServicesView';

const NONE: ReadonlyMap<string, SloBrief> = new Map();

/** What the briefs of a cluster follow from. */
interface MadeFrom {
  answer: QueryResult | undefined;
  owners: ReadonlyMap<string, ServiceOwner>;
  services: readonly Service[];
  clusterDomain: string;
}

function isSame(a: MadeFrom, b: MadeFrom): boolean {
  return (
    a.answer === b.answer &&
    a.owners === b.owners &&
    a.services === b.services &&
    a.clusterDomain === b.clusterDomain
  );
}

/** The same ones again as long as they follow from the same, so that rows that show them can stay the same. */
const lastBriefs = new WeakMap<
  MeshSnapshot,
  { made: MadeFrom; briefs: ReadonlyMap<string, SloBrief> }
>();

/**
 * The fast burn of every service of a cluster that has traffic, by `namespace/name`: one request for all, shared by all
 * who look. A service that no entity names is held against the default.
 *
 * @param owners - entities by `namespace/name` of their services
 */
export async function meshObjectives(
  sync: ClusterSync,
  source: PrometheusSource | undefined,
  owners: ReadonlyMap<string, ServiceOwner>,
  defaults: SloDefaults,
): Promise<ReadonlyMap<string, SloBrief>> {
  if (!source) return NONE;
  const problems: string[] = [];
  const answer = await answerOrProblem(
    source.queries.name,
    'Burn of the objectives',
    source.queries.ofSource(meshBurn, {}, { priority: 'background' }),
    problem => problems.push(problem),
  );
  const { snapshot } = sync;
  const made: MadeFrom = {
    answer,
    owners,
    services: snapshot.list('Service'),
    clusterDomain: meshConfigOf(snapshot).clusterDomain,
  };
  const last = lastBriefs.get(snapshot);
  if (last && answer && isSame(last.made, made)) return last.briefs;
  const briefOf = keptBriefs(answer);
  const briefs = new Map(
    made.services.map(({ metadata }) => {
      const key = `${metadata.namespace}/${metadata.name}`;
      const slo = owners.get(key)?.slo ?? { definition: defaultSlo(defaults) };
      const ref = serviceRefOf(sync, metadata);
      return [key, briefOf(ref, slo, problems)] as const;
    }),
  );
  lastBriefs.set(snapshot, { made, briefs });
  return briefs;
}

type BriefOf = (
  ref: ServiceRef,
  slo: EntitySlo,
  problems: readonly string[],
) => SloBrief;

const KEPT = new WeakMap<QueryResult, BriefOf>();

/** The same answer gives the same briefs: lists are asked for far more often than Prometheus is. */
function keptBriefs(answer: QueryResult | undefined): BriefOf {
  if (!answer) {
    return (ref, slo, problems) =>
      notCounted(slo) ?? sloBrief(ref, slo, undefined, problems);
  }
  const known = KEPT.get(answer);
  if (known) return known;
  const rowsOf = splitByService(answer);
  const briefs = new Map<string, SloBrief>();
  const briefOf: BriefOf = (ref, slo, problems) => {
    const id = `${ref.host} ${JSON.stringify(slo)}`;
    const brief = briefs.get(id) ?? judged(ref, slo, rowsOf, problems);
    briefs.set(id, brief);
    return brief;
  };
  KEPT.set(answer, briefOf);
  return briefOf;
}

function judged(
  ref: ServiceRef,
  slo: EntitySlo,
  rowsOf: (service: string) => QueryResult,
  problems: readonly string[],
): SloBrief {
  const key = `${ref.namespace}/${ref.name}`;
  return (
    notCounted(slo) ??
    sloBrief(
      ref,
      slo,
      slo.definition &&
        burnCounts(rowsOf(key), key, slo.definition, MESH_WINDOWS),
      problems,
    )
  );
}

function notCounted(slo: EntitySlo): SloBrief | undefined {
  if (!slo.definition || isCountedByMesh(slo)) return undefined;
  const { origin, availability } = slo.definition;
  return {
    state: 'unknown',
    origin,
    ...(availability !== undefined && { target: availability }),
    reason:
      'Its objective leaves out codes or counts what clients see: see its page',
  };
}
