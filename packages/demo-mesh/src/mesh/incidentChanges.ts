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

import { isJsonObject, type Json, type JsonObject } from '../kubernetes/object';
import type { Incident } from './topology';
import type { SeedObject } from './workloads';

/** A change that happened while the mesh was there: the object as it is since. */
export interface PastChange {
  /** minutes before the start of the demo */
  readonly minutesAgo: number;
  readonly by: string;
  readonly seed: SeedObject;
}

type Path = readonly (string | number)[];

function withValue(value: Json, [step, ...rest]: Path, to: Json): Json {
  if (step === undefined) {
    return to;
  }
  if (Array.isArray(value)) {
    return value.map((entry, index) =>
      index === step ? withValue(entry, rest, to) : entry,
    );
  }
  const object = isJsonObject(value) ? value : {};
  return { ...object, [step]: withValue(object[step], rest, to) };
}

function earlier(object: JsonObject, incident: Incident): JsonObject {
  return incident.cause.before.reduce<JsonObject>((before, { path, value }) => {
    const changed = withValue(before, path, value);
    return isJsonObject(changed) ? changed : before;
  }, object);
}

/**
 * Tells the past of the demo's objects: those whose change began an incident are as they were before it, and the changes
 * follow, oldest first.
 */
export function withPast(
  seeds: readonly SeedObject[],
  incidents: readonly Incident[],
): { seeds: SeedObject[]; changes: PastChange[] } {
  const changes: PastChange[] = [];
  const before = seeds.map(seed => {
    const incident = incidents.find(
      ({ cause }) =>
        cause.before.length > 0 &&
        cause.resource === seed.resource &&
        cause.namespace === seed.namespace &&
        cause.name === seedName(seed),
    );
    if (!incident) {
      return seed;
    }
    const { startMinutesAgo: minutesAgo, cause } = incident;
    changes.push({ minutesAgo, by: cause.by, seed });
    return { ...seed, object: earlier(seed.object, incident) };
  });
  return {
    seeds: before,
    changes: changes.sort((a, b) => b.minutesAgo - a.minutesAgo),
  };
}

/** The name of a seed's object. */
export function seedName({ object }: SeedObject): string {
  const { metadata } = object;
  return isJsonObject(metadata) && typeof metadata.name === 'string'
    ? metadata.name
    : '';
}
