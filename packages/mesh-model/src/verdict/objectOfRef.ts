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
import type { MeshSnapshot } from '../snapshot/types';
import type { ObjectRef } from './types';

const KIND_OF_REF = new Map<string, MeshKind>(
  KINDS.map(({ group, kind }) => [
    `${group}/${kind === 'K8sGateway' ? 'Gateway' : kind}`,
    kind,
  ]),
);

/** The object that a reference of an answer names, as the snapshot has it now. */
export function objectOfRef(
  snapshot: MeshSnapshot,
  ref: ObjectRef,
): MeshObject | undefined {
  const kind = KIND_OF_REF.get(`${ref.group}/${ref.kind}`);
  return kind && snapshot.get(kind, ref.namespace ?? '', ref.name);
}
