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

import type { TriageService } from '@mesh-portal/backstage-plugin-istio-common';
import { workloadsOfService } from '@mesh-portal/mesh-model';
import type { ClusterSync } from '../cluster';
import { type Service, serviceRefOf } from '../entity';
import {
  answerOrProblem,
  type AskOptions,
  type CachedResult,
  contribution,
  errorHistory,
  type Inventory,
  inventoryParameter,
  type PrometheusSource,
  subjectKey,
} from '../prometheus';
import type { ClusterEntities } from '../views/entityInput';
import { NOT_CONFIGURED, type Observation } from '../views/observation';
import { findChanges } from './configChanges';
import type { History } from './beginning';
import { thresholdsFor } from './contributions';
import {
  type Assessment,
  assess,
  isWorthHistory,
  lookBackSeconds,
  worseCallers,
} from './assessment';
import { triageService } from './triageService';

/** What triage is made for: the services of an entity in one cluster. */
export interface TriageQuestion {
  sync: ClusterSync;
  source: PrometheusSource | undefined;
  services: readonly Service[];
  rootNamespace: string;
  /** a bucket boundary, milliseconds, above which an answer is slow */
  slowMs: number;
  /** percent of requests that are promised to succeed; absent: nothing is */
  target?: number;
  entities?: ClusterEntities;
  /** entity ref of who waits, so that nobody takes all places of a source */
  user?: string;
}

const HISTORY_STEPS: Readonly<Record<number, number>> = {
  3600: 60,
  86_400: 300,
  604_800: 1800,
};

/** At least four scrapes of 30 s. */
const SHORTEST_WINDOW_SECONDS = 120;

interface Subject {
  service: Service;
  namespace: string;
  name: string;
  behind: Inventory;
  /** `namespace/name` of a pod to the name of its workload */
  podWorkloads: Map<string, string>;
}

/**
 * Answers triage in one request for all services of the entity, and a second one, for the time of the beginning, only
 * where something is wrong.
 */
export async function observeTriage(question: TriageQuestion): Promise<{
  services: TriageService[];
  observation: Observation;
}> {
  const { sync, source, services, slowMs, entities, user } = question;
  const thresholds = thresholdsFor(question.target);
  const assessed = (answered: CachedResult, subject: Subject) =>
    assess(answered, subjectKey(subject), slowMs, thresholds);
  const options: AskOptions = { priority: 'tab', ...(user && { user }) };
  const subjects = services.map(service => subjectOf(sync, service));
  const problems: string[] = source ? [] : [...NOT_CONFIGURED.problems];
  const answer =
    source && (await askNow(source, subjects, slowMs, options, problems));
  const histories = new Map<string, History>();
  if (source && answer) {
    await Promise.all(
      subjects.map(async subject => {
        const history = await askHistory(
          source,
          subject,
          assessed(answer, subject),
          options,
          problems,
        );
        if (history) histories.set(subjectKey(subject), history);
      }),
    );
  }
  return {
    services: subjects.map(subject => {
      const ref = serviceRefOf(sync, subject);
      return triageService({
        service: ref,
        now: Date.now(),
        answer,
        history: histories.get(subjectKey(subject)),
        slowMs,
        pods: subject.podWorkloads,
        changes: findChanges({
          snapshot: sync.snapshot,
          service: ref,
          workloads: workloadsOfService(sync.snapshot, subject.service),
          callers: answer ? worseCallers(assessed(answer, subject)) : [],
          rootNamespace: question.rootNamespace,
          seen: sync.changes.seen,
        }),
        changesSeenSince: sync.changes.since,
        ...changesUnknownOf(sync),
        entities,
        problems,
        thresholds,
      });
    }),
    observation: observationOf(source, answer, problems),
  };
}

function observationOf(
  source: PrometheusSource | undefined,
  answer: CachedResult | undefined,
  problems: readonly string[],
): Observation {
  if (!source) return NOT_CONFIGURED;
  if (!answer) return { state: 'unavailable', problems };
  return { state: problems.length > 0 ? 'partial' : 'available', problems };
}

/** Whatever the cluster may not be read completely for, changes may be missing. */
function changesUnknownOf(sync: ClusterSync): { changesUnknown?: string } {
  const { state, missingKinds, name } = sync.status();
  if (state !== 'synced') {
    return {
      changesUnknown: `Cluster ${name} is ${state}: changes may be missing`,
    };
  }
  const unread = missingKinds.filter(({ reason }) => reason !== 'absent');
  return unread.length > 0
    ? {
        changesUnknown: `Changes of ${unread
          .map(({ kind }) => kind)
          .join(', ')} cannot be read in cluster ${name}`,
      }
    : {};
}

function subjectOf(sync: ClusterSync, service: Service): Subject {
  const workloads = workloadsOfService(sync.snapshot, service);
  const podWorkloads = new Map(
    workloads.flatMap(workload =>
      workload.pods.map(
        ({ metadata }) =>
          [`${metadata.namespace}/${metadata.name}`, workload.name] as const,
      ),
    ),
  );
  const { namespace, name } = service.metadata;
  return {
    service,
    namespace,
    name,
    podWorkloads,
    behind: {
      workloads: workloads.map(each => ({
        namespace: each.namespace,
        name: each.name,
      })),
      pods: [...podWorkloads.keys()].map(key => {
        const [podNamespace, pod] = key.split('/');
        return { namespace: podNamespace, name: pod };
      }),
    },
  };
}

function askNow(
  source: PrometheusSource,
  subjects: readonly Subject[],
  slowMs: number,
  options: AskOptions,
  problems: string[],
): Promise<CachedResult | undefined> | undefined {
  if (subjects.length === 0) return undefined;
  return answerOrProblem(
    source.queries.name,
    'What changed',
    source.queries.ofSubjects(
      contribution,
      subjects,
      {
        slowMs,
        inventory: inventoryParameter(
          new Map(subjects.map(each => [subjectKey(each), each.behind])),
        ),
      },
      options,
    ),
    problem => problems.push(problem),
  );
}

async function askHistory(
  source: PrometheusSource,
  subject: Subject,
  assessment: Assessment,
  options: AskOptions,
  problems: string[],
): Promise<History | undefined> {
  if (!isWorthHistory(assessment)) return undefined;
  const seconds = lookBackSeconds(assessment);
  const stepSeconds = HISTORY_STEPS[seconds];
  const windowSeconds = Math.max(SHORTEST_WINDOW_SECONDS, stepSeconds);
  const result = await answerOrProblem(
    source.queries.name,
    'When it began',
    source.queries.ofSubjects(
      errorHistory,
      [subject],
      { seconds, stepSeconds, windowSeconds },
      options,
    ),
    problem => problems.push(problem),
  );
  return (
    result && {
      result,
      end: result.evaluatedAt,
      seconds,
      stepSeconds,
      windowSeconds,
    }
  );
}
