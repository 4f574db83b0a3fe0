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

import { builtIn, type ResourceDefinition } from './resourceDefinition';

const APPS = {
  categories: ['all'],
  subresources: ['status', 'scale'],
} as const;

/** Resources of Kubernetes that the demo cluster serves. */
export const BUILT_IN_RESOURCES: readonly ResourceDefinition[] = [
  builtIn('', 'v1', 'Namespace', 'namespaces', {
    namespaced: false,
    shortNames: ['ns'],
  }),
  builtIn('', 'v1', 'Node', 'nodes', { namespaced: false, shortNames: ['no'] }),
  builtIn('', 'v1', 'Pod', 'pods', { shortNames: ['po'], categories: ['all'] }),
  builtIn('', 'v1', 'Service', 'services', {
    shortNames: ['svc'],
    categories: ['all'],
  }),
  builtIn('', 'v1', 'Endpoints', 'endpoints', {
    shortNames: ['ep'],
    subresources: [],
  }),
  builtIn('', 'v1', 'ServiceAccount', 'serviceaccounts', {
    shortNames: ['sa'],
    subresources: [],
  }),
  builtIn('', 'v1', 'ConfigMap', 'configmaps', {
    shortNames: ['cm'],
    subresources: [],
  }),
  builtIn('', 'v1', 'Secret', 'secrets', { subresources: [] }),
  builtIn('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
    shortNames: ['pvc'],
  }),
  builtIn('', 'v1', 'ResourceQuota', 'resourcequotas', {
    shortNames: ['quota'],
  }),
  builtIn('', 'v1', 'LimitRange', 'limitranges', {
    shortNames: ['limits'],
    subresources: [],
  }),
  builtIn('', 'v1', 'Event', 'events', {
    shortNames: ['ev'],
    subresources: [],
  }),
  builtIn('apps', 'v1', 'Deployment', 'deployments', {
    ...APPS,
    shortNames: ['deploy'],
  }),
  builtIn('apps', 'v1', 'ReplicaSet', 'replicasets', {
    ...APPS,
    shortNames: ['rs'],
  }),
  builtIn('apps', 'v1', 'StatefulSet', 'statefulsets', {
    ...APPS,
    shortNames: ['sts'],
  }),
  builtIn('apps', 'v1', 'DaemonSet', 'daemonsets', {
    categories: ['all'],
    shortNames: ['ds'],
  }),
  builtIn('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices', {
    subresources: [],
  }),
  builtIn('networking.k8s.io', 'v1', 'Ingress', 'ingresses', {
    shortNames: ['ing'],
  }),
  builtIn('networking.k8s.io', 'v1', 'IngressClass', 'ingressclasses', {
    namespaced: false,
    subresources: [],
  }),
  builtIn(
    'admissionregistration.k8s.io',
    'v1',
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
    { namespaced: false, subresources: [] },
  ),
  builtIn(
    'admissionregistration.k8s.io',
    'v1',
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
    { namespaced: false, subresources: [] },
  ),
  builtIn('events.k8s.io', 'v1', 'Event', 'events', {
    shortNames: ['ev'],
    subresources: [],
  }),
  builtIn(
    'apiextensions.k8s.io',
    'v1',
    'CustomResourceDefinition',
    'customresourcedefinitions',
    { namespaced: false, shortNames: ['crd', 'crds'] },
  ),
];
