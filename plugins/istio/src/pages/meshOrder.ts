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

import type {
  MeshService,
  VerdictState,
} from '@mesh-portal/backstage-plugin-istio-common';

export const MESH_COLUMNS = [
  'state',
  'service',
  'mtls',
  'authorization',
  'rate',
  'errors',
  'slo',
  'owner',
] as const;

/** What the table can be sorted by. */
export type MeshColumn = (typeof MESH_COLUMNS)[number];

/** A column and a direction. The first click gives what a person looks for: worst, most, or A first. */
export interface MeshOrder {
  column: MeshColumn;
  reversed: boolean;
}

/** Worst first, as the back end sorts. */
export const WORST_FIRST: MeshOrder = { column: 'state', reversed: false };

const STATE_RANK: Record<VerdictState, number> = {
  fail: 0,
  unknown: 1,
  pass: 2,
  'not-applicable': 3,
};

/** Reads the order from the address of the page: `sort=rate` or `sort=-rate`. */
export function readMeshOrder(query: URLSearchParams): MeshOrder {
  const sort = query.get('sort') ?? '';
  const reversed = sort.startsWith('-');
  const name = reversed ? sort.slice(1) : sort;
  const column = MESH_COLUMNS.find(candidate => candidate === name);
  return column ? { column, reversed } : WORST_FIRST;
}

/** The inverse of {@link readMeshOrder}; undefined for the default order. */
export function writeMeshOrder(order: MeshOrder): string | undefined {
  if (order.column === WORST_FIRST.column && !order.reversed) {
    return undefined;
  }
  return `${order.reversed ? '-' : ''}${order.column}`;
}

function compareNames(a: MeshService, b: MeshService): number {
  return (
    a.service.namespace.localeCompare(b.service.namespace) ||
    a.service.name.localeCompare(b.service.name) ||
    a.service.cluster.localeCompare(b.service.cluster)
  );
}

function descending(a: number, b: number): number {
  return b - a;
}

type Comparison = (a: MeshService, b: MeshService) => number;

const COMPARISONS: Record<Exclude<MeshColumn, 'state'>, Comparison> = {
  service: compareNames,
  mtls: (a, b) => STATE_RANK[a.mtls.state] - STATE_RANK[b.mtls.state],
  authorization: (a, b) =>
    STATE_RANK[a.authorization.state] - STATE_RANK[b.authorization.state],
  rate: (a, b) =>
    descending(a.requestsPerSecond ?? -1, b.requestsPerSecond ?? -1),
  errors: (a, b) => descending(a.share5xx ?? -1, b.share5xx ?? -1),
  slo: (a, b) => descending(a.slo?.burn ?? -1, b.slo?.burn ?? -1),
  owner: (a, b) => (a.owner ?? '\uffff').localeCompare(b.owner ?? '\uffff'),
};

function isUnknown(service: MeshService, column: MeshColumn): boolean {
  switch (column) {
    case 'rate':
      return service.requestsPerSecond === undefined;
    case 'errors':
      return service.share5xx === undefined;
    case 'slo':
      return service.slo?.burn === undefined;
    case 'owner':
      return service.owner === undefined;
    default:
      return false;
  }
}

/**
 * Sorts services. Numbers that are not known come last in both directions; equals keep the order of the back end,
 * worst first.
 */
export function sortServices(
  services: MeshService[],
  order: MeshOrder,
): MeshService[] {
  const { column, reversed } = order;
  if (column === 'state') {
    return reversed ? [...services].reverse() : services;
  }
  const compare = COMPARISONS[column];
  const known = services.filter(service => !isUnknown(service, column));
  const unknown = services.filter(service => isUnknown(service, column));
  known.sort((a, b) => (reversed ? compare(b, a) : compare(a, b)));
  return [...known, ...unknown];
}
