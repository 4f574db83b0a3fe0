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

import type {
  ObjectStore,
  ObjectWriter,
  ResourceDefinition,
  ResourceTable,
} from '../kubernetes';

/** The cluster that a controller reads and writes. */
export class Cluster {
  constructor(
    readonly store: ObjectStore,
    readonly writer: ObjectWriter,
    readonly resources: ResourceTable,
  ) {}

  /** The resource of this name. Throws when the demo cluster does not have it. */
  definition(name: string): ResourceDefinition {
    const found = this.resources.named(name);
    if (!found) {
      throw new Error(`the demo cluster has no resource "${name}"`);
    }
    return found;
  }
}
