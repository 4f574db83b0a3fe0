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

import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import type { FixtureAnswers } from './FixtureIstioApi';
import {
  brokenAuthorization,
  brokenBindings,
  brokenClusters,
  brokenDependencies,
  brokenExposure,
  brokenExternal,
  brokenMtls,
  brokenOverview,
  brokenRequestPath,
  brokenResilience,
  brokenRoutes,
  brokenSignals,
  brokenTriage,
  calmAuthorization,
  calmBindings,
  calmClusters,
  calmDependencies,
  calmExposure,
  calmExternal,
  calmMtls,
  calmOverview,
  calmRequestPath,
  calmResilience,
  calmRoutes,
  calmSignals,
  calmTriage,
  emptyAuthorization,
  emptyBindings,
  emptyClusters,
  emptyExposure,
  emptyExternal,
  emptyMtls,
  emptyRequestPath,
  emptyResilience,
  emptyRoutes,
  emptySignals,
  emptyTriage,
  envelope,
  idleDependencies,
  idleSignals,
  invalidAnnotation,
  meshOf,
  neverDependencies,
  neverSignals,
  noMatch,
  syncedCluster,
  tcpSignals,
  twoClusters,
  unannotated,
} from './fixtures';

export type EntityAnswers = Required<Omit<FixtureAnswers, 'mesh' | 'mine'>>;
type Overrides = Parameters<typeof envelope>[1];

/** The calm answers of all five views, with the same remarks around each. */
function calmWith(overrides: Overrides): EntityAnswers {
  return {
    overview: { ...envelope(calmOverview), ...overrides, view: calmOverview },
    mtls: { ...envelope(calmMtls), ...overrides, view: calmMtls },
    routes: { ...envelope(calmRoutes), ...overrides, view: calmRoutes },
    authorization: {
      ...envelope(calmAuthorization),
      ...overrides,
      view: calmAuthorization,
    },
    signals: { ...envelope(calmSignals), ...overrides, view: calmSignals },
    triage: { ...envelope(calmTriage), ...overrides, view: calmTriage },
    dependencies: {
      ...envelope(calmDependencies),
      ...overrides,
      view: calmDependencies,
    },
    exposure: { ...envelope(calmExposure), ...overrides, view: calmExposure },
    external: { ...envelope(calmExternal), ...overrides, view: calmExternal },
    bindings: { ...envelope(calmBindings), ...overrides, view: calmBindings },
    clusters: { ...envelope(calmClusters), ...overrides, view: calmClusters },
    'request-path': {
      ...envelope(calmRequestPath),
      ...overrides,
      view: calmRequestPath,
    },
    resilience: {
      ...envelope(calmResilience),
      ...overrides,
      view: calmResilience,
    },
  };
}

function failing(error: Error): EntityAnswers {
  return {
    overview: error,
    mtls: error,
    routes: error,
    authorization: error,
    signals: error,
    triage: error,
    dependencies: error,
    exposure: error,
    external: error,
    'request-path': error,
    bindings: error,
    clusters: error,
    resilience: error,
  };
}

function failure(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), {
    statusCode,
    body: { error: { name: 'Error', message }, response: { statusCode } },
  });
}

const unreachableCluster: ClusterStatus = {
  ...syncedCluster,
  name: 'west',
  state: 'unreachable',
  message:
    'connect ECONNREFUSED. Check the URL of the cluster in the configuration of the Kubernetes plugin.',
};

const forbiddenKinds: ClusterStatus = {
  ...syncedCluster,
  missingKinds: [
    {
      kind: 'VirtualService',
      reason: 'forbidden',
      message:
        'the portal may not list virtualservices: grant get, list, watch',
    },
  ],
};

/** Every state a card can have, by a title in words; loading, which has no answer, apart. */
export const scenes: Array<{ title: string; answers: EntityAnswers }> = [
  { title: 'Calm', answers: calmWith({}) },
  {
    title: 'Broken',
    answers: {
      overview: envelope(brokenOverview, { clusters: twoClusters }),
      mtls: envelope(brokenMtls),
      routes: envelope(brokenRoutes),
      authorization: envelope(brokenAuthorization),
      signals: envelope(brokenSignals),
      triage: envelope(brokenTriage),
      dependencies: envelope(brokenDependencies),
      exposure: envelope(brokenExposure),
      external: envelope(brokenExternal),
      'request-path': envelope(brokenRequestPath),
      bindings: envelope(brokenBindings),
      clusters: envelope(brokenClusters, { clusters: twoClusters }),
      resilience: envelope(brokenResilience),
    },
  },
  {
    title: 'Empty',
    answers: {
      ...calmWith({}),
      mtls: envelope(emptyMtls),
      routes: envelope(emptyRoutes),
      authorization: envelope(emptyAuthorization),
      signals: envelope(emptySignals),
      triage: envelope(emptyTriage),
      dependencies: envelope(neverDependencies),
      exposure: envelope(emptyExposure),
      external: envelope(emptyExternal),
      'request-path': envelope(emptyRequestPath),
      bindings: envelope(emptyBindings),
      clusters: envelope(emptyClusters),
      resilience: envelope(emptyResilience),
    },
  },
  {
    title: 'Idle',
    answers: {
      ...calmWith({}),
      signals: envelope(idleSignals),
      dependencies: envelope(idleDependencies),
    },
  },
  {
    title: 'Never seen',
    answers: {
      ...calmWith({}),
      signals: envelope(neverSignals),
      dependencies: envelope(neverDependencies),
    },
  },
  {
    title: 'Connections only',
    answers: { ...calmWith({}), signals: envelope(tcpSignals) },
  },
  {
    title: 'Partial',
    answers: calmWith({
      clusters: [forbiddenKinds, unreachableCluster],
      observed: {
        state: 'partial',
        window: '1h',
        at: '2026-11-20T10:00:00Z',
        partial: ['The store of the last two hours did not answer.'],
      },
    }),
  },
  {
    title: 'Stale',
    answers: calmWith({
      snapshot: { version: 42, ageSeconds: 480, stale: true },
      clusters: [
        {
          ...syncedCluster,
          state: 'stale',
          ageSeconds: 480,
          message: 'The API server does not answer; the portal keeps trying.',
        },
      ],
    }),
  },
  {
    title: 'No Prometheus',
    answers: calmWith({
      observed: {
        state: 'not-configured',
        window: '1h',
        at: '2026-11-20T10:00:00Z',
        partial: [],
        message: 'Set istio.prometheus in the configuration of the portal.',
      },
    }),
  },
  { title: 'Unannotated', answers: calmWith({ resolution: unannotated }) },
  { title: 'No match', answers: calmWith({ resolution: noMatch }) },
  {
    title: 'Invalid annotation',
    answers: calmWith({ resolution: invalidAnnotation }),
  },
  {
    title: 'Forbidden',
    answers: failing(failure(403, 'Permission denied')),
  },
  {
    title: 'Failed',
    answers: failing(failure(503, 'The snapshot is not ready')),
  },
  { title: 'Offline', answers: failing(new TypeError('Failed to fetch')) },
];

/** The Mesh page with as many services as the targets name. */
export const largeMesh: FixtureAnswers = { mesh: envelope(meshOf(5_000)) };
