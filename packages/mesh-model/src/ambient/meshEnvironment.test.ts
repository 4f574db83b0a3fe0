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

import { mesh } from '../testing';
import {
  ztunnelNetworkGatewaysOf,
  ztunnelServicesOf,
  ztunnelWorkloadsOf,
} from './meshEnvironment';

function host(
  snapshot: ReturnType<typeof mesh>,
  namespace: string,
  hostname: string,
) {
  return ztunnelServicesOf(snapshot, namespace).find(
    ({ service }) => service.hostname === hostname,
  )?.service;
}

describe('services as ztunnel is told', () => {
  const two = mesh`
apiVersion: v1
kind: Namespace
metadata: {name: istio-system, labels: {topology.istio.io/network: east}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop, creationTimestamp: "2024-01-01T00:00:00Z"}
spec: {clusterIP: 10.0.0.1, ports: [{name: grpc-api, port: 80, targetPort: web}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: camp, namespace: other, creationTimestamp: "2020-01-01T00:00:00Z"}
spec: {hosts: [api.shop.svc.cluster.local, x.example.com], addresses: [2001:DB8::0:1], ports: [{number: 80, name: http, protocol: HTTP}], resolution: STATIC}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: young, namespace: third, creationTimestamp: "2022-01-01T00:00:00Z"}
spec: {hosts: [x.example.com], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}
`;

  it('R1.4: a Kubernetes Service is the canonical definition of its host, an older ServiceEntry only that of its namespace', () => {
    const hostname = 'api.shop.svc.cluster.local';
    expect(host(two, 'shop', hostname)?.canonical).toBe(true);
    expect(host(two, 'other', hostname)).toMatchObject({ name: 'camp' });
    expect(host(two, 'other', hostname)?.canonical).toBeUndefined();
  });

  it('R1.4: of ServiceEntries the oldest is canonical', () => {
    expect(host(two, 'other', 'x.example.com')?.canonical).toBe(true);
    expect(host(two, 'third', 'x.example.com')?.canonical).toBeUndefined();
  });

  it('R1.6, R1.19: ports carry their protocol, addresses their network, in canonical form', () => {
    expect(host(two, 'shop', 'api.shop.svc.cluster.local')).toMatchObject({
      addresses: [{ network: 'east', address: '10.0.0.1' }],
      ports: [{ servicePort: 80, targetPort: 0, appProtocol: 'GRPC' }],
    });
    expect(host(two, 'other', 'x.example.com')?.addresses).toEqual([
      { network: 'east', address: '2001:db8::1' },
    ]);
  });

  it('R1.14: serviceEntryVisibility hides from ztunnel, and keeps a ServiceEntry from waypoints of other namespaces', () => {
    const visibility = (value: string) => mesh`
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    serviceEntryVisibility:
      defaultVisibility: PUBLIC
      policies:
        - visibility: ${value}
          matchingRules: [{namespaceSelector: {matchLabels: {team: a}}}]
---
apiVersion: v1
kind: Namespace
metadata: {name: a, labels: {team: a}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: edge}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: m, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: All}}}]}
status: {addresses: [{type: IPAddress, value: 10.0.0.9}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: x, namespace: a, labels: {istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: edge}}
spec: {hosts: [x.example.com], ports: [{number: 80, name: http}], resolution: DNS}
`;
    const found = (value: string) =>
      ztunnelServicesOf(visibility(value), 'a').map(({ service, binding }) => [
        service.visibility,
        binding.problem,
      ]);
    expect(found('PUBLIC')).toEqual([[undefined, undefined]]);
    expect(found('NAMESPACE')).toEqual([
      ['NAMESPACE', 'CrossNamespaceWaypointForbidden'],
    ]);
    expect(found('NONE')).toEqual([]);
  });
});

