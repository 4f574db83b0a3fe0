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

import { KINDS, type MeshKind, type MeshObject } from '../objects';
import type { ObjectRef, Provenance } from './types';

const GROUPS = new Map<MeshKind, string>(
  KINDS.map(definition => [definition.kind, definition.group]),
);

/** The reference by which an answer names an object. Gateway API's `K8sGateway` goes by its Kubernetes kind, `Gateway`. */
export function objectRefOf(object: MeshObject): ObjectRef {
  const { name, namespace } = object.metadata;
  return {
    group: GROUPS.get(object.kind) ?? '',
    kind: object.kind === 'K8sGateway' ? 'Gateway' : object.kind,
    ...(namespace === '' ? {} : { namespace }),
    name,
  };
}

/** A provenance about one object. */
export function provenanceOf(
  object: MeshObject,
  path: string | undefined,
  says: string,
  overrides?: Provenance[],
): Provenance {
  return {
    object: objectRefOf(object),
    ...(path === undefined ? {} : { path }),
    says,
    ...(overrides === undefined || overrides.length === 0 ? {} : { overrides }),
    ...(object.refusals && { refusals: [...object.refusals] }),
  };
}
