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

import type { MeshObject } from '../objects';
import type { AttachmentScope } from '../scoping/policyAttachment';
import { objectRefOf, type ObjectRef, type Provenance } from '../verdict';

/** How an object reaches a workload. `host`: by a host name of a service of the workload. */
export type BindingScope =
  | 'mesh-wide'
  | 'namespace'
  | 'selector'
  | 'targetRef'
  | 'host';

/**
 * What becomes of an object that reaches a workload. `decides`: it alone does, or has the last word. `layered`: narrower
 * objects override parts of it. `added`: it stands beside others. `overridden`: narrower objects override all of it.
 */
export type BindingEffect = 'decides' | 'layered' | 'added' | 'overridden';

/** One object that acts on a workload. */
export interface WorkloadBinding {
  object: ObjectRef;
  scope: BindingScope;
  effect: BindingEffect;
  /** the proxy that applies it: that of the workload, or the waypoint of a service of it */
  at: ObjectRef;
  /** one sentence */
  says: string;
  provenance: Provenance;
}

/** The words for the scope of an attachment. */
export const SCOPE_WORDS: Readonly<Record<AttachmentScope, BindingScope>> = {
  mesh: 'mesh-wide',
  namespace: 'namespace',
  workload: 'selector',
  targetRef: 'targetRef',
};

/** A binding of an object whose provenance is known. */
export function bindingOf(
  object: MeshObject,
  scope: BindingScope,
  effect: BindingEffect,
  at: ObjectRef,
  provenance: Provenance,
  says: string = provenance.says,
): WorkloadBinding {
  return { object: objectRefOf(object), scope, effect, at, says, provenance };
}
