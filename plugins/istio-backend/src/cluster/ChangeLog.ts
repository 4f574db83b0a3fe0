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
  MeshKind,
  MeshObject,
  MeshSnapshot,
  ObjectChange,
} from '@mesh-portal/mesh-model';

/** A change of one object that a watch reported. */
export interface SeenChange {
  kind: MeshKind;
  namespace: string;
  name: string;
  /** epoch milliseconds when this process saw it */
  at: number;
  what: 'created' | 'changed' | 'deleted';
  /** fields that differ, for example `spec.http[0].route[1].weight: 10 → 50`; of a change only */
  fields: readonly string[];
}

const MAX_CHANGES = 1000;
const MAX_FIELDS = 5;
const LONGEST_VALUE = 40;

/** Kinds that come and go by themselves, all day. */
const NOISE: ReadonlySet<MeshKind> = new Set<MeshKind>([
  'Pod',
  'Node',
  'EndpointSlice',
  'ReplicaSet',
]);

/**
 * The latest changes of a cluster's configuration, as this process saw them since it started: what the API server does
 * not keep, above all deletions and what a field was before. Bounded, and gone with the process; never the only source.
 */
export class ChangeLog {
  readonly #changes: SeenChange[] = [];

  constructor(private readonly now: () => number) {}

  /** Latest first. */
  latest(): readonly SeenChange[] {
    return this.#changes;
  }

  /**
   * Notes what a batch is about to change.
   *
   * @param before - the objects as they are until the batch is applied
   */
  note(before: MeshSnapshot, changes: readonly ObjectChange[]): void {
    for (const change of changes) {
      const seen = this.#seen(before, change);
      if (seen) this.#changes.unshift(seen);
    }
    this.#changes.length = Math.min(this.#changes.length, MAX_CHANGES);
  }

  #seen(before: MeshSnapshot, change: ObjectChange): SeenChange | undefined {
    const kind = change.type === 'upsert' ? change.object.kind : change.kind;
    if (NOISE.has(kind)) return undefined;
    const { namespace, name } =
      change.type === 'upsert' ? change.object.metadata : change;
    const old = before.get(kind, namespace, name);
    const base = { kind, namespace, name, at: this.now() };
    if (change.type === 'delete') {
      return old && { ...base, what: 'deleted', fields: [] };
    }
    if (!old) return { ...base, what: 'created', fields: [] };
    const fields = changedFields(old, change.object);
    return fields.length > 0 ? { ...base, what: 'changed', fields } : undefined;
  }
}

/** The fields of spec, labels and annotations in which two states of an object differ. */
function changedFields(before: MeshObject, after: MeshObject): string[] {
  const found: string[] = [];
  compare('spec', before.spec, after.spec, found);
  compare(
    'metadata.labels',
    before.metadata.labels,
    after.metadata.labels,
    found,
  );
  compare(
    'metadata.annotations',
    before.metadata.annotations,
    after.metadata.annotations,
    found,
  );
  const more = found.length - MAX_FIELDS;
  return more > 0
    ? [...found.slice(0, MAX_FIELDS), `and ${more} more fields`]
    : found;
}

/** What controllers report where the model keeps it beside what people write. */
const NOT_EDITED: ReadonlySet<string> = new Set(['spec.readyReplicas']);

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function compare(
  path: string,
  before: unknown,
  after: unknown,
  found: string[],
): void {
  if (before === after || NOT_EDITED.has(path)) return;
  if (isTree(before) && isTree(after)) {
    const isList = Array.isArray(before);
    for (const key of new Set([
      ...Object.keys(before),
      ...Object.keys(after),
    ])) {
      compare(
        isList ? `${path}[${key}]` : `${path}.${key}`,
        before[key],
        after[key],
        found,
      );
    }
    return;
  }
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    found.push(`${path}: ${brief(before)} → ${brief(after)}`);
  }
}

function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE
    ? `${text.slice(0, LONGEST_VALUE - 1)}…`
    : text;
}
