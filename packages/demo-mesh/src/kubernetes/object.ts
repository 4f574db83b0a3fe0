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

/** A JSON value as it travels over the Kubernetes API. */
export type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | JsonObject;

/** A JSON object as it travels over the Kubernetes API. */
export interface JsonObject {
  readonly [field: string]: Json;
}

/** A JSON object that is being built. */
export type MutableJsonObject = { [field: string]: Json };

/** `metadata.ownerReferences[]`. */
export type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
};

/** `metadata` of a stored object. */
export type ObjectMeta = {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly generateName?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly JsonObject[];
};

/** One Kubernetes object. Immutable: every change makes a new one. */
export type KubernetesObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly [field: string]: Json;
};

/** Whether the value is a JSON object (not an array, not null). */
export function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a JSON object; `{}` for anything else. */
export function asObject(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value as an array; `[]` for anything else. */
export function asArray(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string; `''` for anything else. */
export function asString(value: Json): string {
  return typeof value === 'string' ? value : '';
}

/** The value as a number; the fallback for anything else. */
export function asNumber(value: Json, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

/** The string entries of a JSON object, for example labels. */
export function asStringMap(value: Json): { [key: string]: string } {
  const result: { [key: string]: string } = {};
  for (const [key, entry] of Object.entries(asObject(value))) {
    if (typeof entry === 'string') {
      result[key] = entry;
    }
  }
  return result;
}

/** The value at a path of fields, `undefined` where the path ends early. */
export function fieldAt(value: Json, ...path: readonly string[]): Json {
  let current: Json = value;
  for (const field of path) {
    if (!isJsonObject(current)) {
      return undefined;
    }
    current = current[field];
  }
  return current;
}
