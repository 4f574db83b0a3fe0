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

import type { RoutableService } from './routableService';

function compareTexts(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

/** Oldest first, then by name, then by namespace; the name of a service from a ServiceEntry is its host. R1.4 */
function compareDefinitions(a: RoutableService, b: RoutableService): number {
  const [left, right] = [a.object?.metadata, b.object?.metadata];
  const nameOf = ({ registry, hostname, object }: RoutableService) =>
    registry === 'External' ? hostname : object?.metadata.name ?? '';
  return left === undefined || right === undefined
    ? 0
    : left.createdAt - right.createdAt ||
        compareTexts(nameOf(a), nameOf(b)) ||
        compareTexts(a.namespace, b.namespace);
}

/**
 * Services in the universal order of their objects, with the definitions of one host in the order in which istiod has
 * them: of ServiceEntries of the same second the namespace decides, not the name of the object. R1.4
 */
export function inOrderOfDefinition(
  services: readonly RoutableService[],
): readonly RoutableService[] {
  const positions = new Map<string, number[]>();
  for (const [index, { hostname }] of services.entries()) {
    const known = positions.get(hostname);
    if (known === undefined) {
      positions.set(hostname, [index]);
    } else {
      known.push(index);
    }
  }
  let ordered: RoutableService[] | undefined;
  for (const indexes of positions.values()) {
    if (indexes.length > 1) {
      const definitions = indexes
        .map(index => services[index])
        .sort(compareDefinitions);
      for (const [at, index] of indexes.entries()) {
        if (definitions[at] !== services[index]) {
          ordered ??= [...services];
          ordered[index] = definitions[at];
        }
      }
    }
  }
  return ordered ?? services;
}
