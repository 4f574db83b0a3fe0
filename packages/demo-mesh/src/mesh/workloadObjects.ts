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

import type { KubernetesObject } from '../kubernetes/object';
import type { DemoTopology, WorkloadBehaviour } from './topology';

/** Labels the pods of a namespace get beside `app` and `version`. */
export type NamespacePodLabels = Readonly<
  Record<string, Readonly<Record<string, string>>>
>;

function serviceAccount(namespace: string, name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace },
  };
}

function deployment(
  behaviour: WorkloadBehaviour,
  port: number,
  podLabels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): KubernetesObject {
  const { namespace, workload, app, version, replicas } = behaviour;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: workload, namespace, labels: { app, version } },
    spec: {
      replicas,
      selector: { matchLabels: { app, version } },
      template: {
        metadata: { labels: { app, version, ...podLabels }, annotations },
        spec: {
          serviceAccountName: behaviour.serviceAccount,
          containers: [
            {
              name: app,
              image: `registry.demo.example/${namespace}/${app}:1.20.3`,
              ports: [{ containerPort: port, protocol: 'TCP' }],
              resources: {
                requests: { cpu: '100m', memory: '128Mi' },
                limits: { cpu: '500m', memory: '512Mi' },
              },
            },
          ],
        },
      },
    },
  };
}

const PORT_NAMES = { http: 'http', grpc: 'grpc', tcp: 'tcp' } as const;

/** The port and protocol each service is called on; services nobody calls listen on 8080. */
function servicePort(topology: DemoTopology, namespace: string, app: string) {
  const edge = topology.edges.find(
    ({ to }) => to.namespace === namespace && to.service === app,
  );
  const ingress = topology.ingress.find(
    ({ to }) => to.namespace === namespace && to.service === app,
  );
  return {
    port: edge?.to.port ?? ingress?.to.port ?? 8080,
    name: PORT_NAMES[edge?.protocol ?? 'http'],
  };
}

/**
 * ServiceAccounts, Services and Deployments of everything in the topology.
 *
 * @param annotations - pod template annotations by `namespace/workload`
 * @param serviceLabels - labels by `namespace/service`
 */
export function workloadObjects(
  topology: DemoTopology,
  podLabels: NamespacePodLabels,
  annotations: Readonly<Record<string, Readonly<Record<string, string>>>>,
  serviceLabels: Readonly<Record<string, Readonly<Record<string, string>>>>,
): KubernetesObject[] {
  const accounts = new Map<string, KubernetesObject>();
  const services = new Map<string, KubernetesObject>();
  const deployments: KubernetesObject[] = [];
  for (const behaviour of topology.workloads) {
    const { namespace, app, workload } = behaviour;
    const { port, name } = servicePort(topology, namespace, app);
    accounts.set(
      `${namespace}/${behaviour.serviceAccount}`,
      serviceAccount(namespace, behaviour.serviceAccount),
    );
    const key = `${namespace}/${app}`;
    services.set(key, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: app,
        namespace,
        labels: { app, ...serviceLabels[key] },
      },
      spec: {
        selector: { app },
        ports: [{ name, port, targetPort: port, protocol: 'TCP' }],
      },
    });
    deployments.push(
      deployment(
        behaviour,
        port,
        podLabels[namespace] ?? {},
        annotations[`${namespace}/${workload}`] ?? {},
      ),
    );
  }
  return [...accounts.values(), ...services.values(), ...deployments];
}
