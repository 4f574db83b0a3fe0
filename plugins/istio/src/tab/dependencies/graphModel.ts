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
import { edgeLabel, isFailing } from './dependencyWords';

/** Neighbours on each side of the picture; the table has all. */
export const MAX_NEIGHBOURS = 12;

const THIN = 1.5;
const THICK = 9;

/** One line of the picture with the box at its end. */
export interface GraphEdge {
  edge: DependencyEdge;
  /** pixels, in proportion to the rate */
  width: number;
  look: 'failing' | 'fine' | 'quiet';
  label: string;
}

/** The neighbours of one side, failing first. */
export interface GraphSide {
  shown: GraphEdge[];
  /** neighbours that only the table has */
  more: number;
}

export interface GraphModel {
  callers: GraphSide;
  callees: GraphSide;
}

/** Requests and connections are different things: each is drawn in proportion to the most of its own. */
function rateOf(edge: DependencyEdge): number {
  return edge.protocol === 'tcp'
    ? edge.tcp?.connectionsOpenedPerSecond ?? 0
    : edge.requestsPerSecond ?? 0;
}

function mostOf(edges: readonly DependencyEdge[], tcp: boolean): number {
  return Math.max(
    0,
    ...edges.filter(edge => (edge.protocol === 'tcp') === tcp).map(rateOf),
  );
}

function lookOf(edge: DependencyEdge): GraphEdge['look'] {
  if (isFailing(edge)) return 'failing';
  return edge.state === 'traffic' ? 'fine' : 'quiet';
}

/**
 * What the picture shows: callers left, dependencies right, at most {@link MAX_NEIGHBOURS} each, in the order of the
 * answer.
 */
export function graphModel(edges: readonly DependencyEdge[]): GraphModel {
  const most = { tcp: mostOf(edges, true), requests: mostOf(edges, false) };
  const drawn = (edge: DependencyEdge): GraphEdge => {
    const all = edge.protocol === 'tcp' ? most.tcp : most.requests;
    return {
      edge,
      width: all > 0 ? THIN + (THICK - THIN) * (rateOf(edge) / all) : THIN,
      look: lookOf(edge),
      label: edgeLabel(edge),
    };
  };
  const side = (direction: DependencyEdge['direction']): GraphSide => {
    const all = edges.filter(edge => edge.direction === direction);
    return {
      shown: all.slice(0, MAX_NEIGHBOURS).map(drawn),
      more: Math.max(0, all.length - MAX_NEIGHBOURS),
    };
  };
  return { callers: side('inbound'), callees: side('outbound') };
}
