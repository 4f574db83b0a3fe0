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

import type { RouteDestination } from '@mesh-portal/backstage-plugin-istio-common';

/**
 * Why observed shares say nothing about the weights of a rule, each reason once. Empty where they do say something, and
 * where the rule has one destination only: it gets all, whatever was seen.
 */
export function observedRemarks(destinations: RouteDestination[]): string[] {
  if (destinations.length < 2) {
    return [];
  }
  const remarks = destinations.flatMap(({ observed }) => {
    switch (observed?.state) {
      case 'not-comparable':
        return `Observed shares cannot be compared with the weights: ${observed.reason}`;
      case 'too-little-traffic':
        return `Too little traffic to compare with the weights: ${observed.reason}`;
      default:
        return [];
    }
  });
  return [...new Set(remarks)];
}
