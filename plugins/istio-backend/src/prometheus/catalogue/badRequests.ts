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

import type { Matcher } from '../selector';

/** Matches a value of `response_flags` that holds one of the flags: flags are joined by commas. */
export function withFlags(
  flags: readonly string[],
  operator: '=~' | '!~' = '=~',
): Matcher {
  return {
    label: 'response_flags',
    operator,
    value: [{ pattern: `(.*,)?(${flags.join('|')})(,.*)?` }],
  };
}

/** Faults injected on purpose are neither good nor bad (golden-signals §4). */
export const NOT_INJECTED: Matcher = withFlags(['FI', 'DI'], '!~');

/** Flags of requests that never arrived at a server. */
export const NEVER_ARRIVED_FLAGS = ['UO', 'UH', 'UF', 'NR', 'NC'] as const;

/** gRPC statuses that blame the server (golden-signals §2). */
const GRPC_FAULTS = ['2', '4', '8', '12', '13', '14', '15'] as const;

/** Codes of failed requests: 5xx, and no response at all. */
const FAILED_CODES = [{ pattern: '5..' }, '0'];

/** A 5xx, or no response though the client did not hang up. */
export const FAILED_BY_CODE: readonly Matcher[] = [
  { label: 'response_code', operator: '=~', value: FAILED_CODES },
  withFlags(['DC'], '!~'),
];

/** A gRPC status that blames the server, behind a code that does not say so: never counted twice. */
export const FAILED_BY_STATUS: readonly Matcher[] = [
  { label: 'response_code', operator: '!~', value: FAILED_CODES },
  { label: 'grpc_response_status', operator: '=~', value: GRPC_FAULTS },
];

/** An answer, good or not of the caller's making: what latency is measured on. */
export const ANSWERED: readonly Matcher[] = [
  { label: 'response_code', operator: '!~', value: FAILED_CODES },
];
