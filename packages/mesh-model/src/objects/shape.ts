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

import type { ObjectProblem, StringMap } from './types';
import { EMPTY_LIST, EMPTY_MAP, internMap, internString } from './interning';

/** Where in an object a reader stands, and what it found wrong so far. */
export class Reading {
  readonly problems: ObjectProblem[] = [];
  /** Fields that stand in the object and that no shape knows, for example `spec.http[0].newField`. */
  readonly unread: string[] = [];
  private readonly segments: (string | number)[] = [];

  /** @param namesUnreadOfSpec - whether fields of the spec that no shape knows are named in `unread` */
  constructor(private readonly namesUnreadOfSpec = false) {}

  /** Are fields that no shape knows named at the current place? */
  get namesUnread(): boolean {
    return this.namesUnreadOfSpec && this.segments[0] === 'spec';
  }

  enter(segment: string | number): void {
    this.segments.push(segment);
  }

  leave(): void {
    this.segments.pop();
  }

  /** Records a problem at the current place. */
  report(message: string): undefined {
    this.problems.push({ path: this.path(), message });
    return undefined;
  }

  /** Records that a field of the current record is not understood. */
  leaveUnread(field: string): void {
    this.enter(field);
    this.unread.push(this.path());
    this.leave();
  }

  private path(): string {
    let path = '';
    for (const segment of this.segments) {
      if (typeof segment === 'number') {
        path += `[${segment}]`;
      } else if (/^[A-Za-z_][\w-]*$/.test(segment)) {
        path += path === '' ? segment : `.${segment}`;
      } else {
        path += `[${segment}]`;
      }
    }
    return path;
  }
}

/**
 * Describes one value: checks raw JSON and gives the typed value, or `undefined` when it is absent or malformed.
 * Malformed values are reported to the reading. A shape never throws.
 */
export type Shape<T> = (raw: unknown, reading: Reading) => T | undefined;

/** A field that the typed object always has. */
export interface DemandedField<T> {
  readonly shape: Shape<T>;
  /** Taken when the field is absent or malformed; without it the whole record is dropped. */
  readonly fallback: T | undefined;
}

type Fields<T> = {
  readonly [K in keyof T]-?: undefined extends T[K]
    ? Shape<Exclude<T[K], undefined>>
    : DemandedField<T[K]>;
};

function nameOf(raw: unknown): string {
  if (raw === null) {
    return 'null';
  }
  if (Array.isArray(raw)) {
    return 'a list';
  }
  if (typeof raw === 'object') {
    return 'an object';
  }
  return `the ${typeof raw} ${JSON.stringify(raw)}`;
}

function isAbsent(raw: unknown): raw is null | undefined {
  return raw === undefined || raw === null;
}

/** Narrows to a plain JSON object. */
export function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** A string. */
export const string: Shape<string> = (raw, reading) => {
  if (typeof raw === 'string' || isAbsent(raw)) {
    return raw ?? undefined;
  }
  return typeof raw === 'object'
    ? reading.report(`Expected a string, found ${nameOf(raw)}.`)
    : reading.report(
        `Expected a string, found ${nameOf(raw)}; write "${String(
          raw,
        )}" in quotes.`,
      );
};

/** A string that many objects have in common; one instance is kept. */
export const sharedString: Shape<string> = (raw, reading) => {
  const value = string(raw, reading);
  return value === undefined ? undefined : internString(value);
};

/** A number; decimal strings count, as they do in proto JSON. */
export const number: Shape<number> = (raw, reading) => {
  if (typeof raw === 'number' && Number.isFinite(raw)) {
    return raw;
  }
  if (isAbsent(raw)) {
    return undefined;
  }
  if (typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw)) {
    return Number(raw);
  }
  return reading.report(
    `Expected a number, found ${nameOf(raw)}; write digits without quotes.`,
  );
};

/** Kubernetes' `IntOrString`: a number, or a name. */
export const intOrString: Shape<number | string> = (raw, reading) => {
  if (typeof raw === 'string') {
    return /^\d+$/.test(raw) ? Number(raw) : raw;
  }
  if (typeof raw === 'number' && Number.isInteger(raw)) {
    return raw;
  }
  return isAbsent(raw)
    ? undefined
    : reading.report(
        `Expected a port number or a port name, found ${nameOf(raw)}.`,
      );
};

/** `true` or `false`. */
export const boolean: Shape<boolean> = (raw, reading) => {
  if (typeof raw === 'boolean' || isAbsent(raw)) {
    return raw ?? undefined;
  }
  return reading.report(
    `Expected true or false, found ${nameOf(raw)}; write it without quotes.`,
  );
};

/** Any JSON object, kept as it is. */
export const jsonObject: Shape<Readonly<Record<string, unknown>>> = (
  raw,
  reading,
) => {
  if (isRecord(raw)) {
    return raw;
  }
  return isAbsent(raw)
    ? undefined
    : reading.report(`Expected an object, found ${nameOf(raw)}.`);
};

/** One of a closed list of words. */
export function oneOf<const T extends string>(words: readonly T[]): Shape<T> {
  const known = new Map<unknown, T>(words.map(word => [word, word]));
  return (raw, reading) => {
    if (isAbsent(raw)) {
      return undefined;
    }
    return (
      known.get(raw) ??
      reading.report(
        `Expected one of ${words.join(', ')}; found ${nameOf(raw)}.`,
      )
    );
  };
}

