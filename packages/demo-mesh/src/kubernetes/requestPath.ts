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

import type { ResourceDefinition } from './resourceDefinition';
import type { ResourceTable } from './resources';

/** What a resource path names. */
export interface ResourceRequest {
  readonly definition: ResourceDefinition;
  readonly version: string;
  /** `''` for all namespaces and for cluster-scoped resources */
  readonly namespace: string;
  /** `''` for the collection */
  readonly name: string;
  /** `''` for the object itself */
  readonly subresource: string;
  /** what follows `…/proxy` */
  readonly rest: readonly string[];
}

/** Reads `/api/v1/…` and `/apis/<group>/<version>/…`; `undefined` when no served resource answers to the path. */
export function parseResourcePath(
  segments: readonly string[],
  table: ResourceTable,
): ResourceRequest | undefined {
  const core = segments[0] === 'api';
  if (!core && segments[0] !== 'apis') {
    return undefined;
  }
  const [group, version] = core
    ? ['', segments[1]]
    : [segments[1], segments[2]];
  let tail = segments.slice(core ? 2 : 3);
  let namespace = '';
  if (tail[0] === 'namespaces' && tail.length >= 3 && tail[2] !== 'status') {
    namespace = tail[1];
    tail = tail.slice(2);
  }
  const [plural = '', name = '', subresource = '', ...rest] = tail;
  const definition = table.find(group, version, plural);
  if (!definition || (!definition.namespaced && namespace)) {
    return undefined;
  }
  return { definition, version, namespace, name, subresource, rest };
}
