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

import type { Entity } from '@backstage/catalog-model';
import {
  ISTIO_SERVICES_ANNOTATION,
  KUBERNETES_CLUSTER_ANNOTATION,
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
  KUBERNETES_NAMESPACE_ANNOTATION,
  type ResolutionStep,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { LabelSelector } from '@mesh-portal/mesh-model';
import {
  AnnotationError,
  checkedLabelValue,
  checkedNamespace,
  parseIstioServices,
  type NamedService,
} from './annotationValues';
import { LabelSelectorError, parseLabelSelector } from './labelSelector';

/** What to look for, read from the annotations. */
type Wanted =
  | { by: 'services'; services: NamedService[] }
  | { by: 'selector'; selector: LabelSelector; text: string }
  | { by: 'id'; id: string };

/** What the annotations ask for, and where. */
export interface EntityQuery {
  wanted: Wanted;
  namespace?: string;
  cluster?: string;
}

/**
 * What the entity's annotations ask for: those of this plugin first, then those of the Kubernetes plugin. Undefined
 * when it carries none of them. Throws `AnnotationError` for a value that cannot be read.
 *
 * @param steps - each annotation read is added
 */
export function readQuery(
  entity: Entity,
  steps: ResolutionStep[],
): EntityQuery | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const read = (annotation: string): string | undefined => {
    const value = annotations[annotation];
    if (value !== undefined) {
      steps.push({
        step: `annotation ${annotation} read`,
        outcome: 'found',
        detail: value,
      });
    }
    return value;
  };
  const cluster = read(KUBERNETES_CLUSTER_ANNOTATION)?.trim();
  const namespaceText = read(KUBERNETES_NAMESPACE_ANNOTATION);
  const namespace =
    namespaceText === undefined
      ? undefined
      : checkedNamespace(KUBERNETES_NAMESPACE_ANNOTATION, namespaceText);
  const scope = {
    ...(cluster ? { cluster } : {}),
    ...(namespace === undefined ? {} : { namespace }),
  };
  const services = read(ISTIO_SERVICES_ANNOTATION);
  if (services !== undefined) {
    return {
      wanted: {
        by: 'services',
        services: parseIstioServices(ISTIO_SERVICES_ANNOTATION, services),
      },
      ...scope,
    };
  }
  const text = read(KUBERNETES_LABEL_SELECTOR_ANNOTATION);
  if (text !== undefined) {
    return { wanted: readSelector(text), ...scope };
  }
  const id = read(KUBERNETES_ID_ANNOTATION);
  return id === undefined
    ? undefined
    : {
        wanted: {
          by: 'id',
          id: checkedLabelValue(KUBERNETES_ID_ANNOTATION, id),
        },
        ...scope,
      };
}

function readSelector(text: string): Wanted {
  try {
    return { by: 'selector', selector: parseLabelSelector(text), text };
  } catch (error) {
    throw error instanceof LabelSelectorError
      ? new AnnotationError(KUBERNETES_LABEL_SELECTOR_ANNOTATION, error.message)
      : error;
  }
}

/** What to write where when the query found nothing. */
export function remedyFor(query: EntityQuery): string {
  const { wanted, namespace } = query;
  switch (wanted.by) {
    case 'services':
      return `Correct ${ISTIO_SERVICES_ANNOTATION}: it must name Services that exist, as namespace/name`;
    case 'selector':
      return `Correct ${KUBERNETES_LABEL_SELECTOR_ANNOTATION}: kubectl get pods,services -l '${
        wanted.text
      }'${
        namespace === undefined ? ' -A' : ` -n ${namespace}`
      } must list something`;
    default:
      return `Set the label ${KUBERNETES_ID_ANNOTATION}: ${wanted.id} on the Service and on the pod template of the Deployment, or write ${ISTIO_SERVICES_ANNOTATION}: namespace/name on the entity`;
  }
}
