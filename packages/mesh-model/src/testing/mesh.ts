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

import { parseAllDocuments } from 'yaml';
import { projectObject, type MeshObject } from '../objects';
import { snapshotOf, type SnapshotStore } from '../snapshot';

/**
 * The objects of a YAML stream (documents or Lists) as the model sees them.
 *
 * @throws when a document is not YAML, or is of no kind the model reads: a test must not silently lack an object.
 */
export function objectsFromYaml(yaml: string): MeshObject[] {
  const objects: MeshObject[] = [];
  for (const document of parseAllDocuments(yaml)) {
    if (document.errors.length > 0) {
      throw new Error(
        `The test's YAML is malformed: ${document.errors[0].message}`,
      );
    }
    const raw: unknown = document.toJS();
    if (raw === null || raw === undefined) {
      continue;
    }
    const object = projectObject(raw);
    if (object === undefined) {
      throw new Error(
        `The model does not read this object: ${JSON.stringify(raw).slice(
          0,
          120,
        )}`,
      );
    }
    objects.push(object);
  }
  return objects;
}

/** A snapshot from YAML, for tests: mesh`…`. Text may be interpolated. */
export function mesh(
  text: TemplateStringsArray,
  ...values: readonly (string | number)[]
): SnapshotStore {
  return snapshotOf(objectsFromYaml(String.raw({ raw: text.raw }, ...values)));
}
