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
  SignalsService,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  entityAnswers,
  type Queries,
  type Subject,
  type Window,
} from '../prometheus';
import { PrometheusClient } from '../prometheus/PrometheusClient';
import { QueryEngine } from '../prometheus/engine';
import { urlTransport } from '../prometheus/transport';
import { signalsService, unknownSignals } from '../views/signals';
import { signalAnswers } from '../views/signalsView';

/** An engine in front of an address; `at` is its clock, epoch seconds. */
export function engineOf(
  url: string,
  at: number,
  timeoutSeconds?: number,
): QueryEngine {
  const transport = urlTransport({ url: new URL(url), headers: {} });
  return new QueryEngine({
    client: new PrometheusClient({
      transport,
      ...(timeoutSeconds !== undefined && { timeoutSeconds, graceSeconds: 0 }),
    }),
    now: () => at * 1000,
    batchMs: 0,
  });
}

/** What the signals view shows of a service, and what it says is missing. */
export async function signalsFrom(
  queries: Queries,
  service: Subject,
  window: Window,
  pods: readonly Subject[] = [],
): Promise<{ signals: SignalsService; problems: readonly string[] }> {
  const { namespace, name } = service;
  const ref: ServiceRef = {
    cluster: 'c1',
    namespace,
    name,
    host: `${name}.${namespace}.svc.cluster.local`,
  };
  const answers = await entityAnswers(
    { queries, learned: {} },
    [service],
    pods,
    window,
  );
  const { problems } = answers;
  const known = signalAnswers(answers, service, problems);
  const keys = new Set(pods.map(pod => `${pod.namespace}/${pod.name}`));
  return {
    problems,
    signals:
      typeof known === 'string'
        ? unknownSignals(ref, known)
        : signalsService(ref, known, keys),
  };
}
