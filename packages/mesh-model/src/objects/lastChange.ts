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

import { internString } from './interning';
import type { MeshKind } from './kinds';
import type { ObjectChangeMark } from './types';

/** Kinds that come and go by themselves, or that nobody edits: when they changed says nothing. */
const NOT_DATED: ReadonlySet<MeshKind> = new Set<MeshKind>([
  'Pod',
  'Node',
  'EndpointSlice',
  'ReplicaSet',
  'ServiceAccount',
]);

/**
 * When, and by which field manager, anything but the status of an object was last written: the latest entry of
 * `metadata.managedFields`. Undefined where the source keeps none.
 *
 * @param managedFields - as the API server sends it; what does not have its shape is skipped
 */
export function lastChangeOf(
  managedFields: unknown,
  kind: MeshKind,
): ObjectChangeMark | undefined {
  if (NOT_DATED.has(kind) || !Array.isArray(managedFields)) {
    return undefined;
  }
  let latest: ObjectChangeMark | undefined;
  for (const entry of managedFields) {
    const { time, manager, subresource } = (entry ?? {}) as {
      time?: unknown;
      manager?: unknown;
      subresource?: unknown;
    };
    const at =
      typeof time === 'string' && subresource !== 'status'
        ? Date.parse(time)
        : NaN;
    if (Number.isFinite(at) && (latest === undefined || at > latest.at)) {
      latest = {
        at,
        by: internString(typeof manager === 'string' ? manager : ''),
      };
    }
  }
  return latest;
}
