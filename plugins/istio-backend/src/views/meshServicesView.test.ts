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
import {
  type MeshObject,
  projectObject,
  snapshotOf,
} from '@mesh-portal/mesh-model';
import { meshServicesView } from './meshServicesView';

function object(kind: string, name: string, body: object): MeshObject {
  const projected = projectObject({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'shop', labels: { app: 'cart' } },
    ...body,
  });
  if (!projected) throw new Error(`${kind} is not read`);
  return projected;
}

const snapshot = snapshotOf([
  object('Service', 'cart', {
    spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80 }] },
  }),
  object('Pod', 'cart-1', {
    spec: { containers: [{ name: 'cart', image: 'cart' }] },
    status: { phase: 'Running' },
  }),
]);

function row(missingKinds: ClusterStatus['missingKinds']) {
  const [service] = meshServicesView([
    {
      name: 'demo',
      snapshot,
      status: { name: 'demo', state: 'synced', missingKinds },
      traffic: undefined,
      owners: new Map(),
    },
  ]).services;
  return service;
}

describe('the list of services', () => {
  it('says unknown, with the reason, where a kind it rests on is forbidden', () => {
    const message = 'cannot list peerauthentications: forbidden';
    const { mtls } = row([
      { kind: 'PeerAuthentication', reason: 'forbidden', message },
    ]);
    expect(mtls.state).toBe('unknown');
    expect(mtls.reason).toBe(message);
  });

  it('judges where everything could be read, as the service’s own page does', () => {
    expect(row([]).mtls).toEqual({
      state: 'not-applicable',
      reason:
        'The service is not in the mesh: Istio encrypts nothing of its traffic',
    });
  });

  it('names a service in the domain of its cluster', () => {
    expect(row([]).service.host).toBe('cart.shop.svc.cluster.local');
    snapshot.apply([
      {
        type: 'upsert',
        object: object('Deployment', 'istiod', {
          apiVersion: 'apps/v1',
          metadata: { name: 'istiod', namespace: 'istio-system' },
          spec: {
            template: {
              metadata: { labels: { app: 'istiod' } },
              spec: {
                containers: [
                  {
                    name: 'discovery',
                    args: ['discovery', '--domain', 'corp.internal'],
                  },
                ],
              },
            },
          },
        }),
      },
    ]);
    expect(row([]).service.host).toBe('cart.shop.svc.corp.internal');
  });
});
