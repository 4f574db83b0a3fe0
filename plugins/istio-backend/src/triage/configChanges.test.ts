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
  projectObject,
  type MeshKind,
  type MeshObject,
  snapshotOf,
  workloadsOfService,
} from '@mesh-portal/mesh-model';
import type { SeenChange } from '../cluster';
import { changesNear, changesSince, findChanges } from './configChanges';

const BEGAN = Date.UTC(2026, 2, 1, 10, 31);
const MINUTE = 60_000;
const OLD = '2026-01-01T00:00:00Z';

function object(
  apiVersion: string,
  kind: MeshKind,
  namespace: string,
  name: string,
  spec: object,
  metadata: object = {},
): MeshObject {
  const found = projectObject(
    {
      apiVersion,
      kind,
      metadata: { name, namespace, creationTimestamp: OLD, ...metadata },
      spec,
    },
    kind,
  );
  if (!found) throw new Error(`${kind} is not projected`);
  return found;
}

function written(minutesBefore: number, manager = 'kubectl-edit') {
  return {
    managedFields: [
      {
        manager,
        operation: 'Update',
        time: new Date(BEGAN - minutesBefore * MINUTE).toISOString(),
      },
    ],
  };
}

const labels = { app: 'checkout' };
const service = object('v1', 'Service', 'shop', 'checkout', {
  selector: labels,
  ports: [{ port: 80 }],
});
const deployment = object(
  'apps/v1',
  'Deployment',
  'shop',
  'checkout-v2',
  {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: {} },
  },
  written(1, 'argocd'),
);
const replicaSet = object(
  'apps/v1',
  'ReplicaSet',
  'shop',
  'checkout-v2-abc',
  {},
  {
    creationTimestamp: new Date(BEGAN - MINUTE).toISOString(),
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'checkout-v2',
        controller: true,
      },
    ],
  },
);
const rule = object(
  'networking.istio.io/v1',
  'DestinationRule',
  'shop',
  'pool',
  { host: 'checkout' },
  written(3),
);
const neighbour = object(
  'networking.istio.io/v1',
  'DestinationRule',
  'shop',
  'other',
  { host: 'cart' },
  written(2),
);
const policy = object(
  'security.istio.io/v1',
  'AuthorizationPolicy',
  'shop',
  'callers',
  { selector: { matchLabels: labels } },
  written(4),
);
const meshWide = object(
  'security.istio.io/v1',
  'PeerAuthentication',
  'istio-system',
  'default',
  {},
  written(5),
);
const caller = object(
  'apps/v1',
  'Deployment',
  'web',
  'front',
  {
    selector: { matchLabels: { app: 'front' } },
    template: { metadata: { labels: { app: 'front' } }, spec: {} },
  },
  written(2, 'helm'),
);
const ofCaller = object(
  'networking.istio.io/v1',
  'DestinationRule',
  'web',
  'plaintext-to-checkout',
  { host: 'checkout.shop.svc.cluster.local' },
  written(6),
);
const ofCallerToOthers = object(
  'networking.istio.io/v1',
  'DestinationRule',
  'web',
  'to-others',
  { host: 'cart.shop.svc.cluster.local' },
  written(6),
);
const elsewhere = object(
  'networking.istio.io/v1',
  'DestinationRule',
  'bank',
  'ledger',
  { host: 'ledger' },
  written(1),
);
const longAgo = object(
  'networking.istio.io/v1',
  'VirtualService',
  'shop',
  'checkout',
  { hosts: ['checkout'], http: [{ route: [] }] },
);

function find(seen: readonly SeenChange[] = []) {
  const snapshot = snapshotOf([
    service,
    deployment,
    replicaSet,
    rule,
    neighbour,
    policy,
    meshWide,
    caller,
    ofCaller,
    ofCallerToOthers,
    elsewhere,
    longAgo,
  ]);
  const kubernetesService = snapshot.get('Service', 'shop', 'checkout');
  if (!kubernetesService) throw new Error('no service');
  return findChanges({
    snapshot,
    service: {
      cluster: 'east',
      namespace: 'shop',
      name: 'checkout',
      host: 'checkout.shop.svc.cluster.local',
    },
    workloads: workloadsOfService(snapshot, kubernetesService),
    callers: [{ namespace: 'web', name: 'front' }],
    rootNamespace: 'istio-system',
    seen,
  });
}

describe('what was changed near the beginning', () => {
  it('its workload first, then what acts on it, its callers, its neighbours, the mesh; nothing of others', () => {
    const changes = changesNear(find(), BEGAN);
    expect(
      changes.map(({ object: { kind, name }, relation }) => [
        `${kind} ${name}`,
        relation,
      ]),
    ).toEqual([
      ['Deployment checkout-v2', 'workload'],
      ['DestinationRule pool', 'acts-on-service'],
      ['AuthorizationPolicy callers', 'acts-on-service'],
      ['DestinationRule plaintext-to-checkout', 'acts-on-service'],
      ['Deployment front', 'caller'],
      ['DestinationRule other', 'same-namespace'],
      ['PeerAuthentication default', 'mesh-wide'],
    ]);
  });

  it('a rollout and the write that began it are one change, with the hand that made it', () => {
    const [first] = changesNear(find(), BEGAN);
    expect(first).toMatchObject({
      what: 'changed',
      by: 'argocd',
      secondsBefore: 60,
      fields: ['rolled out as ReplicaSet checkout-v2-abc'],
    });
  });

  it('what a watch saw adds the fields, and deletions', () => {
    const seen = {
      namespace: 'shop',
      at: BEGAN - 3 * MINUTE + 2000,
      fields: [],
    };
    const changes = changesNear(
      find([
        {
          ...seen,
          kind: 'DestinationRule',
          name: 'pool',
          what: 'changed',
          fields: ['spec.trafficPolicy: nothing → {}'],
        },
        { ...seen, kind: 'Sidecar', name: 'default', what: 'deleted' },
      ]),
      BEGAN,
    );
    expect(changes).toContainEqual(
      expect.objectContaining({
        object: expect.objectContaining({ name: 'pool' }),
        fields: ['spec.trafficPolicy: nothing → {}'],
        by: 'kubectl-edit',
        source: 'seen',
      }),
    );
    expect(changes).toContainEqual(
      expect.objectContaining({
        object: expect.objectContaining({ kind: 'Sidecar' }),
        what: 'deleted',
        relation: 'same-namespace',
      }),
    );
  });

  it('nothing of long before, and nothing of long after', () => {
    expect(changesNear(find(), BEGAN + 60 * MINUTE)).toEqual([]);
    expect(changesNear(find(), BEGAN - 60 * MINUTE)).toEqual([]);
  });

  it('without a beginning the latest first', () => {
    const changes = changesSince(find(), BEGAN - 4 * MINUTE);
    expect(changes.map(({ object: { name } }) => name)).toEqual([
      'checkout-v2',
      'front',
      'other',
      'pool',
      'callers',
    ]);
    expect(changes[0].secondsBefore).toBeUndefined();
  });
});
