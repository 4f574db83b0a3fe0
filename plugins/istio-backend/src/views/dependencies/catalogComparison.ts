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
  DependenciesView,
  DependencyDifference,
  DependencyEdge,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { DeclaredTarget, Declarations } from './declarations';

type Comparison = DependenciesView['catalog'];

/** An edge with the service that is called, so that it can be found among what is declared. */
export interface ComparableEdge {
  edge: Omit<DependencyEdge, 'declared' | 'configured'>;
  /** `cluster/namespace/name` of what is called; undefined where it is no service */
  callee: string | undefined;
}

/** What must hold before silence means that nothing was called. */
export interface Observability {
  /** why the comparison cannot be made at all: metrics are missing, partial or stale */
  unknown: string | undefined;
  /** why silence of the entity's own workloads means nothing */
  silent: string | undefined;
  window: string;
}

function hadTraffic({
  requestsPerSecond,
  tcp,
  clientOnlyFailuresPerSecond,
}: ComparableEdge['edge']): boolean {
  return [
    requestsPerSecond,
    clientOnlyFailuresPerSecond,
    tcp?.connectionsOpenedPerSecond,
    tcp?.requestBytesPerSecond,
    tcp?.responseBytesPerSecond,
  ].some(value => value !== undefined && value > 0);
}

/** `cluster/namespace/name` of the services a declared target is. */
function servicesOf({ matches }: DeclaredTarget): Set<string> {
  const keys = new Set<string>();
  for (const [cluster, { services, serviceEntries }] of matches) {
    for (const { metadata } of services) {
      keys.add(`${cluster}/${metadata.namespace}/${metadata.name}`);
    }
    for (const { entry, host } of serviceEntries) {
      keys.add(`${cluster}/${entry.metadata.namespace}/${host}`);
    }
  }
  return keys;
}

function isDeclaredCallee(
  { edge, callee }: ComparableEdge,
  { dependsOn, consumed }: Declarations,
): boolean {
  const ref = edge.neighbour.entityRef;
  return (
    (ref !== undefined && consumed.has(ref)) ||
    dependsOn.some(
      target =>
        target.entityRef === ref ||
        (callee !== undefined && servicesOf(target).has(callee)),
    )
  );
}

/** Does the caller's entity name the callee's? Only where both are entities that the user may see. */
export function declarationOf(
  compared: ComparableEdge,
  declarations: Declarations | undefined,
): DependencyEdge['declared'] {
  const { edge } = compared;
  const ref = edge.neighbour.entityRef;
  if (!declarations) return 'not-declarable';
  const declared =
    edge.direction === 'outbound'
      ? isDeclaredCallee(compared, declarations)
      : ref !== undefined && declarations.declaredCallers.has(ref);
  if (declared) return 'declared';
  return ref === undefined || ref === declarations.entityRef
    ? 'not-declarable'
    : 'undeclared';
}

function undeclaredOf(
  edges: readonly ComparableEdge[],
  declarations: Declarations,
  window: string,
): DependencyDifference[] {
  const found = new Map<string, DependencyDifference>();
  for (const compared of edges) {
    const { edge } = compared;
    const neighbour = edge.neighbour.entityRef;
    if (
      neighbour === undefined ||
      !hadTraffic(edge) ||
      declarationOf(compared, declarations) !== 'undeclared'
    ) {
      continue;
    }
    const outbound = edge.direction === 'outbound';
    const of = outbound ? declarations.entityRef : neighbour;
    const target = outbound ? neighbour : declarations.entityRef;
    found.set(`${of}\n${target}`, {
      of,
      target,
      reason: outbound
        ? `${edge.own.join(', ')} called ${
            edge.neighbour.title
          } in the last ${window}`
        : `${edge.neighbour.title} called ${edge.own.join(
            ', ',
          )} in the last ${window}`,
      line: `- ${target}`,
    });
  }
  return [...found.values()];
}

function called(
  target: DeclaredTarget,
  edges: readonly ComparableEdge[],
): boolean {
  const services = servicesOf(target);
  return edges.some(
    ({ edge, callee }) =>
      edge.direction === 'outbound' &&
      hadTraffic(edge) &&
      ((callee !== undefined && services.has(callee)) ||
        edge.neighbour.entityRef === target.entityRef),
  );
}

/** What silence about a declared target means; undefined where it was called. */
function silenceOf(
  target: DeclaredTarget,
  edges: readonly ComparableEdge[],
  { silent, window }: Observability,
): { kind: 'unused' | 'notObservable'; reason: string } | undefined {
  if (called(target, edges)) return undefined;
  if (target.reason !== undefined) {
    return { kind: 'notObservable', reason: target.reason };
  }
  if (servicesOf(target).size === 0) {
    return {
      kind: 'notObservable',
      reason:
        'It has workloads but no Service, so no requests are counted to it',
    };
  }
  return silent === undefined
    ? {
        kind: 'unused',
        reason: `No traffic was observed in the last ${window}; rarer calls are not seen in it`,
      }
    : { kind: 'notObservable', reason: silent };
}

/**
 * `dependsOn` of the catalog against what was observed. Silence counts only where it means something: all metrics are
 * there, the caller has proxies that name it, and the source holds the whole window.
 *
 * @param declarations - undefined where the catalog could not be asked
 */
export function compareWithCatalog(
  edges: readonly ComparableEdge[],
  declarations: Declarations | undefined,
  observability: Observability,
): Comparison {
  const none = { undeclared: [], unused: [], notObservable: [] };
  if (!declarations) {
    return {
      state: 'unknown',
      reason: 'The catalog could not be asked what is declared',
      ...none,
    };
  }
  if (observability.unknown !== undefined) {
    return { state: 'unknown', reason: observability.unknown, ...none };
  }
  const { window } = observability;
  const silences = declarations.dependsOn.flatMap(target => {
    const silence = silenceOf(target, edges, observability);
    if (!silence) return [];
    const difference: DependencyDifference = {
      of: declarations.entityRef,
      target: target.entityRef,
      reason: silence.reason,
      ...(silence.kind === 'unused' && { line: `- ${target.written}` }),
    };
    return [{ kind: silence.kind, difference }];
  });
  const ofKind = (wanted: string) =>
    silences
      .filter(({ kind }) => kind === wanted)
      .map(({ difference }) => difference);
  return {
    state: 'compared',
    reason: `dependsOn and consumed APIs of the catalog against the traffic of the last ${window}`,
    undeclared: undeclaredOf(edges, declarations, window),
    unused: ofKind('unused'),
    notObservable: ofKind('notObservable'),
  };
}
