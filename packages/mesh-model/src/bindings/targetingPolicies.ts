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

import type { MeshObject, PolicyTargetReference } from '../objects';
import { attachableOf } from '../scoping/policyAttachment';
import { derivation } from '../snapshot';

/** An object with targetRefs. */
export interface TargetingObject {
  object: MeshObject;
  reference: PolicyTargetReference;
  /** for example `spec.targetRefs[0]` */
  path: string;
}

const KINDS_WITH_TARGETS = [
  'AuthorizationPolicy',
  'RequestAuthentication',
  'Telemetry',
  'WasmPlugin',
  'TrafficExtension',
  'EnvoyFilter',
] as const;

/** The key of what a reference names. */
export function targetKey(kind: string, name: string): string {
  return `${kind}/${name}`;
}

/** Every object with targetRefs by the kind and name that it targets, whatever the namespace. */
export const objectsByTarget = derivation(
  () => KINDS_WITH_TARGETS.map(kind => ({ kind })),
  (snapshot): ReadonlyMap<string, readonly TargetingObject[]> => {
    const byTarget = new Map<string, TargetingObject[]>();
    for (const kind of KINDS_WITH_TARGETS) {
      for (const object of snapshot.list(kind)) {
        const spec: Parameters<typeof attachableOf>[1] = object.spec;
        const { targetRefs, listed } = attachableOf(object, spec);
        for (const [index, reference] of targetRefs.entries()) {
          const key = targetKey(reference.kind, reference.name);
          byTarget.set(key, [
            ...(byTarget.get(key) ?? []),
            {
              object,
              reference,
              path: listed ? `spec.targetRefs[${index}]` : 'spec.targetRef',
            },
          ]);
        }
      }
    }
    return byTarget;
  },
);
