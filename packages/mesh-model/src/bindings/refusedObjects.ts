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

import { exposureOf } from '../gateways';
import { workloadsOfService, workloadsOfServiceEntry } from '../membership';
import {
  KINDS,
  type MeshObject,
  type ObjectProblem,
  type SlimObjectByKind,
} from '../objects';
import { derivation, type MeshSnapshot } from '../snapshot';
import { objectOfRef, objectRefOf, type ObjectRef } from '../verdict';
import { ignoredObjectsOfService } from './ignoredObjectsOf';
import { whatActsOn } from './whatActsOn';

/** An object that concerns a service and that istiod's admission would refuse, were it written now. */
export interface RefusedObject {
  object: ObjectRef;
  refusals: readonly ObjectProblem[];
  /** Does it act on the service all the same? istiod does not validate again what it reads. */
  acts: boolean;
}

type Service = SlimObjectByKind['Service' | 'ServiceEntry'];

const ISTIO_KINDS = KINDS.filter(({ group }) =>
  group.endsWith('.istio.io'),
).map(({ kind }) => kind);

/** Every object of the mesh that istiod would refuse; there are none in most. */
const refusedObjectsOf: (snapshot: MeshSnapshot) => readonly MeshObject[] =
  derivation(
    () => ISTIO_KINDS.map(kind => ({ kind })),
    snapshot =>
      ISTIO_KINDS.flatMap((kind): MeshObject[] =>
        snapshot
          .list(kind)
          .filter(({ refusals }: MeshObject) => refusals !== undefined),
      ),
  );

/** Objects that act on a service: on its workloads, for callers of its namespace, or at gateways that lead to it. */
function actingOn(snapshot: MeshSnapshot, service: Service): ObjectRef[] {
  if (service.kind === 'ServiceEntry') {
    return [
      objectRefOf(service),
      ...workloadsOfServiceEntry(snapshot, service).flatMap(workload =>
        whatActsOn(snapshot, workload).map(({ object }) => object),
      ),
    ];
  }
  return [
    ...workloadsOfService(snapshot, service).flatMap(workload =>
      whatActsOn(snapshot, workload).map(({ object }) => object),
    ),
    ...exposureOf(snapshot, service.metadata).paths.flatMap(
      ({ gateway, route }) => [gateway, route.object],
    ),
  ];
}

/**
 * Objects that act on a service, or mean to, and that istiod's admission would refuse, were they written now: those that act
 * first. Nothing is looked at in a mesh without such objects.
 */
export function refusedObjectsOfService(
  snapshot: MeshSnapshot,
  service: Service,
): RefusedObject[] {
  const refused = new Set(refusedObjectsOf(snapshot));
  const found = new Map<MeshObject, RefusedObject>();
  const note = (refs: readonly ObjectRef[], acts: boolean) => {
    for (const ref of refs) {
      const object = objectOfRef(snapshot, ref);
      if (object?.refusals && refused.has(object) && !found.has(object)) {
        found.set(object, { object: ref, refusals: object.refusals, acts });
      }
    }
  };
  if (refused.size > 0) {
    note(actingOn(snapshot, service), true);
    note(
      ignoredObjectsOfService(snapshot, service).map(({ object }) => object),
      false,
    );
  }
  return [...found.values()];
}
