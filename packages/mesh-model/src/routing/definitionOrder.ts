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

import type { Entries } from '../snapshot';
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

function isInOrder(definitions: readonly RoutableService[]): boolean {
  return definitions.every(
    (definition, index) =>
      index === 0 ||
      compareDefinitions(definitions[index - 1], definition) <= 0,
  );
}

/**
 * Services in the universal order of their objects, with the definitions of one host in the order in which istiod has
 * them: of ServiceEntries of the same second the namespace decides, not the name of the object. R1.4
 *
 * @param byHost - the services by hostname, in the order of the list
 */
export function inOrderOfDefinition(
  services: readonly RoutableService[],
  byHost: Entries<readonly RoutableService[]>,
): readonly RoutableService[] {
  const reordered = new Map<string, RoutableService[]>();
  for (const [host, definitions] of byHost) {
    if (definitions.length > 1 && !isInOrder(definitions)) {
      reordered.set(host, [...definitions].sort(compareDefinitions));
    }
  }
  return reordered.size === 0
    ? services
    : services.map(
        service => reordered.get(service.hostname)?.shift() ?? service,
      );
}
