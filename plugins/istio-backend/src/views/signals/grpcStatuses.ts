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

import type { SignalsService } from '@mesh-portal/backstage-plugin-istio-common';
import {
  GRPC_SERVER_FAULTS,
  groupRates,
  shareOf,
  sumRates,
} from '../../prometheus/traffic';
import type { RequestRow } from '../../prometheus/trafficRows';

/** Names of gRPC statuses by their number. */
const NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

type GrpcStatus = SignalsService['byGrpcStatus'][number];

function faultOf(status: string): GrpcStatus['fault'] {
  if (status === '0') return 'none';
  return GRPC_SERVER_FAULTS.has(status) ? 'server' : 'caller';
}

/** gRPC requests by status, most first. A request that ended without a status is not among them. */
export function grpcStatuses(rows: readonly RequestRow[]): GrpcStatus[] {
  const grpc = rows.filter(row => row.grpc && row.grpcStatus !== '');
  const total = sumRates(grpc);
  return groupRates(
    grpc,
    ({ grpcStatus }) => grpcStatus,
    ({ grpcStatus }) => ({ status: grpcStatus }),
  ).map(({ status, requestsPerSecond }) => ({
    status,
    name: NAMES[Number(status)] ?? `status ${status}`,
    fault: faultOf(status),
    requestsPerSecond,
    share: shareOf(requestsPerSecond, total) ?? 0,
  }));
}
