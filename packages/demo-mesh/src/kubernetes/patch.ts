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

import {
  isJsonObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
} from './object';
import { StatusError } from './statusError';

/** Applies a JSON merge patch (RFC 7396): `null` removes a field, arrays are replaced. */
export function applyMergePatch(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) {
    return patch;
  }
  const result: MutableJsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[field];
    } else {
      result[field] = applyMergePatch(result[field], value);
    }
  }
  return result;
}

/** The field by which strategic merge patch tells the entries of a list apart, by the list's field name. */
const MERGE_KEYS: { readonly [field: string]: readonly string[] } = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  webhooks: ['name'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  // of a container by containerPort, of a Service by port
  ports: ['containerPort', 'port'],
};

function mergeKeyOf(field: string, items: readonly Json[]): string | undefined {
  return MERGE_KEYS[field]?.find(key =>
    items.every(item => isJsonObject(item) && key in item),
  );
}

function mergeList(
  target: readonly Json[],
  patch: readonly Json[],
  key: string,
): Json[] {
  const result = [...target];
  for (const item of patch) {
    if (!isJsonObject(item)) {
      continue;
    }
    const index = result.findIndex(
      existing => isJsonObject(existing) && existing[key] === item[key],
    );
    if (item.$patch === 'delete') {
      if (index >= 0) {
        result.splice(index, 1);
      }
    } else if (index >= 0) {
      result[index] = applyStrategicMergePatch(result[index], item);
    } else {
      result.push(applyStrategicMergePatch({}, item));
    }
  }
  return result;
}

/** `$setElementOrder/containers` names the wanted order of a merged list. */
function reorder(
  list: readonly Json[],
  order: readonly Json[],
  key: string,
): Json[] {
  const wanted = order.map(entry => (isJsonObject(entry) ? entry[key] : entry));
  const rank = (item: Json) => {
    const index = isJsonObject(item) ? wanted.indexOf(item[key]) : -1;
    return index < 0 ? wanted.length : index;
  };
  return [...list].sort((a, b) => rank(a) - rank(b));
}

/**
 * Applies a strategic merge patch as `kubectl apply` and `kubectl patch` send it for built-in kinds: the usual lists
 * merge by their key, `$patch: delete|replace`, `$setElementOrder` and `$deleteFromPrimitiveList` are understood.
 */
export function applyStrategicMergePatch(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) {
    return patch;
  }
  if (patch.$patch === 'replace') {
    const { $patch: _directive, ...replacement } = patch;
    return replacement;
  }
  const result: MutableJsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (field === '$retainKeys' || field.startsWith('$setElementOrder/')) {
      continue;
    }
    if (field.startsWith('$deleteFromPrimitiveList/')) {
      const name = field.slice('$deleteFromPrimitiveList/'.length);
      const current = result[name];
      if (Array.isArray(current) && Array.isArray(value)) {
        result[name] = current.filter(item => !value.includes(item));
      }
      continue;
    }
    if (value === null) {
      delete result[field];
      continue;
    }
    const current = result[field];
    if (Array.isArray(value)) {
      const key = mergeKeyOf(field, value);
      result[field] =
        key === undefined
          ? value
          : mergeList(Array.isArray(current) ? current : [], value, key);
      continue;
    }
    result[field] = applyStrategicMergePatch(current, value);
  }
  for (const [directive, order] of Object.entries(patch)) {
    const field = directive.startsWith('$setElementOrder/')
      ? directive.slice('$setElementOrder/'.length)
      : '';
    const list = result[field];
    if (field && Array.isArray(list) && Array.isArray(order)) {
      const key = mergeKeyOf(field, order);
      if (key !== undefined) {
        result[field] = reorder(list, order, key);
      }
    }
  }
  return result;
}

function unescapePointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(token => token.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function patchFailure(operation: string, path: string): StatusError {
  return new StatusError(
    422,
    'Invalid',
    `the server rejected our request due to an error in our request: JSON patch "${operation}" cannot be applied at "${path}"`,
  );
}

function changeAt(
  target: Json,
  path: readonly string[],
  operation: 'add' | 'replace' | 'remove',
  value: Json,
  pointer: string,
): Json {
  if (path.length === 0) {
    return value;
  }
  const [head, ...rest] = path;
  if (Array.isArray(target)) {
    const index = head === '-' ? target.length : Number(head);
    const limit =
      operation === 'add' && rest.length === 0
        ? target.length
        : target.length - 1;
    if (!Number.isInteger(index) || index < 0 || index > limit) {
      throw patchFailure(operation, pointer);
    }
    const copy = [...target];
    if (rest.length > 0) {
      copy[index] = changeAt(copy[index], rest, operation, value, pointer);
    } else if (operation === 'add') {
      copy.splice(index, 0, value);
    } else if (operation === 'remove') {
      copy.splice(index, 1);
    } else {
      copy[index] = value;
    }
    return copy;
  }
  if (
    !isJsonObject(target) ||
    ((rest.length > 0 || operation !== 'add') && !(head in target))
  ) {
    throw patchFailure(operation, pointer);
  }
  const copy: MutableJsonObject = { ...target };
  if (rest.length === 0 && operation === 'remove') {
    delete copy[head];
  } else {
    copy[head] =
      rest.length === 0
        ? value
        : changeAt(copy[head], rest, operation, value, pointer);
  }
  return copy;
}

function valueAt(target: Json, pointer: string): Json {
  let current = target;
  for (const token of unescapePointer(pointer)) {
    if (Array.isArray(current)) {
      current = current[Number(token)];
    } else {
      current = isJsonObject(current) ? current[token] : undefined;
    }
  }
  return current;
}

function applyOperation(target: Json, operation: JsonObject): Json {
  const op = String(operation.op);
  const pointer = String(operation.path ?? '');
  const path = unescapePointer(pointer);
  const from = String(operation.from ?? '');
  switch (op) {
    case 'add':
    case 'replace':
    case 'remove':
      return changeAt(target, path, op, operation.value, pointer);
    case 'copy':
      return changeAt(target, path, 'add', valueAt(target, from), pointer);
    case 'move':
      return changeAt(
        changeAt(target, unescapePointer(from), 'remove', undefined, from),
        path,
        'add',
        valueAt(target, from),
        pointer,
      );
    case 'test':
      if (
        JSON.stringify(valueAt(target, pointer)) !==
        JSON.stringify(operation.value)
      ) {
        throw patchFailure(op, pointer);
      }
      return target;
    default:
      throw patchFailure(op, pointer);
  }
}

/**
 * Applies a JSON patch (RFC 6902).
 *
 * @throws StatusError 422 naming the operation that cannot be applied
 */
export function applyJsonPatch(target: Json, operations: Json): Json {
  if (!Array.isArray(operations)) {
    throw patchFailure('patch', '');
  }
  let result = target;
  for (const operation of operations) {
    result = applyOperation(result, isJsonObject(operation) ? operation : {});
  }
  return result;
}
