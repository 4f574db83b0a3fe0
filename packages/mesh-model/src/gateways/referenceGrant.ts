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

import type { SlimObjectByKind } from '../objects';

/** An object that refers to another of a different namespace. */
export interface CrossReference {
  from: { group: string; kind: string; namespace: string };
  to: { group: string; kind: string; namespace: string; name: string };
}

/**
 * Does a ReferenceGrant of the target's namespace permit the reference? Entries are alternatives; a `to` without a name
 * permits all names. R7.17
 */
export function isReferenceGranted(
  grants: readonly SlimObjectByKind['ReferenceGrant'][],
  { from, to }: CrossReference,
): boolean {
  return grants.some(
    grant =>
      grant.metadata.namespace === to.namespace &&
      (grant.spec.from ?? []).some(
        item =>
          item.group === from.group &&
          item.kind === from.kind &&
          item.namespace === from.namespace,
      ) &&
      (grant.spec.to ?? []).some(
        item =>
          item.group === to.group &&
          item.kind === to.kind &&
          ((item.name ?? '') === '' || item.name === to.name),
      ),
  );
}
