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

import type { ObjectMeta } from '../../objects';

function compareStrings(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/**
 * The order in which objects of Gateway API come: oldest first, then by namespace, then by name. Unlike the order of
 * Istio's own objects, the namespace goes before the name.
 */
export function compareByCreation(
  a: { metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'createdAt'> },
  b: { metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'createdAt'> },
): number {
  return (
    a.metadata.createdAt - b.metadata.createdAt ||
    compareStrings(a.metadata.namespace, b.metadata.namespace) ||
    compareStrings(a.metadata.name, b.metadata.name)
  );
}
