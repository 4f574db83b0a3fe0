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

import { meshServicesExpression } from './meshServices';
import { requestsExpression } from './requests';
import { saturationExpression, type MeteredPod } from './saturation';
import { seriesExpression } from './series';
import type { MeteredService } from './serviceMatches';
import { sizesExpression } from './sizes';
import { WINDOWS, rateWindows } from './windows';

/** One expression of the catalogue with sample parameters, and how it is sent. */
export interface CatalogueExpression {
  template: 'requests' | 'sizes' | 'series' | 'saturation' | 'mesh-services';
  expression: string;
  /** seconds between points, when it is sent as a range */
  stepSeconds?: number;
  /** seconds the range covers */
  rangeSeconds?: number;
}

/**
 * Every expression that the back end can send about these services and pods, for tests against a real Prometheus.
 *
 * @param scrapeSeconds - how often Prometheus scrapes the proxies
 */
export function catalogueExpressions(
  services: readonly MeteredService[],
  pods: readonly MeteredPod[],
  scrapeSeconds = 30,
): CatalogueExpression[] {
  const byWindow = WINDOWS.flatMap((window): CatalogueExpression[] => {
    const rates = rateWindows(window, scrapeSeconds);
    return [
      {
        template: 'requests',
        expression: requestsExpression(services, rates.window, {}),
      },
      {
        template: 'sizes',
        expression: sizesExpression(services, rates.window, {}),
      },
      {
        template: 'series',
        expression: seriesExpression(services, rates.smoothing, {}),
        stepSeconds: rates.step,
        rangeSeconds: 2 * rates.window,
      },
    ];
  });
  return [
    ...byWindow,
    { template: 'saturation', expression: saturationExpression(pods) },
    {
      template: 'mesh-services',
      expression: meshServicesExpression(300, {}),
    },
  ];
}
