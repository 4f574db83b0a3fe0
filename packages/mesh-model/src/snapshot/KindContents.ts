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
import { OrderedObjects } from './OrderedObjects';
import type { Source } from './reading';

/** How often something of a namespace changed, whatever its kind. */
export class NamespaceChanges implements Source {
  readonly gates: readonly Source[] = [this];
  count = 0;

  stampAt(): number {
    return this.count;
  }
}

/** The objects of a kind in one namespace. */
export class NamespaceContents<T extends MeshObject> implements Source {
  readonly byName = new Map<string, T>();
  readonly ordered = new OrderedObjects<T>();
  readonly gates: readonly Source[];
  version = 0;

  /** @param changes - of the namespace; objects of the cluster change too often to share a gate */
  constructor(readonly changes: NamespaceChanges | undefined) {
    this.gates = [changes ?? this];
  }

  stampAt(): number {
    return this.version;
  }
}

/** All objects of a kind. */
export class KindContents<T extends MeshObject> implements Source {
  readonly namespaces = new Map<string, NamespaceContents<T>>();
  readonly ordered = new OrderedObjects<T>();
  readonly gates: readonly Source[] = [this];
  version = 0;

  stampAt(): number {
    return this.version;
  }
}
