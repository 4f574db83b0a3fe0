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

import type { DependencyEdge } from '@mesh-portal/backstage-plugin-istio-common';
import { type EdgeNumbers, edgeNumbers } from './edgeNumbers';
import type { EdgeEnds, EdgeRow } from './edgeRows';

type Direction = DependencyEdge['direction'];

/** What was observed between the entity and one neighbour. */
export interface ObservedEdge {
  direction: Direction;
  /** the end that calls: for outbound edges one of the entity's workloads */
  caller: EdgeEnds['caller'];
  callee: EdgeEnds['callee'];
  /** `namespace/name` of all workloads that call */
  callers: string[];
  /** SPIFFE identity of the caller; absent without mutual TLS */
  principal: string | undefined;
  state: DependencyEdge['state'];
  /** epoch seconds; state gone only */
  lastSeen: number | undefined;
  /** absent while there is no rate: the edge is new, or gone */
  numbers: EdgeNumbers | undefined;
}

export interface FoldOptions {
  /** a ztunnel stands at an end: connections and bytes carry the requests */
  tunnelled: (ends: EdgeEnds) => boolean;
}

/** Names of destinations that are no services (golden-signals §1). */
const PSEUDO = /^(PassthroughCluster|BlackHoleCluster|InboundPassthrough.*)$/;

/** `namespace/name` of the callee; hosts that have no such name stand for themselves. */
function calleeKey({ namespace, name, host }: EdgeEnds['callee']): string {
  if (PSEUDO.test(name)) return name;
  return name === 'unknown' ? host : `${namespace}/${name}`;
}

function callerKey({ namespace, workload }: EdgeEnds['caller']): string {
  return `${namespace}/${workload}`;
}

function keyOf(direction: Direction, { caller, callee }: EdgeEnds): string {
  return direction === 'inbound'
    ? `${callerKey(caller)} -> ${calleeKey(callee)}`
    : calleeKey(callee);
}

/** Rates say that there was traffic; that there is a row at all says only that a proxy reports. */
function isRate({ part }: EdgeRow): boolean {
  return ['requests', 'opened', 'received', 'sent'].includes(part);
}

function stateOf(rows: readonly EdgeRow[]): ObservedEdge['state'] {
  const reportedNow = rows.some(
    ({ part, value }) => part === 'now' && value > 0,
  );
  if (!reportedNow) return 'gone';
  const rates = rows.filter(isRate);
  if (rates.length === 0) return 'new';
  return rates.some(({ value }) => value > 0) ? 'traffic' : 'idle';
}

/** The last sighting of any of its series, epoch seconds. */
function lastSeenOf(rows: readonly EdgeRow[]): number | undefined {
  const seen = rows.filter(({ part }) => part === 'seen');
  return seen.length > 0
    ? Math.max(...seen.map(({ value }) => value))
    : undefined;
}

/** One row of each caller. */
function callersOf(rows: readonly EdgeRow[]): EdgeRow[] {
  return [...new Map(rows.map(row => [callerKey(row.caller), row])).values()];
}

/** The end that says most: rows of requests that reached nobody name no callee's cluster. */
function edgeOf(
  direction: Direction,
  rows: readonly EdgeRow[],
  { tunnelled }: FoldOptions,
): ObservedEdge {
  const { caller, callee } =
    rows.find(row => row.callee.cluster !== 'unknown') ?? rows[0];
  const state = stateOf(rows);
  return {
    direction,
    caller,
    callee,
    callers: callersOf(rows)
      .map(row => callerKey(row.caller))
      .sort(),
    principal: rows.find(row => row.principal !== undefined)?.principal,
    state,
    lastSeen: state === 'gone' ? lastSeenOf(rows) : undefined,
    numbers: edgeNumbers(rows, () => callersOf(rows).some(tunnelled)),
  };
}

/** Folds rows of one direction into edges, one a neighbour (and own service, where it is called). */
export function observedEdges(
  direction: Direction,
  rows: readonly EdgeRow[],
  options: FoldOptions,
): ObservedEdge[] {
  const groups = new Map<string, EdgeRow[]>();
  for (const row of rows) {
    if (row.part === 'covered') continue;
    const key = keyOf(direction, row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map(group => edgeOf(direction, group, options));
}

/**
 * Leaves out the hop from a waypoint to the service behind it: the waypoint's own rows name the caller, and the same
 * requests would stand there twice.
 */
export function withoutWaypointHops(
  edges: readonly ObservedEdge[],
  isWaypoint: (caller: EdgeEnds['caller']) => boolean,
): ObservedEdge[] {
  const behindWaypoint = new Set(
    edges
      .filter(({ numbers }) => numbers?.reporter === 'waypoint')
      .map(({ callee }) => calleeKey(callee)),
  );
  return edges.filter(
    ({ direction, caller, callee }) =>
      !(
        direction === 'inbound' &&
        behindWaypoint.has(calleeKey(callee)) &&
        isWaypoint(caller)
      ),
  );
}
