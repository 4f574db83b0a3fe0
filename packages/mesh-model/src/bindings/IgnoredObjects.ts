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
import { objectRefOf, type ObjectRef, type Provenance } from '../verdict';
import {
  remedyFor,
  type IgnoredCause,
  type RemedyWords,
} from './ignoredCauses';

/** An object that names a service, or selects its workload, and does not act on it. */
export interface IgnoredObject {
  object: ObjectRef;
  cause: IgnoredCause;
  /** the field at fault, for example `spec.exportTo` */
  path?: string;
  /** why, one sentence */
  reason: string;
  /** what to write, one sentence */
  remedy: string;
  provenance: Provenance;
}

function keyOf({ group, kind, namespace, name }: ObjectRef): string {
  return `${group}/${kind}/${namespace ?? ''}/${name}`;
}

/**
 * Collects objects that do not act, one reason each: an object that acts anywhere on what was asked about is not ignored,
 * and the first reason that is found stays.
 */
export class IgnoredObjects {
  private readonly acting = new Set<string>();
  private readonly found = new Map<string, IgnoredObject>();

  constructor(private readonly words: RemedyWords) {}

  acts(object: ObjectRef): void {
    this.acting.add(keyOf(object));
  }

  /** Is something known about the object already? */
  knows(object: ObjectRef): boolean {
    const key = keyOf(object);
    return this.acting.has(key) || this.found.has(key);
  }

  ignore(provenance: Provenance, cause: IgnoredCause): void {
    const { object, path, says } = provenance;
    const key = keyOf(object);
    if (!this.found.has(key)) {
      this.found.set(key, {
        object,
        cause,
        ...(path === undefined ? {} : { path }),
        reason: says,
        remedy: remedyFor(cause, this.words),
        provenance,
      });
    }
  }

  /** Names what of the object is malformed, whether it acts or not. */
  malformed(object: MeshObject): void {
    const [problem] = object.problems;
    if (problem !== undefined) {
      const ref = objectRefOf(object);
      this.found.delete(keyOf(ref));
      this.acting.delete(keyOf(ref));
      this.ignore(
        { object: ref, path: problem.path, says: problem.message },
        'malformed',
      );
    }
  }

  list(): IgnoredObject[] {
    return [...this.found]
      .filter(([key]) => !this.acting.has(key))
      .map(([, ignored]) => ignored);
  }
}
