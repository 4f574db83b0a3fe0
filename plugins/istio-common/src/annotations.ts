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

/**
 * Names the services of an entity when the Kubernetes annotations are not enough: a comma-separated list of
 * `namespace/name`, or hosts of ServiceEntries.
 */
export const ISTIO_SERVICES_ANNOTATION = 'backstage.io/istio-services';

/** Annotations of the Kubernetes plugin that are read, in the words of its documentation. */
export const KUBERNETES_ID_ANNOTATION = 'backstage.io/kubernetes-id';
export const KUBERNETES_NAMESPACE_ANNOTATION =
  'backstage.io/kubernetes-namespace';
export const KUBERNETES_LABEL_SELECTOR_ANNOTATION =
  'backstage.io/kubernetes-label-selector';
export const KUBERNETES_CLUSTER_ANNOTATION = 'backstage.io/kubernetes-cluster';

/** Any one of these makes an entity one that the mesh can be asked about. */
export const ISTIO_ENTITY_ANNOTATIONS = [
  ISTIO_SERVICES_ANNOTATION,
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
] as const;

/**
 * The objectives of a service, as JSON: `{"availability":"99.9","latency":"99% < 500ms","period":"30d","view":"server",
 * "exclude":"403"}`. Or one annotation a key, see {@link sloKeyAnnotation}.
 */
export const ISTIO_SLO_ANNOTATION = 'backstage.io/istio-slo';

/** The annotation of one key of an objective, for example `backstage.io/istio-slo-availability`. */
export function sloKeyAnnotation(key: string): string {
  return `${ISTIO_SLO_ANNOTATION}-${key}`;
}
