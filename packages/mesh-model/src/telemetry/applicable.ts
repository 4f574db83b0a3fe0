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

import type { EnforcingProxy, TargetService } from '../authorization';
import type { EnvoyProxy } from '../extensions';
import { attachmentSettingsOf } from '../extensions/attachmentSettings';
import { meshConfigOf } from '../identity';
import type { SlimObjectByKind } from '../objects';
import {
  sortCandidates,
  type ActingObject,
  type IdleObject,
  type SortedCandidates,
} from '../scoping/attachedPolicies';
import { whyNotRead } from '../scoping/controlPlaneReading';
import { attachableOf } from '../scoping/policyAttachment';
import { isSubset, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';

type Telemetry = SlimObjectByKind['Telemetry'];

/** A Telemetry in reach that does not act. */
export interface IdleTelemetry {
  object: Telemetry;
  cause:
    | IdleObject<Telemetry>['cause']
    | 'younger-sibling'
    | 'selector-in-root-namespace';
  provenance: Provenance;
}

/** The Telemetries of a proxy. */
export interface ApplicableTelemetries {
  /** lowest precedence first: root namespace, namespace, then those that select the proxy, oldest first */
  levels: readonly ActingObject<Telemetry>[];
  idle: readonly IdleTelemetry[];
}

function isNamespaceWide(telemetry: Telemetry): boolean {
  const { selector, targetRefs } = attachableOf(telemetry, telemetry.spec);
  return Object.keys(selector).length === 0 && targetRefs.length === 0;
}

/** Why no Telemetry acts where there is no Envoy. R8.24 */
const WITHOUT_ENVOY: Readonly<
  Partial<
    Record<
      EnforcingProxy,
      { cause: 'ztunnel-http-only' | 'no-proxy'; says: string }
    >
  >
> = {
  ambient: {
    cause: 'ztunnel-http-only',
    says: 'ztunnel ignores Telemetry: it has its own metrics and logs of connections. It acts at a waypoint.',
  },
  none: {
    cause: 'no-proxy',
    says: 'The workload has no proxy, so nothing applies it.',
  },
};

/** Of the Telemetries without a selector in a namespace only the oldest counts. */
function namespaceWide(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  namespace: string,
  scope: 'mesh' | 'namespace',
): { level?: ActingObject<Telemetry>; idle: IdleTelemetry[] } {
  const idle: IdleTelemetry[] = [];
  let level: ActingObject<Telemetry> | undefined;
  for (const object of snapshot.list('Telemetry', namespace)) {
    if (!isNamespaceWide(object)) {
      continue;
    }
    const notRead = whyNotRead(snapshot, object, proxy.revision);
    if (notRead !== undefined) {
      const { cause, path, says } = notRead;
      idle.push({
        object,
        cause,
        provenance: provenanceOf(object, path, says),
      });
    } else if (level === undefined) {
      level = {
        object,
        scope,
        provenance: provenanceOf(
          object,
          'metadata.namespace',
          scope === 'mesh'
            ? `It has no selector and stands in the root namespace ${namespace}, so it acts on the whole mesh.`
            : `It has no selector, so it acts on namespace ${namespace}.`,
        ),
      };
    } else {
      idle.push({
        object,
        cause: 'younger-sibling',
        provenance: provenanceOf(
          object,
          'metadata.creationTimestamp',
          `Telemetry ${namespace}/${level.object.metadata.name} is older and has no selector either; of several only the oldest acts. Merge the two.`,
        ),
      });
    }
  }
  return { ...(level === undefined ? {} : { level }), idle };
}

/** Selectors of the root namespace reach pods of the root namespace only. */
function selectorsOfRoot(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  rootNamespace: string,
): IdleTelemetry[] {
  return snapshot
    .list('Telemetry', rootNamespace)
    .filter(object => {
      const { selector } = attachableOf(object, object.spec);
      return (
        Object.keys(selector).length > 0 &&
        isSubset(selector, proxy.target.labels)
      );
    })
    .map(object => ({
      object,
      cause: 'selector-in-root-namespace',
      provenance: provenanceOf(
        object,
        'spec.selector.matchLabels',
        `A Telemetry with a selector in the root namespace acts on pods of ${rootNamespace} only; move it to ${proxy.target.namespace}.`,
      ),
    }));
}

/** The Telemetries of a namespace that select or target the proxy, and why others of it do not. */
function selectingOrTargeting(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  namespace: string,
  service: TargetService | undefined,
): SortedCandidates<Telemetry> {
  return sortCandidates(
    snapshot,
    snapshot
      .list('Telemetry', namespace)
      .filter(object => !isNamespaceWide(object)),
    object => attachableOf(object, object.spec),
    {
      ...proxy,
      target: {
        ...proxy.target,
        ...(service === undefined ? {} : { services: [service] }),
      },
    },
    attachmentSettingsOf(snapshot, proxy),
  );
}

/** What acts on the proxy if it is an Envoy; else all of it is idle. */
function actingAtEnvoy(
  { target }: EnvoyProxy,
  { levels, idle }: ApplicableTelemetries,
): ApplicableTelemetries {
  const without = WITHOUT_ENVOY[target.proxy];
  if (without === undefined) {
    return { levels, idle };
  }
  const { cause, says } = without;
  return {
    levels: [],
    idle: [
      ...idle,
      ...levels.map(({ object }) => ({
        object,
        cause,
        provenance: provenanceOf(object, 'spec', says),
      })),
    ],
  };
}

/**
 * The Telemetries that act on a proxy, lowest precedence first: the oldest without a selector of the root namespace, of
 * the proxy's namespace, at a waypoint of the service's namespace, then every one of that last namespace that selects or
 * targets it. ztunnel has none. R8.19, R8.24
 *
 * @param service - only at a waypoint: the service whose chain is asked about
 */
export function applicableTelemetries(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  service?: TargetService,
): ApplicableTelemetries {
  const { rootNamespace } = meshConfigOf(snapshot);
  const { target } = proxy;
  const nearest =
    target.proxy === 'waypoint' && service !== undefined
      ? service.namespace
      : target.namespace;
  const wide = [...new Set([rootNamespace, target.namespace, nearest])].map(
    namespace =>
      namespaceWide(
        snapshot,
        proxy,
        namespace,
        namespace === rootNamespace ? 'mesh' : 'namespace',
      ),
  );
  const selecting = selectingOrTargeting(snapshot, proxy, nearest, service);
  return actingAtEnvoy(proxy, {
    levels: [...wide.flatMap(({ level }) => level ?? []), ...selecting.acting],
    idle: [
      ...wide.flatMap(({ idle }) => idle),
      ...selecting.idle,
      ...(nearest === rootNamespace
        ? []
        : selectorsOfRoot(snapshot, proxy, rootNamespace)),
    ],
  });
}
