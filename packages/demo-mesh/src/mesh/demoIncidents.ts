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

import type { Incident } from './topology';

/** What goes wrong in the demo mesh, when, and which change began it. */
export const INCIDENTS: readonly Incident[] = [
  {
    id: 'reviews-v3-rollout',
    title: 'reviews-v3 answers 500 since its rollout',
    startMinutesAgo: 42,
    effects: [
      {
        kind: 'server-errors',
        workload: { namespace: 'bookinfo', workload: 'reviews-v3' },
        share: 0.22,
      },
      {
        kind: 'latency',
        workload: { namespace: 'bookinfo', workload: 'reviews-v3' },
        factor: 3,
      },
    ],
    cause: {
      resource: 'deployments.apps',
      namespace: 'bookinfo',
      name: 'reviews-v3',
      what: 'image changed from 1.20.3 to 1.21.0-rc1',
      by: 'argocd-controller',
      before: [
        {
          path: [
            'spec',
            'template',
            'metadata',
            'annotations',
            'demo.example/release',
          ],
          value: '1.20.3',
        },
        {
          path: ['spec', 'template', 'spec', 'containers', 0, 'image'],
          value: 'registry.demo.example/bookinfo/reviews:1.20.3',
        },
      ],
    },
    whileObject: {
      resource: 'deployments.apps',
      namespace: 'bookinfo',
      name: 'reviews-v3',
      path: [
        'spec',
        'template',
        'metadata',
        'annotations',
        'demo.example/release',
      ],
      equals: '1.21.0-rc1',
    },
  },
  {
    id: 'fraud-check-pool',
    title: 'fraud-check refuses requests since its connection pool shrank',
    startMinutesAgo: 95,
    effects: [
      {
        kind: 'client-failures',
        to: { namespace: 'payments', service: 'fraud-check', port: 9000 },
        share: 0.12,
        responseFlag: 'UO',
      },
    ],
    cause: {
      resource: 'destinationrules.networking.istio.io',
      namespace: 'payments',
      name: 'fraud-check',
      what: 'http2MaxRequests changed from 1024 to 2',
      by: 'kubectl-edit',
      before: [
        {
          path: [
            'spec',
            'trafficPolicy',
            'connectionPool',
            'http',
            'http2MaxRequests',
          ],
          value: 1024,
        },
      ],
    },
    whileObject: {
      resource: 'destinationrules.networking.istio.io',
      namespace: 'payments',
      name: 'fraud-check',
      path: [
        'spec',
        'trafficPolicy',
        'connectionPool',
        'http',
        'http2MaxRequests',
      ],
      equals: 2,
    },
  },
  {
    id: 'warehouse-slow',
    title: 'warehouse was slow last night',
    startMinutesAgo: 11 * 60,
    endMinutesAgo: 10 * 60,
    effects: [
      {
        kind: 'latency',
        workload: { namespace: 'inventory', workload: 'warehouse' },
        factor: 8,
      },
      {
        kind: 'server-errors',
        workload: { namespace: 'inventory', workload: 'warehouse' },
        share: 0.08,
      },
    ],
    cause: {
      resource: 'deployments.apps',
      namespace: 'inventory',
      name: 'warehouse',
      what: 'scaled to one replica for an hour',
      by: 'kubectl-scale',
      before: [],
    },
  },
];
