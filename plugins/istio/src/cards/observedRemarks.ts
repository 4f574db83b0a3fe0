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

/** Percentage points between what was seen and what is configured. */
function offBy({ observed, configuredWeight }: RouteDestination): number {
  return observed?.state === 'as-configured' && observed.share !== undefined
    ? Math.abs(observed.share * 100 - configuredWeight)
    : 0;
}

/** That a share is visibly off and still taken as configured: said of the one that is off most. */
function toleratedRemark(destinations: RouteDestination[]): string[] {
  const [most] = [...destinations].sort(
    (left, right) => offBy(right) - offBy(left),
  );
  return most.observed && offBy(most) >= 1
    ? [`Taken as configured: ${most.observed.reason}`]
    : [];
}

/**
 * Why observed shares say nothing about the weights of a rule, each reason once. Where they do, whether
 * one is visibly off and tolerated. Empty where there is nothing to remark, and where the rule has one destination only: it gets all, whatever was seen.
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
  return [...new Set([...remarks, ...toleratedRemark(destinations)])];
}
