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

import { controlPlaneView } from '../identity';
import {
  defaultClient,
  membershipOf,
  servicesOfWorkload,
  workloadsOfService,
  workloadsOfServiceEntry,
  type Client,
  type Workload,
} from '../membership';
import type { SlimObjectByKind } from '../objects';
import { servicesDefinedBy } from '../routing/serviceRegistry';
import type { MeshSnapshot } from '../snapshot';
import { objectRefOf } from '../verdict';
import { idleSelectorsOf } from './idleSelectors';
import { collectIgnoredPolicies } from './ignoredPolicies';
import { collectIgnoredRouting } from './ignoredRouting';
import { collectIgnoredTargets } from './ignoredTargets';
import { collectActingForOthers } from './otherCallers';
import { IgnoredObjects, type IgnoredObject } from './IgnoredObjects';

type Service = SlimObjectByKind['Service' | 'ServiceEntry'];

function collectIdleSelectors(
  snapshot: MeshSnapshot,
  namespace: string,
  into: IgnoredObjects,
): void {
  for (const { object, provenance } of idleSelectorsOf(snapshot, namespace)) {
    if (!into.knows(objectRefOf(object))) {
      into.ignore(provenance, 'selector-matches-nothing');
    }
  }
}

/** The caller to assume: one of the same namespace, in ambient mode where the service is. */
function callerOf(
  snapshot: MeshSnapshot,
  namespace: string,
  workloads: readonly Workload[],
): Client {
  const memberships = workloads.map(workload =>
    membershipOf(snapshot, workload),
  );
  const [first] = memberships;
  const ambient =
    memberships.length > 0 &&
    memberships.every(({ proxy }) => proxy === 'ambient');
  return {
    ...defaultClient(namespace),
    ...(ambient ? { proxy: 'ambient' as const } : {}),
    ...(first?.revision === undefined ? {} : { revision: first.revision }),
  };
}

/**
 * Why objects are ignored: every object of Istio and Gateway API that names a service (of Kubernetes, or a ServiceEntry),
 * or selects its workloads, and does not act on it, with the field at fault and what to write. An object that acts on one
 * of several workloads or ports is not ignored.
 *
 * @param client - who calls, because visibility depends on it; left out: a meshed client of the same namespace, in ambient
 * mode where the service is, and what acts for the callers that an object is written for is not ignored
 */
export function ignoredObjectsOfService(
  mesh: MeshSnapshot,
  service: Service,
  client?: Client,
): IgnoredObject[] {
  const { namespace, name } = service.metadata;
  const workloads =
    service.kind === 'Service'
      ? workloadsOfService(mesh, service)
      : workloadsOfServiceEntry(mesh, service);
  const caller = client ?? callerOf(mesh, namespace, workloads);
  const snapshot = controlPlaneView(mesh, caller.revision);
  const known = servicesDefinedBy(snapshot, service);
  const into = new IgnoredObjects({
    namespace,
    clientNamespace: caller.namespace,
    ...(known.length === 1 ? { host: known[0].hostname } : {}),
  });
  for (const each of known) {
    collectIgnoredRouting(
      { mesh, snapshot, client: caller, service: each, namespace, name },
      into,
    );
    if (client === undefined) {
      collectActingForOthers(snapshot, each.hostname, namespace, into);
    }
  }
  for (const workload of workloads) {
    collectIgnoredPolicies(mesh, workload, into);
  }
  collectIgnoredTargets(mesh, service, into);
  collectIdleSelectors(mesh, namespace, into);
  return into.list();
}

/**
 * Why objects are ignored: every object of Istio that selects a workload, its namespace or the mesh, or targets a service
 * of it, and does not act on it, with the field at fault and what to write.
 */
export function ignoredObjectsOfWorkload(
  mesh: MeshSnapshot,
  workload: Workload,
): IgnoredObject[] {
  const into = new IgnoredObjects({ namespace: workload.namespace });
  collectIgnoredPolicies(mesh, workload, into);
  for (const service of servicesOfWorkload(mesh, workload)) {
    collectIgnoredTargets(mesh, service, into);
  }
  collectIdleSelectors(mesh, workload.namespace, into);
  return into.list();
}
