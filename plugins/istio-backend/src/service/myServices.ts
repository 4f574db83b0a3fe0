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

import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type {
  MyService,
  MyServicesView,
  ServiceRef,
} from '@mesh-portal/backstage-plugin-istio-common';
import { type ResolvableCluster, resolveEntity, serviceRefOf } from '../entity';
import {
  burnRate,
  type CachedResult,
  PrometheusError,
  type PrometheusSources,
  serviceErrors,
  serviceLatency,
  splitByService,
  type Subject,
  type SubjectsResult,
} from '../prometheus';
import { entitySlo, type EntitySlo, type SloDefaults } from '../slo';
import { myService } from '../views/myService';
import { compareWorst } from '../views/myServiceOrder';
import { NOT_CONFIGURED, type Observation } from '../views/observation';
import type { EntityIndex } from './entityIndex';

/** Services that one page is made for. */
const MAX_SERVICES = 200;

export interface MyServicesOptions {
  entities: EntityIndex;
  prometheus: PrometheusSources;
  slo: SloDefaults;
}

export interface MyServicesQuestion {
  clusters: readonly ResolvableCluster[];
  /** entity refs by which the user owns */
  owners: readonly string[];
  /** one of them; absent: all */
  group?: string;
  latency: boolean;
  credentials: BackstageCredentials;
  /** entity ref of who waits */
  user?: string;
  /** those of the entities that the user may ask about */
  mayRead(entityRefs: readonly string[]): Promise<ReadonlySet<string>>;
}

interface Found {
  ref: ServiceRef;
  entityRef: string;
  owner: string;
  slo: EntitySlo;
}

/** What one cluster's source said about the services asked about. */
interface Answers {
  errors?: (service: string) => CachedResult;
  burn?: (service: string) => CachedResult;
  latency?: (service: string) => CachedResult;
  /** what is missing about a service */
  problemsOf: (service: string) => readonly string[];
  observation: Observation;
}

/** Of a cluster that none of the services is in. */
const NOTHING_ASKED: Answers = {
  problemsOf: () => [],
  observation: NOT_CONFIGURED,
};

/**
 * The services of the entities a user owns, worst first. Errors and burn in two requests for fifty services; latency,
 * which costs most, in one more when it is asked for.
 */
export async function myServices(
  options: MyServicesOptions,
  question: MyServicesQuestion,
): Promise<{ view: MyServicesView; observations: Observation[] }> {
  const owned = await ownedEntities(options.entities, question);
  const readable = await question.mayRead(
    owned.map(({ entity }) => stringifyEntityRef(entity)),
  );
  const { found, unresolved } = servicesOf(
    owned.filter(({ entity }) => readable.has(stringifyEntityRef(entity))),
    question.clusters,
    options.slo,
  );
  const shown = found.slice(0, MAX_SERVICES);
  const clusters = [...new Set(shown.map(({ ref }) => ref.cluster))];
  const answers = new Map(
    await Promise.all(
      clusters.map(
        async cluster =>
          [
            cluster,
            await ask(
              options.prometheus,
              cluster,
              shown
                .filter(({ ref }) => ref.cluster === cluster)
                .map(({ ref: { namespace, name } }) => ({ namespace, name })),
              question.latency,
              question.user,
            ),
          ] as const,
      ),
    ),
  );
  const services: MyService[] = shown.map(({ ref, entityRef, owner, slo }) => {
    const { errors, burn, latency, problemsOf } =
      answers.get(ref.cluster) ?? NOTHING_ASKED;
    const key = `${ref.namespace}/${ref.name}`;
    return {
      ...myService({
        ref,
        slo,
        errors: errors?.(key),
        burn: burn?.(key),
        latency: latency?.(key),
        problems: problemsOf(key),
      }),
      entityRef,
      owner,
    };
  });
  return {
    view: {
      services: services.sort(compareWorst),
      groups: [...question.owners],
      total: found.length,
      truncated: found.length > MAX_SERVICES,
      entities: owned.length,
      unresolved,
      latency: question.latency ? 'included' : 'absent',
    },
    observations: [...answers.values()].map(({ observation }) => observation),
  };
}

interface Owned {
  entity: Entity;
  owner: string;
}

