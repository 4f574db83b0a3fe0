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
import { waypointOf } from '../membership';
import type { SlimObjectByKind } from '../objects';
import { attachPolicy } from '../scoping/policyAttachment';
import type { MeshSnapshot } from '../snapshot';
import { objectRefOf, provenanceOf } from '../verdict';
import { attachmentSettingsOf } from '../extensions/attachmentSettings';
import type { IgnoredCause } from './ignoredCauses';
import type { IgnoredObjects } from './IgnoredObjects';
import {
  objectsByTarget,
  targetKey,
  type TargetingObject,
} from './targetingPolicies';
import {
  waypointProxyOf,
  type WaypointOfWorkload,
} from './waypointsOfWorkload';

type Target = SlimObjectByKind['Service' | 'ServiceEntry'];

/** Does the service that the object itself would mean exist? Then it is not about the one in question. */
function meansItsOwn(
  snapshot: MeshSnapshot,
  { object, reference }: TargetingObject,
  target: Target,
): boolean {
  const { namespace } = object.metadata;
  return (
    namespace !== target.metadata.namespace &&
    (reference.namespace ?? '') === '' &&
    snapshot.get(target.kind, namespace, reference.name) !== undefined
  );
}

function whyNot(
  snapshot: MeshSnapshot,
  { object, reference }: TargetingObject,
  target: Target,
  waypoint: WaypointOfWorkload | undefined,
): [cause: IgnoredCause, says: string] | undefined {
  const { namespace, name } = target.metadata;
  if (object.metadata.namespace !== namespace) {
    return [
      'target-in-other-namespace',
      `It stands in namespace ${object.metadata.namespace}, so it means ${target.kind} ${object.metadata.namespace}/${name}; a reference never reaches into another namespace.`,
    ];
  }
  if (waypoint === undefined) {
    return [
      'target-without-waypoint',
      `It targets ${
        target.kind
      } ${name}, which only a waypoint of the service enforces. ${
        waypointOf(snapshot, target).reason
      }`,
    ];
  }
  const attachment = attachPolicy(
    {
      object,
      selector: {},
      selectorPath: 'spec.selector',
      targetRefs: [reference],
      listed: true,
    },
    waypoint.proxy.target,
    attachmentSettingsOf(snapshot, waypoint.proxy),
  );
  return 'cause' in attachment
    ? ['target-not-matched', attachment.says]
    : undefined;
}

/** Objects that target the waypoint of the service, or all waypoints, from where they cannot. */
function ignoredAtWaypoint(
  snapshot: MeshSnapshot,
  waypoint: WaypointOfWorkload,
  into: IgnoredObjects,
): void {
  const byTarget = objectsByTarget(snapshot);
  const { rootNamespace } = meshConfigOf(snapshot);
  const { namespace = '', name } = waypoint.ref;
  for (const { object, reference, path } of byTarget.get(
    targetKey('Gateway', name),
  ) ?? []) {
    const own = object.metadata.namespace;
    const meant = reference.namespace ?? '';
    if (own === namespace && (meant === '' || meant === own)) {
      into.acts(objectRefOf(object));
    } else if (snapshot.get('K8sGateway', own, name) === undefined) {
      into.ignore(
        provenanceOf(
          object,
          path,
          `It stands in namespace ${own}, and waypoint ${name} in ${namespace}; a reference never reaches into another namespace.`,
        ),
        'target-in-other-namespace',
      );
    }
  }
  for (const { object, path } of byTarget.get(
    targetKey('GatewayClass', 'istio-waypoint'),
  ) ?? []) {
    if (object.metadata.namespace === rootNamespace) {
      into.acts(objectRefOf(object));
    } else {
      into.ignore(
        provenanceOf(
          object,
          path,
          `Only from the root namespace ${rootNamespace} does a reference to GatewayClass istio-waypoint act.`,
        ),
        'target-not-matched',
      );
    }
  }
}

/** Objects whose targetRefs name a service and that no waypoint of it applies. R4.2 */
export function collectIgnoredTargets(
  snapshot: MeshSnapshot,
  target: Target,
  into: IgnoredObjects,
): void {
  const waypoint = waypointProxyOf(snapshot, target);
  const targeting =
    objectsByTarget(snapshot).get(
      targetKey(target.kind, target.metadata.name),
    ) ?? [];
  for (const item of targeting) {
    if (meansItsOwn(snapshot, item, target)) {
      continue;
    }
    const found = whyNot(snapshot, item, target, waypoint);
    if (found === undefined) {
      into.acts(objectRefOf(item.object));
    } else {
      into.ignore(provenanceOf(item.object, item.path, found[1]), found[0]);
    }
  }
  if (waypoint !== undefined) {
    ignoredAtWaypoint(snapshot, waypoint, into);
  }
}
