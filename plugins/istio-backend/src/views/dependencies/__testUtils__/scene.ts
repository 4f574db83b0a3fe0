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

import {
  dependenciesViewSchema,
  type ClusterStatus,
} from '@mesh-portal/backstage-plugin-istio-common';
import { projectObject, snapshotOf } from '@mesh-portal/mesh-model';
import { bookinfo } from '../../../__testUtils__/bookinfo';
import type { RawObject } from '../../../__testUtils__/FakeCluster';
import {
  type CachedResult,
  PrometheusError,
  type Queries,
} from '../../../prometheus';
import type { ClusterInput, EntityInput } from '../../entityInput';
import type { CatalogKnowledge } from '../dependenciesView';
import { dependenciesView } from '../dependenciesView';

/** When the answers were given, in seconds. */
export const AT = 1_800_000_000;

/** How far the metrics can be trusted. */
export const queries: Queries = {
  name: 'prometheus',
  lastError: undefined,
  ofSubjects: async () => {
    throw new PrometheusError('failed', 'a view asks nothing');
  },
  ofSource: async () => {
    throw new PrometheusError('failed', 'a view asks nothing');
  },
};

/** Labels with a value. */
export type Rows = [Record<string, string>, number][];

/** An answer of Prometheus with these rows. */
export function answer(...rows: Rows): CachedResult {
  return {
    evaluatedAt: AT,
    warnings: [],
    series: rows.map(([labels, value]) => ({
      labels,
      samples: [{ at: AT, value }],
    })),
  };
}

/** The labels of a call from productpage to reviews. */
export const ends = {
  source_workload_namespace: 'bookinfo',
  source_workload: 'productpage-v1',
  source_cluster: 'demo',
  destination_cluster: 'demo',
  destination_service: 'reviews.bookinfo.svc.cluster.local',
  destination_service_namespace: 'bookinfo',
  destination_service_name: 'reviews',
};

/** Requests of that call that succeed. */
export const request = {
  ...ends,
  part: 'requests',
  reporter: 'destination',
  connection_security_policy: 'mutual_tls',
  destination_canonical_revision: 'v1',
  request_protocol: 'http',
  response_code: '200',
  response_flags: '-',
};

/** The row that says the proxies of reviews report. */
export const covered = { part: 'covered', destination_service_name: 'reviews' };

/** Requests with the row that says they are reported now. */
export function seen(labels: Record<string, string>, value: number): Rows {
  const { part, reporter, ...rest } = { ...request, ...labels };
  const now = Object.fromEntries(
    Object.entries(rest).filter(([name]) => name in ends),
  );
  return [
    [{ ...request, ...labels }, value],
    [{ ...now, part: 'now' }, 1],
  ];
}

/** A cluster whose snapshot is whole. */
export const synced: ClusterStatus = {
  name: 'demo',
  state: 'synced',
  missingKinds: [],
};

/** What was observed, and what differs from Bookinfo. */
export interface Scene {
  callers?: Rows;
  callees?: Rows;
  extra?: RawObject[];
  status?: ClusterStatus;
  problems?: string[];
  name?: string;
}

/** Bookinfo as one cluster, asked about reviews. */
export function cluster(scene: Scene): ClusterInput {
  const snapshot = snapshotOf(
    [...bookinfo(), ...(scene.extra ?? [])].flatMap(
      raw => projectObject(raw) ?? [],
    ),
  );
  return {
    name: scene.name ?? 'demo',
    snapshot,
    status: scene.status ?? synced,
    match: {
      services: snapshot
        .list('Service', 'bookinfo')
        .filter(({ metadata }) => metadata.name === 'reviews'),
      serviceEntries: [],
      workloads: ['reviews-v1', 'reviews-v2'].map(name => ({
        namespace: 'bookinfo',
        kind: 'Deployment',
        name,
      })),
    },
    observation: {
      state: 'available',
      problems: scene.problems ?? [],
      edges: {
        queries,
        callers: answer(...(scene.callers ?? []), [covered, 1]),
        callees: answer(...(scene.callees ?? [])),
      },
    },
  };
}

/** Clusters as the view takes them. */
export function inputOf(...clusters: ClusterInput[]): EntityInput {
  return {
    resolution: { state: 'resolved', steps: [], services: [], workloads: [] },
    clusters,
  };
}

/** A catalog without entities or declarations. */
export const nothingKnown: CatalogKnowledge = {
  services: new Map(),
  workloads: new Map(),
  declarations: {
    entityRef: 'component:default/reviews',
    dependsOn: [],
    consumed: new Set(),
    declaredCallers: new Set(),
  },
};

/** The view of one cluster, as the contract allows it. */
export function view(scene: Scene, catalog = nothingKnown) {
  const made = dependenciesView(inputOf(cluster(scene)), '1h', catalog);
  expect(dependenciesViewSchema.strict().safeParse(made).error).toBeUndefined();
  return made;
}

/** From a workload of reviews to something. */
export const calls = (labels: Record<string, string>) => ({
  source_workload: 'reviews-v1',
  ...labels,
});