async function ownedEntities(
  index: EntityIndex,
  { owners, group, credentials }: MyServicesQuestion,
): Promise<Owned[]> {
  const wanted = new Set(
    (group === undefined ? owners : owners.filter(each => each === group)).map(
      ref => ref.toLocaleLowerCase('en-US'),
    ),
  );
  if (wanted.size === 0) return [];
  return (await index.entitiesOf(credentials)).flatMap(entity => {
    const relation = entity.relations?.find(
      ({ type, targetRef }) =>
        type === 'ownedBy' && wanted.has(targetRef.toLocaleLowerCase('en-US')),
    );
    return relation ? [{ entity, owner: relation.targetRef }] : [];
  });
}

/** Each service once: the first entity that names it has it. */
function servicesOf(
  owned: readonly Owned[],
  clusters: readonly ResolvableCluster[],
  defaults: SloDefaults,
): { found: Found[]; unresolved: MyServicesView['unresolved'] } {
  const found = new Map<string, Found>();
  const unresolved: MyServicesView['unresolved'] = [];
  for (const { entity, owner } of owned) {
    const entityRef = stringifyEntityRef(entity);
    const { matches, resolution } = resolveEntity(entity, clusters, undefined);
    const slo = entitySlo(entity, defaults);
    let any = false;
    for (const cluster of clusters) {
      for (const { metadata } of matches.get(cluster.name)?.services ?? []) {
        any = true;
        const ref = serviceRefOf(cluster, metadata);
        const key = `${cluster.name} ${ref.host}`;
        if (!found.has(key)) found.set(key, { ref, entityRef, owner, slo });
      }
    }
    if (!any) {
      unresolved.push({
        entityRef,
        reason:
          resolution.steps.findLast(({ outcome }) => outcome !== 'found')
            ?.detail ?? 'It has no Kubernetes Service',
      });
    }
  }
  return { found: [...found.values()], unresolved };
}

async function ask(
  sources: PrometheusSources,
  cluster: string,
  subjects: readonly Subject[],
  withLatency: boolean,
  user: string | undefined,
): Promise<Answers> {
  const source = sources.of(cluster);
  if (!source) {
    return {
      problemsOf: () => NOT_CONFIGURED.problems,
      observation: NOT_CONFIGURED,
    };
  }
  const { queries } = source;
  const problems: string[] = [];
  const missing = new Map<string, string[]>();
  const asked = async (
    what: string,
    answer: Promise<SubjectsResult>,
  ): Promise<SubjectsResult | undefined> => {
    try {
      const result = await answer;
      if (result.staleBecause) {
        problems.push(`${what} is not of now: ${result.staleBecause}`);
      }
      problems.push(...result.warnings.map(warning => `${what}: ${warning}`));
      for (const [service, error] of result.missing) {
        const known = missing.get(service) ?? [];
        missing.set(service, [...known, `${what}: ${error.message}`]);
      }
      return result;
    } catch (error) {
      if (!(error instanceof PrometheusError)) throw error;
      problems.push(`${what}: ${queries.name}: ${error.message}`);
      return undefined;
    }
  };
  const options = { priority: 'tab' as const, ...(user && { user }) };
  const [errors, burn, latency] = await Promise.all([
    asked('Errors', queries.ofSubjects(serviceErrors, subjects, {}, options)),
    asked('Burn', queries.ofSubjects(burnRate, subjects, {}, options)),
    withLatency
      ? asked(
          'Latency',
          queries.ofSubjects(
            serviceLatency,
            subjects,
            {},
            { ...options, priority: 'background' },
          ),
        )
      : undefined,
  ]);
  const said = [...new Set([...problems, ...[...missing.values()].flat()])];
  const state = stateOf(errors !== undefined || burn !== undefined, said);
  return {
    errors: errors && splitByService(errors),
    burn: burn && splitByService(burn),
    latency: latency && splitByService(latency),
    problemsOf: service => [...problems, ...(missing.get(service) ?? [])],
    observation: { state, problems: said },
  };
}

function stateOf(
  answered: boolean,
  problems: readonly string[],
): Observation['state'] {
  if (!answered) return 'unavailable';
  return problems.length > 0 ? 'partial' : 'available';
}
