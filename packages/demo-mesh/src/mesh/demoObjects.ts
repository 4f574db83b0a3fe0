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

import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes/object';
import {
  bookinfo,
  identity,
  inventory,
  istioSystem,
  payments,
  shop,
} from './manifests';
import type { DemoTopology } from './topology';
import { workloadObjects } from './workloadObjects';

const SIDECAR = { 'istio-injection': 'enabled' };
const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };

/** Namespaces in the order they are made, with the labels that decide the data plane. */
const NAMESPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  default: {},
  'kube-system': {},
  'istio-system': {},
  bookinfo: SIDECAR,
  payments: SIDECAR,
  inventory: SIDECAR,
  analytics: SIDECAR,
  shop: { ...AMBIENT, 'istio.io/use-waypoint': 'shop-waypoint' },
  identity: { ...AMBIENT, 'istio.io/use-waypoint': 'identity-waypoint' },
  edge: {},
  legacy: {},
};

/** Sidecars that speak HBONE too, as they do where the ambient profile is installed. */
const HBONE = { 'networking.istio.io/tunnel': 'http' };

const POD_LABELS = {
  bookinfo: HBONE,
  payments: HBONE,
  inventory: HBONE,
  analytics: HBONE,
};

const POD_ANNOTATIONS = {
  'bookinfo/reviews-v3': { 'demo.example/release': '1.21.0-rc1' },
};

const SERVICE_LABELS = {
  'shop/recommendations': {
    'istio.io/use-waypoint': 'recommendations-waypoint',
  },
  'identity/token': { 'istio.io/use-waypoint': 'none' },
};

function namespace(
  name: string,
  labels: Readonly<Record<string, string>>,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { 'kubernetes.io/metadata.name': name, ...labels },
    },
  };
}

function node(name: string, zone: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'topology.kubernetes.io/region': 'demo',
        'topology.kubernetes.io/zone': zone,
      },
    },
    status: {
      nodeInfo: { kubeletVersion: 'v1.33.4', osImage: 'demo' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

/** Objects of a YAML text with several documents. Throws with the line when one is malformed. */
export function objectsOfYaml(text: string): KubernetesObject[] {
  return parseAllDocuments(text).map(document => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS() as KubernetesObject;
  });
}

/** Everything the demo mesh begins with, in the order it must be created. Controllers add the pods. */
export function demoObjects(topology: DemoTopology): KubernetesObject[] {
  return [
    ...['a', 'b', 'c'].map(zone => node(`node-${zone}`, `demo-${zone}`)),
    ...Object.entries(NAMESPACES).map(([name, labels]) =>
      namespace(name, labels),
    ),
    ...objectsOfYaml(istioSystem),
    ...workloadObjects(topology, POD_LABELS, POD_ANNOTATIONS, SERVICE_LABELS),
    ...[bookinfo, payments, inventory, shop, identity].flatMap(objectsOfYaml),
  ];
}
