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

import type { LabelSelector, StringMap } from '../objects';

/** Does `labels` contain every pair of `selector`? An empty selector is contained in everything. */
export function isSubset(selector: StringMap, labels: StringMap): boolean {
  for (const key in selector) {
    if (labels[key] !== selector[key]) {
      return false;
    }
  }
  return true;
}

/** Does a Kubernetes label selector (labels and expressions) match? An empty selector matches everything. */
export function matchesLabelSelector(
  selector: LabelSelector,
  labels: StringMap,
): boolean {
  if (selector.matchLabels && !isSubset(selector.matchLabels, labels)) {
    return false;
  }
  return (selector.matchExpressions ?? []).every(
    ({ key, operator, values = [] }) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        default:
          return value === undefined;
      }
    },
  );
}
