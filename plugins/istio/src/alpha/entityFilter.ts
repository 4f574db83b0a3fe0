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

import type { FilterPredicate } from '@backstage/filter-predicates';
import {
  ISTIO_SERVICES_ANNOTATION,
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
} from '@mesh-portal/backstage-plugin-istio-common';

const ANNOTATIONS = 'metadata.annotations';

const annotated: FilterPredicate[] = [
  {
    [`${ANNOTATIONS}.${ISTIO_SERVICES_ANNOTATION}` as const]: { $exists: true },
  },
  {
    [`${ANNOTATIONS}.${KUBERNETES_ID_ANNOTATION}` as const]: { $exists: true },
  },
  {
    [`${ANNOTATIONS}.${KUBERNETES_LABEL_SELECTOR_ANNOTATION}` as const]: {
      $exists: true,
    },
  },
];

/** Entities that carry an annotation by which the mesh can find them. As a predicate, so that an app may replace it. */
export const istioEntityFilter: FilterPredicate = { $any: annotated };

/** The tab also stands on services that carry no such annotation yet: there it says what to write. */
export const serviceMeshTabFilter: FilterPredicate = {
  $any: [...annotated, { kind: 'component', 'spec.type': 'service' }],
};
