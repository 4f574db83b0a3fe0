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

import { isDeepStrictEqual } from 'node:util';
import type { AmbientInput } from './ambientInputs';
import { difference, projectedAs, type RawObject } from './routingCase';

/** Messages of the workload API leave fields with the default value out: so do we, on both sides. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutDefaults);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([, item]) =>
          item !== undefined &&
          item !== null &&
          item !== 0 &&
          item !== '' &&
          item !== false &&
          !isDeepStrictEqual(item, []),
      )
      .map(([name, item]) => [name, withoutDefaults(item)] as const)
      .filter(([, item]) => !isDeepStrictEqual(item, {})),
  );
}

/** Compares two messages of the workload API. */
export function sameMessages(
  expected: unknown,
  actual: unknown,
): string | undefined {
  return difference(withoutDefaults(expected), withoutDefaults(actual));
}

/** A case of the ambient index: what stands in the cluster, the object that is asked about, and what comes of it. */
export interface AmbientCase<R> {
  inputs: readonly AmbientInput[];
  pod?: RawObject;
  we?: RawObject;
  se?: RawObject;
  slice?: RawObject;
  svc?: RawObject;
  result?: R | null;
}

/** The Service of a case. */
export function serviceIn(raw: RawObject | undefined) {
  return projectedAs(
    'Service',
    { apiVersion: 'v1', kind: 'Service', ...raw },
    'ns',
  );
}

/** The ServiceEntry of a case. */
export function serviceEntryIn(raw: RawObject | undefined) {
  return projectedAs('ServiceEntry', raw ?? { kind: 'ServiceEntry' }, 'ns');
}

/** The WorkloadEntry of a case. */
export function workloadEntryIn(raw: RawObject | undefined) {
  return projectedAs('WorkloadEntry', raw ?? { kind: 'WorkloadEntry' }, 'ns');
}
