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

import { addToGroup } from '../../grouping';
import type { RoutingConfig } from '../../routing/routingConfig';
import { compareByCreation } from './creationOrder';
import { compareGatewayApiRoutes } from './routeOrder';
import type { TranslatedRoute } from './routes';

/** Routing configuration of Gateway API, with the routes it was made of. */
export interface MergedRouteConfig extends RoutingConfig {
  /** oldest first; the first gives the configuration its namespace and age */
  sources: readonly RoutingConfig['object'][];
}

/**
 * The configurations of all routes; those for one host of one listener, or of one service seen from one namespace, are one
 * table in Gateway API's order, whichever routes they come from. R7.20, R7.21
 */
export function mergedRouteConfigs(
  routes: readonly TranslatedRoute[],
): MergedRouteConfig[] {
  const byKey = new Map<string, RoutingConfig[]>();
  for (const { configs } of routes) {
    for (const { key, config } of configs) {
      addToGroup(byKey, key, config);
    }
  }
  return [...byKey.values()].map(same => {
    const ordered = [...same].sort((a, b) =>
      compareByCreation(a.object, b.object),
    );
    return {
      ...ordered[0],
      http: ordered
        .flatMap(({ http }) => http)
        .sort((a, b) => compareGatewayApiRoutes(a.value, b.value)),
      sources: ordered.map(({ object }) => object),
    };
  });
}
