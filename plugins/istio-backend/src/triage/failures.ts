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

import type { Outcome } from '../prometheus/badEvents';
import {
  CLIENT_ONLY_FLAGS,
  explainFlag,
  splitFlags,
} from '../prometheus/responseFlags';
import type { SeenBy } from './errorCells';

/** A request that its server never counted, so that only its client's numbers hold it. */
export function neverArrived({ flags }: Pick<Outcome, 'flags'>): boolean {
  return splitFlags(flags).some(flag => CLIENT_ONLY_FLAGS.has(flag));
}

/**
 * Who made the answer: a proxy for the reason of its flag, else the application. What only the client counts, and without a
 * flag, may come from a proxy in front of the application as well. R9.2
 */
export function howInWords({
  code,
  flags,
  seenBy,
}: Outcome & { seenBy: SeenBy }): string {
  const [flag] = splitFlags(flags);
  if (flag !== undefined) return explainFlag(flag).words;
  if (code === '0') return 'no response';
  return seenBy === 'server'
    ? 'answered by the app'
    : 'answered by the app or a proxy in front of it';
}

/** What a proxy's flag is likely caused by. */
export function causesOf({ flags }: Pick<Outcome, 'flags'>): readonly string[] {
  return splitFlags(flags).flatMap(flag => explainFlag(flag).causes);
}

/** `503`, `gRPC 14`, `no response`. */
export function codeInWords({ code, grpcStatus }: Outcome): string {
  if (grpcStatus !== '' && grpcStatus !== '0' && !/^5/.test(code)) {
    return `gRPC ${grpcStatus}`;
  }
  return code === '0' ? 'no response' : code;
}
