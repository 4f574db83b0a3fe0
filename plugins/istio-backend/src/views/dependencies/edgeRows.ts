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

import type { QueryResult, Series } from '../../prometheus/response';
import { type Reporter, reporterOf } from '../../prometheus/trafficRows';

/** The two ends of an edge as metrics name them; what they do not know is `unknown`. */
export interface EdgeEnds {
  caller: { namespace: string; workload: string; cluster: string };
  callee: {
    /** `destination_service`: an FQDN, or a host outside the cluster */
    host: string;
    namespace: string;
    name: string;
    cluster: string;
  };
}

/** One row of the answers to `serviceCallers` and `workloadCallees`. */
export interface EdgeRow extends EdgeEnds {
  part: string;
  /** absent of the parts that no reporter tells apart */
  reporter: Reporter | undefined;
  principal: string | undefined;
  mutualTls: boolean;
  version: string;
  grpc: boolean;
  code: string;
  grpcStatus: string;
  flags: string;
  /** upper bound of a bucket; absent of all other parts */
  le: number | undefined;
  value: number;
}

const UNKNOWN = 'unknown';

function known(value: string | undefined): string {
  return value === undefined || value === '' ? UNKNOWN : value;
}

function endsOf(labels: Series['labels']): EdgeEnds {
  return {
    caller: {
      namespace: known(labels.source_workload_namespace),
      workload: known(labels.source_workload),
      cluster: known(labels.source_cluster),
    },
    callee: {
      host: known(labels.destination_service),
      namespace: known(labels.destination_service_namespace),
      name: known(labels.destination_service_name),
      cluster: known(labels.destination_cluster),
    },
  };
}

function boundOf(le: string | undefined): number | undefined {
  if (le === undefined) return undefined;
  return le === '+Inf' ? Infinity : Number(le);
}

/** Reads the rows. Those without a number are left out: there is no such number, which is not zero. */
export function edgeRows(result: QueryResult): EdgeRow[] {
  return result.series.flatMap(({ labels, samples }) => {
    const value = samples[0]?.value;
    if (value === undefined) return [];
    const principal = known(labels.source_principal);
    return [
      {
        ...endsOf(labels),
        part: labels.part ?? '',
        reporter: reporterOf(labels),
        principal: principal === UNKNOWN ? undefined : principal,
        // ztunnel reports `unknown` where a sidecar reports `none`: only `mutual_tls` is encrypted.
        mutualTls: labels.connection_security_policy === 'mutual_tls',
        version: known(labels.destination_canonical_revision),
        grpc: labels.request_protocol === 'grpc',
        code: labels.response_code ?? '',
        grpcStatus: labels.grpc_response_status ?? '',
        flags: labels.response_flags ?? '-',
        le: boundOf(labels.le),
        value,
      },
    ];
  });
}
