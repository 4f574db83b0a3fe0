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

import { projectObject, type MeshKind, type MeshObject } from '../objects';
import { validateObject } from './validateObject';

/** More than a person corrects at a time; the rest shows after that. */
const MAX_REFUSALS = 20;

/**
 * Projects raw Kubernetes JSON as {@link projectObject} does, and notes the fields for which istiod's admission would refuse the
 * object. It may stand in the cluster all the same: written while the webhook was off, or accepted by a version of Istio with
 * other rules. istiod reads it then as it stands, because it does not validate again what it reads.
 *
 * @param kind - what the object is, for items of a list, which carry no `apiVersion` and `kind` of their own
 */
export function projectWithRefusals(
  raw: unknown,
  kind?: MeshKind,
): MeshObject | undefined {
  const object = projectObject(raw, kind);
  if (object === undefined || typeof raw !== 'object' || raw === null) {
    return object;
  }
  const result = validateObject({
    kind: object.kind,
    metadata: object.metadata,
    spec: 'spec' in raw ? raw.spec : undefined,
  });
  return result === undefined || result.errors.length === 0
    ? object
    : { ...object, refusals: result.errors.slice(0, MAX_REFUSALS) };
}
