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

import type { MeshKind } from '../objects';
import type { MeshSnapshot } from './types';

/** A kind that a derivation reads, in one namespace or, when `namespace` is absent, in all. */
export interface DerivationInput {
  kind: MeshKind;
  namespace?: string;
}

interface Entry {
  stamp: string;
  value: unknown;
}

const kept = new WeakMap<MeshSnapshot, Map<string, Entry>>();

function stampOf(
  snapshot: MeshSnapshot,
  inputs: readonly DerivationInput[],
): string {
  return inputs
    .map(input => snapshot.versionOf(input.kind, input.namespace))
    .join(' ');
}

/**
 * Declares a value that is computed from a snapshot and kept until one of the kinds it read changes.
 *
 * `name` must be unique in the program; `key` names the instance (for example a namespace).
 */
export function derivation<T>(
  name: string,
  inputsOf: (key: string) => readonly DerivationInput[],
  compute: (snapshot: MeshSnapshot, key: string) => T,
): (snapshot: MeshSnapshot, key?: string) => T {
  return (snapshot, key = '') => {
    const entries = kept.get(snapshot) ?? new Map<string, Entry>();
    kept.set(snapshot, entries);
    const id = `${name}\n${key}`;
    const stamp = stampOf(snapshot, inputsOf(key));
    const entry = entries.get(id);
    if (entry !== undefined && entry.stamp === stamp) {
      // Only this closure writes under its own name, so the value has its type.
      return entry.value as T;
    }
    const value = compute(snapshot, key);
    entries.set(id, { stamp, value });
    return value;
  };
}
