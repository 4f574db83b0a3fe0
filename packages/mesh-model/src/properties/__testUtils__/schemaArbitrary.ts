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

import fc from 'fast-check';
import type { Schema } from './crdSchemas';

/** Texts that mean something in one field or another, and some that mean nothing anywhere. */
const TEXTS = [
  'a',
  'b',
  'a.shop',
  'a.shop.svc.cluster.local',
  '*.shop.svc.cluster.local',
  '*',
  '*/*',
  './*',
  '~/*',
  'shop/a',
  '.',
  '~',
  'a.example.com',
  'mesh',
  'gw',
  'shop',
  'web',
  'istio-system',
  'v1',
  'HTTP',
  'HTTPS',
  'TLS',
  'TCP',
  'envoy',
  'istio-waypoint',
  'Service',
  'Gateway',
  '1s',
  '-5m',
  'soon',
  '/a',
  '/a/{*}/{**}',
  '(a+)+$',
  '[',
  '10.0.0.0/8',
  '::1/129',
  '10.0.0.1',
  'cluster.local/ns/shop/sa/a',
  '8080',
  '99999999999999999999',
  '',
  ' ',
  '__proto__',
  'constructor',
  'é漢字',
] as const;

const text = fc.constantFrom<string>(...TEXTS);
const anything = fc.oneof(
  { maxDepth: 2 },
  text,
  fc.integer({ min: -1, max: 70_000 }),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 2 }),
  fc.dictionary(text, text, { maxKeys: 2 }),
);

/** How deep optional fields are written; below only what is required. */
const DEEPEST = 9;

function objectOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { properties, additionalProperties, required = [] } = schema;
  if (properties === undefined) {
    return typeof additionalProperties === 'object'
      ? fc.dictionary(text, valueOf(additionalProperties, depth + 1), {
          maxKeys: 2,
        })
      : fc.dictionary(text, anything, { maxKeys: 2 });
  }
  const names = Object.keys(properties).filter(
    name => depth < DEEPEST || required.includes(name),
  );
  return fc.record(
    Object.fromEntries(
      names.map(name => [name, valueOf(properties[name], depth + 1)]),
    ),
    { requiredKeys: names.filter(name => required.includes(name)) },
  );
}

function integerOf({ minimum = -1, maximum = 70_000 }: Schema) {
  return fc.integer({
    min: Math.ceil(minimum),
    max: Math.max(Math.ceil(minimum), Math.min(maximum, 70_000)),
  });
}

/**
 * Values of a schema: every value that the generator makes has the types, the required fields and the words that the
 * schema demands. Rules beyond that (`oneOf`, CEL) are not obeyed, so it makes more than an API server would admit.
 */
export function valueOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) {
    return fc.constantFrom(...schema.enum);
  }
  if (schema['x-kubernetes-int-or-string']) {
    return fc.oneof(fc.integer({ min: 0, max: 70_000 }), text);
  }
  switch (schema.type) {
    case 'object':
      return objectOf(schema, depth);
    case 'array':
      return fc.array(valueOf(schema.items ?? {}, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, 2),
      });
    case 'integer':
      return integerOf(schema);
    case 'number':
      return fc.double({
        min: schema.minimum ?? 0,
        max: schema.maximum ?? 100,
        noNaN: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return text;
    default:
      return anything;
  }
}

/** One place in a value and how to put something else there. */
interface Place {
  put: (value: unknown) => void;
  current: unknown;
}

function placesIn(value: unknown): Place[] {
  const places: Place[] = [];
  const pending: unknown[] = [value];
  for (const current of pending) {
    if (Array.isArray(current)) {
      current.forEach((item: unknown, index) => {
        places.push({ current: item, put: next => (current[index] = next) });
        pending.push(item);
      });
    } else if (typeof current === 'object' && current !== null) {
      const record = current as Record<string, unknown>;
      for (const key of Object.keys(record)) {
        places.push({
          current: record[key],
          put: next => {
            record[key] = next;
          },
        });
        pending.push(record[key]);
      }
    }
  }
  return places;
}

/** A copy in which one value, chosen by `where`, has become something of another type; `undefined` for an empty value. */
export function withWrongType(
  value: unknown,
  where: number,
): unknown | undefined {
  const copy: unknown = structuredClone(value);
  const places = placesIn(copy);
  if (places.length === 0) {
    return undefined;
  }
  const place = places[where % places.length];
  const isObject = typeof place.current === 'object' && place.current !== null;
  place.put(isObject ? 7 : { not: ['what', 'is', 'asked'] });
  return copy;
}
