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

import type { EnvoyConfigPatch } from '../objects';

/** Why a patch may not do what it says. */
export interface PatchWeakness {
  /** code of Istio's analysis, for example `IST0151` */
  code: 'IST0151' | 'IST0152' | 'IST0153' | 'IST0154' | 'IST0155';
  /** one sentence with the remedy */
  says: string;
}

const RELATIVE = new Set([
  'INSERT_BEFORE',
  'INSERT_AFTER',
  'REPLACE',
  'MERGE',
  'REMOVE',
]);

const ALWAYS_RELATIVE = new Set([
  'INSERT_BEFORE',
  'INSERT_AFTER',
  'REPLACE',
  'REMOVE',
]);

const WITHOUT_ADD_AND_REMOVE = new Set(['ROUTE_CONFIGURATION', 'HTTP_ROUTE']);

const WITH_REPLACE = new Set(['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST']);

/** What is weak about a patch: operations that its target ignores, and positions that depend on other filters. */
export function weaknessesOf(
  patch: EnvoyConfigPatch,
  priority: number,
): readonly PatchWeakness[] {
  const { applyTo = '' } = patch;
  const operation = patch.patch?.operation ?? '';
  if (operation === 'ADD' && WITHOUT_ADD_AND_REMOVE.has(applyTo)) {
    return [
      {
        code: 'IST0153',
        says: `ADD is ignored for ${applyTo}; use MERGE or another target.`,
      },
    ];
  }
  if (operation === 'REMOVE' && WITHOUT_ADD_AND_REMOVE.has(applyTo)) {
    return [
      {
        code: 'IST0154',
        says: `REMOVE is ignored for ${applyTo}; use MERGE or another target.`,
      },
    ];
  }
  if (operation === 'REPLACE' && !WITH_REPLACE.has(applyTo)) {
    return [
      {
        code: 'IST0152',
        says: `REPLACE works for HTTP_FILTER and NETWORK_FILTER only, not for ${applyTo}.`,
      },
    ];
  }
  if (priority !== 0) {
    return [];
  }
  const version = patch.match?.proxy?.proxyVersion ?? '';
  if (version !== '' && RELATIVE.has(operation)) {
    return [
      {
        code: 'IST0155',
        says: `${operation} for proxy version ${version} without a priority stops acting when the proxy is upgraded; set a priority, or use INSERT_FIRST or ADD.`,
      },
    ];
  }
  return ALWAYS_RELATIVE.has(operation)
    ? [
        {
          code: 'IST0151',
          says: `${operation} without a priority depends on what other EnvoyFilters did before; set a priority, or use INSERT_FIRST or ADD.`,
        },
      ]
    : [];
}
