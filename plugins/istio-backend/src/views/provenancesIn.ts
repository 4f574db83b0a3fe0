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

import type { Provenance } from '@mesh-portal/mesh-model';

/** Parts of views that tell of objects which do not decide. */
const NOT_DECIDING: ReadonlySet<string> = new Set([
  'ignored',
  'notAttached',
  'overrides',
]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isProvenance(
  value: Record<string, unknown>,
): value is Record<string, unknown> & Provenance {
  const { object, says } = value;
  return (
    typeof says === 'string' &&
    isRecord(object) &&
    typeof object.kind === 'string' &&
    typeof object.name === 'string'
  );
}

/** Every object and field that an answer names as deciding, wherever in the answer it stands. */
export function provenancesIn(view: unknown): Provenance[] {
  const found: Provenance[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    if (!isRecord(value)) {
      return;
    }
    if (isProvenance(value)) {
      const { object, path, says } = value;
      found.push({ object, ...(path === undefined ? {} : { path }), says });
      return;
    }
    for (const [key, part] of Object.entries(value)) {
      if (!NOT_DECIDING.has(key)) {
        visit(part);
      }
    }
  };
  visit(view);
  return found;
}
