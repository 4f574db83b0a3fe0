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
import { FadingMap } from './FadingMap';
import {
  isObserved,
  noteRead,
  Question,
  sameAnswer,
  sourcesOf,
  unobserved,
} from './reading';
import type { MeshSnapshot } from './types';

/** A kind that a derivation reads, in one namespace or, when `namespace` is absent, in all. */
export interface DerivationInput {
  kind: MeshKind;
  namespace?: string;
}

interface Entry<T> {
  inputs: readonly DerivationInput[];
  stamp: number;
  value: T;
  question: Question | undefined;
}

/** A number that stands still as long as nothing of the inputs changes: versions only grow, so their sum does for all. */
export function versionSum(
  snapshot: MeshSnapshot,
  inputs: readonly DerivationInput[],
): number {
  let sum = 0;
  for (const { kind, namespace } of inputs) {
    sum += snapshot.versionOf(kind, namespace);
  }
  return sum;
}

/**
 * Declares a value that is computed from a snapshot and kept until one of the kinds it read changes.
 *
 * `key` names the instance (for example a namespace); what an instance reads must not change. An instance that nobody
 * asks for any more is forgotten.
 */
export function derivation<T>(
  inputsOf: (key: string) => readonly DerivationInput[],
  compute: (snapshot: MeshSnapshot, key: string) => T,
): (snapshot: MeshSnapshot, key?: string) => T {
  const kept = new WeakMap<MeshSnapshot, FadingMap<Entry<T>>>();
  const current = (snapshot: MeshSnapshot, key: string): Entry<T> => {
    let entries = kept.get(snapshot);
    if (entries === undefined) {
      entries = new FadingMap();
      kept.set(snapshot, entries);
    }
    let entry = entries.get(key, snapshot.version);
    const inputs = entry?.inputs ?? inputsOf(key);
    const stamp = versionSum(snapshot, inputs);
    if (entry === undefined) {
      const value = compute(snapshot, key);
      entry = { inputs, stamp, value, question: undefined };
      entries.set(key, entry, snapshot.version);
    } else if (entry.stamp !== stamp) {
      const value = compute(snapshot, key);
      // A list of the same elements stays the same list: what is computed from it can be kept, too.
      entry.value = sameAnswer(value, entry.value) ? entry.value : value;
      entry.stamp = stamp;
    }
    return entry;
  };
  return (snapshot, key = '') => {
    if (!isObserved()) {
      return current(snapshot, key).value;
    }
    const entry = unobserved(() => current(snapshot, key));
    entry.question ??= new Question(
      snapshot.version,
      sourcesOf(() => versionSum(snapshot, entry.inputs)).sources,
      () => current(snapshot, key).value,
      entry.value,
    );
    noteRead(entry.question);
    return entry.value;
  };
}
