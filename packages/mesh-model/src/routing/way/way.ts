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

import type { RequestToken } from '../../authorization/request';
import type { Confidence } from '../../extensions';
import type { Client } from '../../membership';
import type { StringMap } from '../../objects';
import type { ObjectRef, Provenance, VerdictState } from '../../verdict';
import type { ResolvedDestination } from '../destinations';

/** A request as the caller's application sends it. What is left out is assumed, and named in `RequestWay.assumed`. */
export interface WayRequest {
  /** the name in the Host header, short or fully qualified; also the one that DNS resolves */
  host: string;
  /** port of the service; for a gateway, of the gateway's Service */
  port: number;
  /** with or without query; default `/` */
  path?: string;
  /** default `GET` */
  method?: string;
  /** all headers of the request: one that is not listed is not sent; default none */
  headers?: StringMap;
  /** TLS server name, when the caller's application speaks TLS itself; default the host */
  sni?: string;
  /** The caller's application speaks TLS itself; default: only on a port that is declared as TLS. */
  tls?: boolean;
  /** what the bytes are once TLS is off; default as the port is declared, else HTTP */
  protocol?: 'http' | 'tcp';
  /** a JSON Web Token; default none, unless a header `authorization` is sent: then it is not known */
  token?: 'none' | RequestToken;
}

/** What a step of the way is about. */
export type WayStage =
  | 'scope'
  | 'listener'
  | 'virtual-host'
  | 'rule'
  | 'fault'
  | 'redirect'
  | 'direct-response'
  | 'rewrite'
  | 'mirror'
  | 'timeout'
  | 'retries'
  | 'destination'
  | 'traffic-policy'
  | 'endpoints'
  | 'locality'
  | 'waypoint'
  | 'client-tls'
  | 'server-mode'
  | 'authorization'
  | 'server-limits'
  | 'server-retries'
  | 'delivery';

/** One step of the way. */
export interface WayStep {
  stage: WayStage;
  /** `pass`: the request goes on; `fail`: it ends here; `unknown`: what happens cannot be said; `not-applicable`: nothing acts */
  state: VerdictState;
  /** one sentence */
  says: string;
  /** the proxy or workload at which it happens; absent: the caller's own side */
  at?: ObjectRef;
  /** the objects that decide */
  facts: readonly Provenance[];
}

/** How a way ends. */
export type WayEnding =
  /** the application gets the request, and answers it */
  | 'delivered'
  /** a proxy answers by configuration: redirect, direct response, injected fault */
  | 'answered'
  /** a policy refuses */
  | 'denied'
  /** it does not get through: no listener, no route, no endpoint, TLS that does not fit, blocked */
  | 'failed'
  /** it leaves what the mesh configures; what answers cannot be seen from here */
  | 'outside'
  /** what happens cannot be said */
  | 'unknown';

/** Endpoints of which none is ready in the cluster; other clusters of the mesh may have some. */
export interface LackingEndpoints {
  host: string;
  /** that they would have */
  labels: StringMap;
  /** the client knows no service of this name: in its own cluster it may be hidden from it */
  unknownHost?: true;
}

/** The end of a way, as the caller sees it. */
export interface WayOutcome {
  ending: WayEnding;
  /** one sentence */
  says: string;
  /** HTTP status the caller gets, when a proxy gives it; absent for connections that are just closed */
  code?: number;
  /** Envoy's response flag at the proxy that ends it, for example `NR` */
  flag?: string;
  /** Envoy's response code details, when they can be told */
  details?: string;
  /** the proxy that ends it; absent: the caller's own */
  at?: ObjectRef;
  /** where that is why it fails */
  lacking?: LackingEndpoints;
  /** is every hop encrypted? Absent where the request does not arrive. */
  encrypted?: boolean;
}

/** What sends a request into one branch and not into another. */
export type WayFork = 'weight' | 'fault' | 'endpoint';

/** A part of the way: steps in order, then either branches or an end. */
export interface WayBranch {
  /** percent of the requests that come to the fork, 0 to 100 */
  share: number;
  /** absent for the whole way */
  fork?: WayFork;
  /** what makes a request take this branch, in words */
  because: string;
  /** the destination, for a branch by weight */
  destination?: ResolvedDestination;
  /** the workloads, for a branch by endpoint */
  workloads?: readonly ObjectRef[];
  steps: readonly WayStep[];
  /** empty when the way ends here */
  branches: readonly WayBranch[];
  /** absent when it branches */
  outcome?: WayOutcome;
}

/** One of the ends of a way. */
export interface WayEnd {
  /** percent of all requests like this one */
  share: number;
  outcome: WayOutcome;
}

/** The one way a request takes through the mesh. */
export interface RequestWay extends WayBranch {
  client: Client;
  request: WayRequest;
  /** what the request did not say and was assumed, one sentence each */
  assumed: readonly string[];
  /** every end with its share of the requests, in the order of the branches */
  ends: readonly WayEnd[];
  /** the ending that all requests like this one have; `mixed` when it depends on the branch */
  ending: WayEnding | 'mixed';
  /** one sentence over all ends */
  says: string;
  /** Does something act, or may it, on one of the proxies passed that is not evaluated? R8.26 */
  confidence: Confidence;
}