/** A list; malformed items are left out. An absent list stays absent, an empty one stays empty. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (raw, reading) => {
    if (isAbsent(raw)) {
      return undefined;
    }
    if (!Array.isArray(raw)) {
      return reading.report(
        `Expected a list, found ${nameOf(raw)}; start each item with "- ".`,
      );
    }
    if (raw.length === 0) {
      return EMPTY_LIST;
    }
    const items: T[] = [];
    for (let index = 0; index < raw.length; index++) {
      reading.enter(index);
      const entry: unknown = raw[index];
      const value = item(entry, reading);
      if (value !== undefined) {
        items.push(value);
      } else if (isAbsent(entry)) {
        reading.report('Expected an item, found null; remove the item.');
      }
      reading.leave();
    }
    return items;
  };
}

/** A map from any key to values of one shape; malformed values are left out. */
export function mapOf<T>(value: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (raw, reading) => {
    if (isAbsent(raw)) {
      return undefined;
    }
    if (!isRecord(raw)) {
      return reading.report(
        `Expected a map of keys to values, found ${nameOf(raw)}.`,
      );
    }
    const result: Record<string, T> = {};
    for (const key of Object.keys(raw)) {
      if (key === '__proto__') {
        continue;
      }
      reading.enter(key);
      const item = value(raw[key], reading);
      if (item !== undefined) {
        result[key] = item;
      }
      reading.leave();
    }
    return result;
  };
}

/** A map of strings; equal maps are one instance. */
export const stringMap: Shape<StringMap> = (raw, reading) => {
  if (isAbsent(raw)) {
    return undefined;
  }
  if (!isRecord(raw)) {
    return reading.report(
      `Expected a map of strings, found ${nameOf(
        raw,
      )}; write "key: value" lines.`,
    );
  }
  const entries: [string, string][] = [];
  for (const key of Object.keys(raw)) {
    if (key === '__proto__') {
      continue;
    }
    const item = raw[key];
    if (typeof item === 'string') {
      entries.push([key, item]);
      continue;
    }
    if (!isAbsent(item)) {
      reading.enter(key);
      string(item, reading);
      reading.leave();
    }
  }
  return entries.length === 0 ? EMPTY_MAP : internMap(entries);
};

/** A field without which the record means nothing: the record is dropped when it is absent. */
export function demanded<T>(shape: Shape<T>): DemandedField<T> {
  return { shape, fallback: undefined };
}

/** A field that has a value even when it is absent. */
export function withDefault<T>(shape: Shape<T>, fallback: T): DemandedField<T> {
  return { shape, fallback };
}

/**
 * A record with exactly these fields; other fields of the raw object are not kept, and named as unread.
 *
 * @param withoutEffect - fields of the schema that no answer of the model depends on: neither kept nor named
 */
export function record<T extends object>(
  fields: Fields<T>,
  withoutEffect: readonly string[] = [],
): Shape<T> {
  const entries = Object.entries(fields) as [
    string,
    Shape<unknown> | DemandedField<unknown>,
  ][];
  const known = new Set([...Object.keys(fields), ...withoutEffect]);
  return (raw, reading) => {
    if (isAbsent(raw)) {
      return undefined;
    }
    if (!isRecord(raw)) {
      return reading.report(`Expected an object, found ${nameOf(raw)}.`);
    }
    if (reading.namesUnread) {
      for (const name of Object.keys(raw)) {
        if (!known.has(name)) {
          reading.leaveUnread(name);
        }
      }
    }
    const result: Record<string, unknown> = {};
    let complete = true;
    for (const [name, field] of entries) {
      const own = Object.prototype.hasOwnProperty.call(raw, name);
      const rawValue = own ? raw[name] : undefined;
      if (typeof field === 'function') {
        if (isAbsent(rawValue)) {
          continue;
        }
        reading.enter(name);
        const value = field(rawValue, reading);
        reading.leave();
        if (value !== undefined) {
          result[name] = value;
        }
        continue;
      }
      reading.enter(name);
      const value = field.shape(rawValue, reading) ?? field.fallback;
      if (value === undefined) {
        complete = false;
        if (isAbsent(rawValue)) {
          reading.report('This field is required; add it.');
        }
      } else {
        result[name] = value;
      }
      reading.leave();
    }
    return complete ? (result as T) : undefined;
  };
}

/** The same shape, for objects in which fields may stand under an older name; the newer name wins. */
export function alsoNamed<T>(
  shape: Shape<T>,
  newerNames: Readonly<Record<string, string>>,
): Shape<T> {
  return (raw, reading) => {
    if (!isRecord(raw) || !Object.keys(newerNames).some(old => old in raw)) {
      return shape(raw, reading);
    }
    const renamed: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(raw)) {
      const newer = Object.hasOwn(newerNames, name) ? newerNames[name] : name;
      if (newer === name || isAbsent(raw[newer])) {
        renamed[newer] = value;
      }
    }
    return shape(renamed, reading);
  };
}

/** A shape that contains itself: `build` gets the shape it is about to build. */
export function recursive<T>(build: (self: Shape<T>) => Shape<T>): Shape<T> {
  const cell: { shape?: Shape<T> } = {};
  const self: Shape<T> = (raw, reading) => cell.shape?.(raw, reading);
  cell.shape = build(self);
  return cell.shape;
}
