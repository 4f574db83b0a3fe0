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

import type { SlimObjectByKind } from '../objects';
import type { ActingObject } from '../scoping/attachedPolicies';

type Telemetry = SlimObjectByKind['Telemetry'];

/** One entry of a list of a Telemetry, with where it stands. */
export interface TelemetryPart<T> {
  object: Telemetry;
  /** for example `spec.tracing[0]` */
  path: string;
  value: T;
}

/** The entries of one signal of every level, in the order in which they act. */
export function partsOf<K extends 'tracing' | 'metrics' | 'accessLogging'>(
  levels: readonly ActingObject<Telemetry>[],
  signal: K,
): TelemetryPart<NonNullable<Telemetry['spec'][K]>[number]>[] {
  return levels.flatMap(({ object }) => {
    const entries: readonly NonNullable<Telemetry['spec'][K]>[number][] =
      object.spec[signal] ?? [];
    return entries.map((value, index) => ({
      object,
      path: `spec.${signal}[${index}]`,
      value,
    }));
  });
}

/** `namespace/name` of the Telemetry. */
export function nameOf(part: { object: Telemetry }): string {
  const { namespace, name } = part.object.metadata;
  return `${namespace}/${name}`;
}
