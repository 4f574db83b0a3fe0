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

import type { Subject } from '../catalogue';

/** What one request may name. */
export interface BatchLimits {
  subjects: number;
  /** of their names */
  bytes: number;
}

/** golden-signals §7 */
export const BATCH_LIMITS: BatchLimits = { subjects: 50, bytes: 8 * 1024 };

/**
 * Subjects in groups that one request can name. Neighbours share namespaces, so that a request whose matchers take every
 * namespace with every name matches little else.
 */
export function chunksOf(
  subjects: readonly Subject[],
  limits: BatchLimits = BATCH_LIMITS,
): Subject[][] {
  const sorted = [...subjects].sort(
    (a, b) =>
      a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name),
  );
  const chunks: Subject[][] = [];
  let current: Subject[] = [];
  let bytes = 0;
  for (const subject of sorted) {
    const size = Buffer.byteLength(`${subject.namespace}|${subject.name}|`);
    const full =
      current.length >= limits.subjects || bytes + size > limits.bytes;
    if (full && current.length > 0) {
      chunks.push(current);
      current = [];
      bytes = 0;
    }
    current.push(subject);
    bytes += size;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}

/** Two halves, for a second attempt at what was too much at once. */
export function halves<T>(all: readonly T[]): [T[], T[]] {
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)];
}
