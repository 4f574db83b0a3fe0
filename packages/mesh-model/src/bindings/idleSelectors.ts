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

import { meshConfigOf } from '../identity';
import { labelsOfWorkloadEntry } from '../membership';
import type { MeshKind, StringMap } from '../objects';
import { derivation, isSubset, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { podSelectorOf, SELECTING_KINDS, type Selecting } from './podSelectors';

/** Kinds whose selectors in the root namespace reach pods of every namespace. Semantics §8f */
const REACHING_FROM_ROOT: ReadonlySet<MeshKind> = new Set([
  'RequestAuthentication',
  'AuthorizationPolicy',
  'EnvoyFilter',
  'WasmPlugin',
  'TrafficExtension',
]);

function selectsAny(
  snapshot: MeshSnapshot,
  namespace: string,
  labels: StringMap,
): boolean {
  return (
    snapshot.podsBySelector(namespace, labels).length > 0 ||
    (['Deployment', 'StatefulSet', 'DaemonSet'] as const).some(kind =>
      snapshot
        .list(kind, namespace)
        .some(({ spec }) => isSubset(labels, spec.templateLabels)),
    ) ||
    snapshot
      .list('WorkloadEntry', namespace)
      .some(entry => isSubset(labels, labelsOfWorkloadEntry(entry)))
  );
}

/** An object whose selector matches no pod in its reach. */
export interface IdleSelector {
  object: Selecting;
  provenance: Provenance;
}

/** The objects of one namespace whose selector matches no pod, Deployment or machine there. */
export const idleSelectorsOf: (
  snapshot: MeshSnapshot,
  namespace?: string,
) => readonly IdleSelector[] = derivation(
  namespace => [
    ...SELECTING_KINDS.map(kind => ({ kind, namespace })),
    { kind: 'Pod', namespace },
    { kind: 'Deployment', namespace },
    { kind: 'StatefulSet', namespace },
    { kind: 'DaemonSet', namespace },
    { kind: 'WorkloadEntry', namespace },
    { kind: 'ConfigMap' },
  ],
  (snapshot, namespace) => {
    const { rootNamespace } = meshConfigOf(snapshot);
    return SELECTING_KINDS.flatMap((kind): IdleSelector[] => {
      if (namespace === rootNamespace && REACHING_FROM_ROOT.has(kind)) {
        return [];
      }
      const objects: readonly Selecting[] = snapshot.list(kind, namespace);
      return objects.flatMap(object => {
        const selector = podSelectorOf(object);
        return Object.keys(selector.labels).length === 0 ||
          selectsAny(snapshot, namespace, selector.labels)
          ? []
          : [
              {
                object,
                provenance: provenanceOf(
                  object,
                  selector.path,
                  `No pod of namespace ${namespace} has the labels ${Object.entries(
                    selector.labels,
                  )
                    .map(([key, value]) => `${key}=${value}`)
                    .join(', ')}.`,
                ),
              },
            ];
      });
    });
  },
);