describe('workloads as ztunnel is told', () => {
  const snapshot = mesh`
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {topology.kubernetes.io/region: eu, topology.kubernetes.io/zone: eu-1}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {clusterIP: 10.0.0.1, selector: {app: api}, ports: [{name: http, port: 80, targetPort: web}, {name: admin, port: 90, targetPort: gone}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api-1, namespace: shop, labels: {app: api}, annotations: {ambient.istio.io/redirection: enabled}}
spec: {nodeName: n1, serviceAccountName: api, containers: [{name: app, ports: [{name: web, containerPort: 8080}]}]}
status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: job-1, namespace: shop, labels: {app: api}}
spec: {containers: [{name: app}]}
status: {phase: Succeeded, podIP: 10.1.0.2}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm-1, namespace: shop}
spec: {address: 10.9.0.1, labels: {app: api}, ports: {web: 9080}, locality: eu/eu-2, weight: 3, network: dc}
---
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: shop}
spec: {clusterIP: 10.0.0.2, ports: [{name: tcp, port: 5432}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: legacy-x, namespace: shop, labels: {kubernetes.io/service-name: legacy}}
addressType: IPv4
endpoints: [{addresses: [172.16.0.1], conditions: {ready: false}}]
ports: [{name: tcp, port: 15432, protocol: TCP}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: out, namespace: shop}
spec: {hosts: [a.example.com], ports: [{number: 443, name: tls}], resolution: DNS}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: api, namespace: shop}
spec: {selector: {matchLabels: {app: api}}, rules: [{}]}
`;
  const workload = (name: string) =>
    ztunnelWorkloadsOf(snapshot, 'shop', 'c1').find(item => item.name === name);

  it('R2.8, R2.14, R2.15: a captured pod, with the ports it really has', () => {
    expect(workload('api-1')).toMatchObject({
      uid: 'c1//Pod/shop/api-1',
      tunnelProtocol: 'HBONE',
      locality: { region: 'eu', zone: 'eu-1' },
      services: {
        'shop/api.shop.svc.cluster.local': {
          ports: [{ servicePort: 80, targetPort: 8080 }],
        },
      },
      authorizationPolicies: [
        'shop/api',
        'istio-system/istio_converted_static_strict',
      ],
    });
    expect(workload('job-1')).toBeUndefined();
  });

  it('R8.16: a machine joins the Service that selects its labels, with its own ports, weight and network', () => {
    expect(workload('vm-1')).toMatchObject({
      addresses: ['10.9.0.1'],
      network: 'dc',
      capacity: 3,
      locality: { region: 'eu', zone: 'eu-2' },
      services: {
        'shop/api.shop.svc.cluster.local': {
          ports: [{ servicePort: 80, targetPort: 9080 }],
        },
      },
    });
  });

  it('R2.15: a bare address of an EndpointSlice', () => {
    expect(workload('legacy-x')).toMatchObject({
      status: 'UNHEALTHY',
      networkMode: 'HOST_NETWORK',
      services: {
        'shop/legacy.shop.svc.cluster.local': {
          ports: [{ servicePort: 5432, targetPort: 15432 }],
        },
      },
    });
  });

  it('R8.12: a DNS ServiceEntry without endpoints is resolved by its host', () => {
    expect(workload('out')).toMatchObject({
      hostname: 'a.example.com',
      addresses: [],
    });
  });
});

describe('networks (R1.19)', () => {
  it('describes the gateway of another network, and points its workloads to it', () => {
    const snapshot = mesh`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: west, namespace: istio-system, labels: {topology.istio.io/network: west}}
spec: {gatewayClassName: istio-remote, listeners: [{name: cross, port: 15008, protocol: HBONE}]}
status: {addresses: [{type: IPAddress, value: 203.0.113.7}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm, namespace: shop}
spec: {address: 10.9.0.1, network: west}
`;
    expect(ztunnelNetworkGatewaysOf(snapshot)).toMatchObject([
      { network: 'west', addresses: ['203.0.113.7'] },
    ]);
    expect(ztunnelWorkloadsOf(snapshot, 'shop')[0].networkGateway).toEqual({
      address: { network: 'west', address: '203.0.113.7' },
      hboneMtlsPort: 15008,
    });
  });
});
