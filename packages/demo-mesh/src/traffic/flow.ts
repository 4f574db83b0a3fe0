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

import type { DemoTopology, TrafficEdge } from '../mesh/topology';
import type { LiveWorkload } from './liveMesh';

/** A steady stream of equal requests (or TCP connections) between two workloads, with the outcome they have. */
export interface Flow {
  readonly edge: TrafficEdge;
  readonly client: LiveWorkload;
  /** Absent when no upstream was found. */
  readonly server?: LiveWorkload;
  readonly namespace: string;
  readonly service: string;
  /** What was called, where that is no service of the cluster. */
  readonly host?: string;
  readonly perSecond: number;
  readonly code: string;
  readonly grpcStatus: string;
  readonly flags: string;
  readonly mutualTls: boolean;
  readonly seenBy: {
    readonly client: boolean;
    readonly server: boolean;
    readonly waypoint?: LiveWorkload;
  };
  readonly deniedByPolicy: boolean;
  readonly latency: { readonly p50: number; readonly p95: number };
}

/** The identity in a workload's certificate, without the scheme. */
export function principalOf(
  topology: DemoTopology,
  workload: LiveWorkload,
): string {
  return `${topology.trustDomain}/ns/${workload.namespace}/sa/${workload.serviceAccount}`;
}
