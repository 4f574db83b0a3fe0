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

/** What the table of services is narrowed to. Absent means: all. */
export interface MeshFilters {
  /** Words that must all stand in the name, namespace, cluster, owner or headline. */
  text?: string;
  cluster?: string;
  namespace?: string;
  owner?: string;
  state?: VerdictState;
}

export const VERDICT_STATES: VerdictState[] = [
  'fail',
  'unknown',
  'pass',
  'not-applicable',
];

/** Owner filter for services that nobody owns. */
export const NO_OWNER = 'none';

/** Reads the filters from the address of the page. Values it does not know are ignored. */
export function readMeshFilters(query: URLSearchParams): MeshFilters {
  const value = (key: string) => query.get(key) || undefined;
  return {
    text: value('q'),
    cluster: value('cluster'),
    namespace: value('namespace'),
    owner: value('owner'),
    state: VERDICT_STATES.find(state => state === query.get('state')),
  };
}

function textOf(service: MeshService): string {
  const { name, namespace, cluster } = service.service;
  return `${namespace}/${name} ${cluster} ${service.owner ?? ''} ${
    service.entityRef ?? ''
  } ${service.headline}`.toLocaleLowerCase('en-US');
}

/** The services that fit all filters, in the order they came. */
export function filterServices(
  services: MeshService[],
  filters: MeshFilters,
): MeshService[] {
  const { cluster, namespace, owner, state } = filters;
  const words = (filters.text ?? '')
    .toLocaleLowerCase('en-US')
    .split(/\s+/)
    .filter(Boolean);
  return services.filter(service => {
    if (cluster !== undefined && service.service.cluster !== cluster) {
      return false;
    }
    if (namespace !== undefined && service.service.namespace !== namespace) {
      return false;
    }
    if (owner !== undefined && (service.owner ?? NO_OWNER) !== owner) {
      return false;
    }
    if (state !== undefined && service.state !== state) {
      return false;
    }
    if (words.length === 0) {
      return true;
    }
    const text = textOf(service);
    return words.every(word => text.includes(word));
  });
}

/** What can be chosen in each filter. */
export interface MeshFilterChoices {
  clusters: string[];
  namespaces: string[];
  owners: string[];
  states: Map<VerdictState, number>;
}

function sorted(values: Set<string>): string[] {
  return [...values].sort((a, b) => a.localeCompare(b));
}

/** Collects the choices from all services, and counts the services of each state. */
export function choicesOf(services: MeshService[]): MeshFilterChoices {
  const clusters = new Set<string>();
  const namespaces = new Set<string>();
  const owners = new Set<string>();
  const states = new Map<VerdictState, number>(
    VERDICT_STATES.map(state => [state, 0]),
  );
  for (const { service, owner, state } of services) {
    clusters.add(service.cluster);
    namespaces.add(service.namespace);
    owners.add(owner ?? NO_OWNER);
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  return {
    clusters: sorted(clusters),
    namespaces: sorted(namespaces),
    owners: sorted(owners),
    states,
  };
}
