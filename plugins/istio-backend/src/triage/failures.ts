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

/** A request that its server never counted, so that only its client's numbers hold it. */
export function neverArrived({ flags }: Pick<Outcome, 'flags'>): boolean {
  return splitFlags(flags).some(flag => CLIENT_ONLY_FLAGS.has(flag));
}

/** Who made the answer: the application, or a proxy for the reason of its flag. */
export function howInWords({ code, flags }: Outcome): string {
  const [flag] = splitFlags(flags);
  if (flag !== undefined) return explainFlag(flag).words;
  return code === '0' ? 'no response' : 'answered by the app';
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
