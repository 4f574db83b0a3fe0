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

import { projectWithRefusals, snapshotOf } from '@mesh-portal/mesh-model';
import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import { parseAllDocuments } from 'yaml';
import { resolveEntity } from '../entity';
import type { ClusterEntities, EntityInput } from '../views/entityInput';
import type { Observation } from '../views/observation';
import { NOT_CONFIGURED } from '../views/observation';
import { component } from './component';

/** A cluster whose watches run and that hides nothing. */
export const SYNCED: ClusterStatus = {
  name: 'demo',
  state: 'synced',
  missingKinds: [],
};

/**
 * The objects of a YAML stream as a snapshot.
 *
 * @throws when a document is not YAML, or is of no kind the model reads
 */
export function snapshotFromYaml(yaml: string) {
  return snapshotOf(
    parseAllDocuments(yaml).flatMap(document => {
      if (document.errors.length > 0) {
        throw new Error(`Malformed YAML: ${document.errors[0].message}`);
      }
      const raw: unknown = document.toJS();
      if (raw === null) {
        return [];
      }
      const object = projectWithRefusals(raw);
      if (!object) {
        throw new Error(`Not read by the model: ${document}`);
      }
      return object;
    }),
  );
}

/**
 * What the views of an entity are made from, in a mesh given as YAML.
 *
 * @param options.services - the value of the annotation `backstage.io/istio-services`
 */
export function entityInYaml(
  yaml: string,
  options: {
    services: string;
    status?: ClusterStatus;
    observation?: Observation;
    entities?: ClusterEntities;
  },
): EntityInput {
  const snapshot = snapshotFromYaml(yaml);
  const status = options.status ?? SYNCED;
  const { resolution, matches } = resolveEntity(
    component('entity', { 'backstage.io/istio-services': options.services }),
    [{ name: status.name, snapshot, complete: true }],
    undefined,
  );
  return {
    resolution,
    clusters: [...matches].map(([name, match]) => ({
      name,
      snapshot,
      status,
      match,
      observation: options.observation ?? NOT_CONFIGURED,
      ...(options.entities && { entities: options.entities }),
    })),
  };
}

/** A meshed pod of a Deployment, as YAML. */
export function podYaml(
  namespace: string,
  app: string,
  options: { labels?: string; sidecar?: boolean; port?: number } = {},
): string {
  const { labels = '', sidecar = true, port = 8080 } = options;
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${app}-1
  namespace: ${namespace}
  labels: { app: ${app}, ${
    sidecar ? 'security.istio.io/tlsMode: istio' : ''
  } ${labels} }
  ${
    sidecar
      ? `annotations: { sidecar.istio.io/status: '{"revision":"default"}' }`
      : ''
  }
  ownerReferences:
    - { apiVersion: apps/v1, kind: StatefulSet, name: ${app}, controller: true }
spec:
  serviceAccountName: ${app}
  containers:
    - { name: ${app}, image: ${app}, ports: [{ containerPort: ${port} }] }
    ${sidecar ? '- { name: istio-proxy, image: istio/proxyv2:1.27.1 }' : ''}
status:
  phase: Running
  podIP: 10.0.0.1
  podIPs: [{ ip: 10.0.0.1 }]
  conditions: [{ type: Ready, status: 'True' }]
---`;
}

/** A Service that selects the pods of an app, as YAML. */
export function serviceYaml(
  namespace: string,
  app: string,
  ports = '[{ name: http, port: 8080 }]',
): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${app}, namespace: ${namespace} }
spec:
  clusterIP: 10.96.0.10
  selector: { app: ${app} }
  ports: ${ports}
---`;
}
