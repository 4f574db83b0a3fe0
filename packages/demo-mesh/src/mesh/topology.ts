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

import type { ExternalTraffic } from './externalTraffic';

/** Names one workload (the Deployment, StatefulSet or DaemonSet). */
export interface WorkloadKey {
  readonly namespace: string;
  readonly workload: string;
}

/** Names one port of one Kubernetes Service. */
export interface ServicePortKey {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

/** How the server part of a workload behaves when nothing is wrong. */
export interface WorkloadBehaviour extends WorkloadKey {
  /** value of label `app`, also the canonical service name */
  readonly app: string;
  /** value of label `version`, also the canonical revision */
  readonly version: string;
  readonly serviceAccount: string;
  readonly replicas: number;
  /** time the application itself takes, milliseconds */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  /** share 0..1 of requests that the application answers with 500 */
  readonly serverErrorShare: number;
  /** share 0..1 of requests that the application answers with 404 */
  readonly notFoundShare: number;
}

/** A kind of request that a caller sends; selects routes of VirtualServices. */
export interface RequestShape {
  readonly method: string;
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  /** share 0..1 of the edge's requests; the shares of one edge add up to 1 */
  readonly share: number;
}

/**
 * One caller → callee relation. What happens to the traffic (TLS, split, faults, refusals) follows from the live
 * objects; the edge says only how much is sent and to where.
 */
export interface TrafficEdge {
  /** stable, human readable: `bookinfo/productpage-v1 -> bookinfo/reviews:9080` */
  readonly id: string;
  readonly from: WorkloadKey;
  readonly to: ServicePortKey;
  readonly protocol: 'http' | 'grpc' | 'tcp';
  /** mean requests per second over a day; of `tcp`: new connections per second */
  readonly requestsPerSecond: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** absent: one shape, `GET /` (`POST /` of gRPC) */
  readonly requests?: readonly RequestShape[];
  /**
   * The share 0..1 each server workload gets, where the client does not follow the VirtualService of the host
   * (it does not see it). Absent: the live routes decide.
   */
  readonly workloadShares?: { readonly [workload: string]: number };
}

/** Traffic that enters from outside the cluster at a gateway. */
export interface EdgeTraffic {
  readonly id: string;
  /** the gateway workload that receives it */
  readonly gateway: WorkloadKey;
  /** the service behind it */
  readonly to: ServicePortKey;
  readonly host: string;
  readonly requestsPerSecond: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly requests: readonly RequestShape[];
}

/** What an incident does to the traffic while it lasts. */
export type IncidentEffect =
  /** the application answers this share with 500 */
  | {
      readonly kind: 'server-errors';
      readonly workload: WorkloadKey;
      readonly share: number;
    }
  /** the application's time is multiplied */
  | {
      readonly kind: 'latency';
      readonly workload: WorkloadKey;
      readonly factor: number;
    }
  /** the client's proxy refuses this share: 503 with the response flag, the server never sees it */
  | {
      readonly kind: 'client-failures';
      readonly to: ServicePortKey;
      readonly share: number;
      readonly responseFlag: 'UO' | 'UH' | 'UF' | 'UC' | 'URX' | 'UT';
    };

/** Something that goes wrong at a known time, begun by a change of an object. */
export interface Incident {
  readonly id: string;
  readonly title: string;
  /** minutes before the start of the demo */
  readonly startMinutesAgo: number;
  /** absent: still going on */
  readonly endMinutesAgo?: number;
  readonly effects: readonly IncidentEffect[];
  /** the object whose change began it */
  readonly cause: {
    readonly resource: string;
    readonly namespace: string;
    readonly name: string;
    readonly what: string;
    /** who made the change, as the field manager of the object */
    readonly by: string;
    /** what stood at a path of the object before; the object of the demo is how it is since */
    readonly before: readonly {
      readonly path: readonly (string | number)[];
      readonly value: string | number;
    }[];
  };
  /**
   * The incident lasts only while this still holds of the live objects: the named object exists and the text at
   * `path` equals `equals`. Undoing the change with kubectl ends the incident.
   */
  readonly whileObject?: {
    readonly resource: string;
    readonly namespace: string;
    readonly name: string;
    readonly path: readonly string[];
    readonly equals: string | number;
  };
}

/** All that the traffic model needs beyond the live objects. */
export interface DemoTopology {
  readonly clusterId: string;
  readonly trustDomain: string;
  readonly network: string;
  readonly workloads: readonly WorkloadBehaviour[];
  readonly edges: readonly TrafficEdge[];
  readonly ingress: readonly EdgeTraffic[];
  /** absent: nothing leaves the cluster */
  readonly externals?: readonly ExternalTraffic[];
  readonly incidents: readonly Incident[];
}
