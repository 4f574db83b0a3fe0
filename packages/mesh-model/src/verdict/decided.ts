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

import type { Provenance } from './types';

/** A value in effect and who set it. */
export interface Decided<T> {
  value: T;
  /** one sentence */
  says: string;
  /** The object that set it and what it overrode; absent where a default of Istio stands. */
  provenance?: Provenance;
}

/** One statement about a value, by an object or by a default of Istio. */
export interface Statement<T> {
  value: T;
  says: string;
  provenance?: Provenance;
}

/**
 * The value of the last of several statements, with the earlier ones as overridden, nearest first.
 *
 * @param statements - lowest precedence first
 * @returns `undefined` where there is none
 */
export function lastStatement<T>(
  statements: readonly Statement<T>[],
): Decided<T> | undefined {
  const winner = statements.at(-1);
  if (winner === undefined) {
    return undefined;
  }
  const overrides = statements
    .slice(0, -1)
    .reverse()
    .flatMap(({ provenance }) => provenance ?? []);
  return {
    value: winner.value,
    says: winner.says,
    ...(winner.provenance === undefined
      ? {}
      : {
          provenance: {
            ...winner.provenance,
            ...(overrides.length === 0 ? {} : { overrides }),
          },
        }),
  };
}
