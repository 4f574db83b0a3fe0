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

import { splitFlags } from './responseFlags';
import { GRPC_SERVER_FAULTS } from './traffic';

/** How a request ended, as its labels say. */
export interface Outcome {
  /** `response_code`; `0` is Envoy's way to say that there was no response */
  code: string;
  /** `grpc_response_status`; empty for all that is not gRPC */
  grpcStatus: string;
  /** `response_flags` */
  flags: string;
}

/**
 * Is the request a failure of the service? 5xx, no response at all unless the client hung up, or a gRPC status that
 * blames the server; a request that is several of these counts once (golden-signals §2, Bad events).
 */
export function isBadEvent({ code, grpcStatus, flags }: Outcome): boolean {
  if (code === '0' || /^5..$/.test(code)) {
    return !splitFlags(flags).includes('DC');
  }
  return GRPC_SERVER_FAULTS.has(grpcStatus);
}
