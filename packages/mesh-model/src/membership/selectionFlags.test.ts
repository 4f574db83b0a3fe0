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

import { countEndpoints } from '../destinations';
import { serviceRegistryOf } from '../routing/serviceRegistry';
import { inboundListenerOf } from '../scoping';
import { istiodYaml, mesh } from '../testing';
import {
  defaultClient,
  servicesOfWorkload,
  workloadsOf,
  workloadsOfService,
} from '.';

const istiod = (name: string, value: string) =>
  istiodYaml({ env: { [name]: value } });

const MESH = `
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec: {selector: {app: a}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: legacy, namespace: shop}
spec: {hosts: [legacy.example.com], resolution: STATIC, workloadSelector: {labels: {app: a}}, ports: [{number: 80, name: http, protocol: HTTP}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm, namespace: shop}
spec: {address: 10.0.0.9, labels: {app: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: a-1, namespace: shop, labels: {app: a}}
spec: {containers: [{name: app, image: i}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;

const SELECTS_MACHINES = 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES';
const SELECTS_PODS = 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS';

function selected(yaml: string) {
  const snapshot = mesh`${MESH}${yaml}`;
  const endpoints = (host: string) => {
    const [service] = serviceRegistryOf(snapshot).byHost.get(host) ?? [];
    return countEndpoints(snapshot, service, {}).total;
  };
  return {
    workloads: workloadsOfService(snapshot, snapshot.list('Service')[0])
      .map(({ ref }) => ref.kind)
      .sort(),
    servicesOf: Object.fromEntries(
      workloadsOf(snapshot, 'shop').map(workload => [
        workload.ref.kind,
        servicesOfWorkload(snapshot, workload).map(({ kind }) => kind),
      ]),
    ),
    ofService: endpoints('a.shop.svc.cluster.local'),
    ofEntry: endpoints('legacy.example.com'),
  };
}

describe('what selectors select', () => {
  it('R2.15, R8.12: Services and ServiceEntries select pods and machines alike', () => {
    const both = ['Service', 'ServiceEntry'];
    expect(selected('')).toEqual({
      workloads: ['Pod', 'WorkloadEntry'],
      servicesOf: { Pod: both, WorkloadEntry: both },
      ofService: 2,
      ofEntry: 2,
    });
  });

  it(`R2.15: Services select no machines where ${SELECTS_MACHINES} is false`, () => {
    expect(selected(istiod(SELECTS_MACHINES, 'false'))).toEqual({
      workloads: ['Pod'],
      servicesOf: {
        Pod: ['Service', 'ServiceEntry'],
        WorkloadEntry: ['ServiceEntry'],
      },
      ofService: 1,
      ofEntry: 2,
    });
  });

  it(`R8.12: ServiceEntries select no pods where ${SELECTS_PODS} is false`, () => {
    expect(selected(istiod(SELECTS_PODS, 'false'))).toMatchObject({
      servicesOf: {
        Pod: ['Service'],
        WorkloadEntry: ['Service', 'ServiceEntry'],
      },
      ofService: 2,
      ofEntry: 1,
    });
  });
});

describe('ports that Sidecar.ingress does not list', () => {
  const listener = (yaml: string) =>
    inboundListenerOf(
      mesh`${yaml}
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {ingress: [{port: {number: 9000, protocol: TCP, name: tcp}, defaultEndpoint: "127.0.0.1:9000"}]}
`,
      defaultClient('shop'),
      8080,
      'http',
    ).declaredBy;

  it('R8.11: pass through, unless istiod merges what Services declare', () => {
    const flag = 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE';
    expect(listener('')).toBe('none');
    expect(listener(istiod(flag, 'true'))).toBe('service');
  });
});
