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
  Confidence,
  EntityViewName,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  confidenceOf,
  envoyProxyOfClient,
  envoyProxyOfWorkload,
  meshedClientOf,
  type AnswerTopic,
  type Confidence as ModelConfidence,
  type EnvoyProxy,
  type Provenance,
} from '@mesh-portal/mesh-model';
import { chosenClient, selectableClients } from './clients';
import {
  servicesOf,
  workloadsOfCluster,
  type ClusterInput,
  type EntityInput,
} from './entityInput';
import { provenancesIn } from './provenancesIn';

type Reason = Confidence['reasons'][number];

/** What a view answers about; views of metrics alone tell what was seen, which no filter makes untrue. */
const TOPICS: Readonly<
  Partial<Record<EntityViewName, readonly AnswerTopic[]>>
> = {
  overview: ['routing', 'mtls', 'authorization'],
  mtls: ['mtls'],
  routes: ['routing'],
  resilience: ['routing'],
  exposure: ['routing', 'mtls', 'authorization'],
  authorization: ['authorization'],
  bindings: ['telemetry'],
  clusters: ['routing'],
  'request-path': ['routing', 'mtls', 'authorization'],
};

const LEVELS: readonly ModelConfidence['level'][] = [
  'full',
  'assumed',
  'advisory',
];

/** More reasons than a person reads. */
const MAX_REASONS = 20;

/** The proxies in front of the entity’s pods in one cluster, each workload once. */
function serverProxies(cluster: ClusterInput): EnvoyProxy[] {
  const { snapshot } = cluster;
  return workloadsOfCluster(cluster).map(workload =>
    envoyProxyOfWorkload(snapshot, workload),
  );
}

/** Routes are decided by the proxy of the caller. */
function clientProxies(
  input: EntityInput,
  cluster: ClusterInput,
  client: string | undefined,
): EnvoyProxy[] {
  return servicesOf(input)
    .filter(service => service.cluster === cluster)
    .map(service =>
      envoyProxyOfClient(
        client === undefined
          ? meshedClientOf(cluster.snapshot, service.ref.namespace)
          : chosenClient(selectableClients(service), client, false).client,
      ),
    );
}

function reasonsOf(
  cluster: ClusterInput,
  proxies: readonly EnvoyProxy[],
  topic: AnswerTopic,
  decidedBy: readonly Provenance[],
): ModelConfidence[] {
  return proxies.map((proxy, index) =>
    confidenceOf(cluster.snapshot, proxy, topic, index === 0 ? decidedBy : []),
  );
}

/**
 * How far an answer can be trusted, over all proxies it speaks of: EnvoyFilters, extensions, malformed fields of the
 * objects that decided, and settings of istiod that cannot be seen. R8.26
 *
 * @param view - the answer: the objects it names as deciding are looked at
 * @param client - id of the caller whose view was asked for
 * @returns nothing for views that no configuration decides
 */
export function confidenceOfView(
  name: EntityViewName,
  input: EntityInput,
  view: unknown,
  client: string | undefined,
): Confidence | undefined {
  const topics = TOPICS[name];
  if (!topics || input.clusters.length === 0) {
    return undefined;
  }
  const decidedBy = provenancesIn(view);
  const found = input.clusters.flatMap(cluster => {
    const servers = serverProxies(cluster);
    return topics.flatMap(topic =>
      reasonsOf(
        cluster,
        topic === 'routing'
          ? [...clientProxies(input, cluster, client), ...servers]
          : servers,
        topic,
        decidedBy,
      ),
    );
  });
  const reasons = new Map<string, Reason>();
  for (const { direct, says, provenance } of found.flatMap(
    each => each.reasons,
  )) {
    if (!reasons.get(says)?.direct) {
      reasons.set(says, {
        direct,
        says,
        ...(provenance === undefined ? {} : { provenance }),
      });
    }
  }
  const sorted = [...reasons.values()].sort(
    (left, right) => Number(right.direct) - Number(left.direct),
  );
  const worst = Math.max(0, ...found.map(({ level }) => LEVELS.indexOf(level)));
  return { level: LEVELS[worst], reasons: sorted.slice(0, MAX_REASONS) };
}
