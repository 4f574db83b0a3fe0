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
  SignalDetails,
  SignalsService,
  SignalsView,
} from '@mesh-portal/backstage-plugin-istio-common';
import { workloadOfPod } from '@mesh-portal/mesh-model';
import type {
  CachedResult,
  EntityAnswers,
  Subject,
  Window,
} from '../prometheus';
import {
  type EntityInput,
  entityOfCaller,
  type ServiceInput,
  servicesOf,
} from './entityInput';
import { podKeysOf } from './observation';
import {
  type DetailAnswers,
  disabledMetrics,
  signalDetails,
  signalsService,
  unknownSignals,
  verdictWithObjective,
  type SignalAnswers,
} from './signals';

/** Traffic, errors, latency, saturation: observed only. */
export function signalsView(input: EntityInput, window: Window): SignalsView {
  return {
    window,
    services: servicesOf(input).map(signalsOf),
  };
}

/** The signals of one service; unknown, with the reason, where the counts or their history could not be asked. */
export function signalsOf(input: ServiceInput): SignalsService {
  const { cluster, service, ref } = input;
  const { answers, problems, details } = cluster.observation;
  const known = signalAnswers(answers, ref, problems);
  if (typeof known === 'string') return unknownSignals(ref, known);
  const slo = cluster.slos?.get(`${ref.namespace}/${ref.name}`);
  const signals = signalsService(
    ref,
    known,
    podKeysOf(cluster.snapshot, [service]),
    cluster.entities,
  );
  return {
    ...signals,
    verdict: verdictWithObjective(signals.verdict, slo),
    ...(slo && { slo }),
    ...(details && { details: detailsOf(input, details, signals) }),
  };
}

function detailsOf(
  { cluster, service, ref }: ServiceInput,
  details: DetailAnswers,
  signals: SignalsService,
): SignalDetails {
  const { snapshot, entities, observation } = cluster;
  return signalDetails(
    `${ref.namespace}/${ref.name}`,
    observation.answers?.requests,
    details,
    signals,
    {
      disabled: disabledMetrics(snapshot, service),
      describe: (namespace, name) => {
        const pod = snapshot.get('Pod', namespace, name);
        if (!pod) return {};
        const workload = workloadOfPod(snapshot, pod).name;
        return {
          workload,
          ...entityOfCaller(entities, { namespace, workload }),
        };
      },
    },
  );
}

/** What the signals of a service are folded from, or why they cannot be. */
export function signalAnswers(
  answers: EntityAnswers | undefined,
  { namespace, name }: Subject,
  problems: readonly string[],
): SignalAnswers | string {
  if (!answers?.requests || !answers.history) {
    return problems[0] ?? 'Prometheus was not asked';
  }
  const { requests, history, pods } = answers;
  const key = `${namespace}/${name}`;
  const missing = requests.missing.get(key) ?? history.missing.get(key);
  if (missing) return missing.message;
  return {
    requests,
    history,
    pods: pods ?? { series: [], warnings: [] },
    historyEnd: history.evaluatedAt,
    stepSeconds: answers.stepSeconds,
    windowSeconds: answers.windowSeconds,
    incomplete: problemOf(requests) ?? problemOf(history),
  };
}

/** Why an answer may lack something; undefined: it is whole, and of now. */
function problemOf({
  staleBecause,
  warnings,
}: CachedResult): string | undefined {
  return staleBecause ?? warnings[0];
}
