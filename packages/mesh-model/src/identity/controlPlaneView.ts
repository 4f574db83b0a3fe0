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

import { KINDS, type MeshKind, type MeshObject } from '../objects';
import type { SlimObjectByKind, StringMap } from '../objects';
import { derivation } from '../snapshot/derivation';
import { FadingMap } from '../snapshot/FadingMap';
import { answered } from '../snapshot/reading';
import type { MeshSnapshot } from '../snapshot/types';
import { meshConfigOf } from './meshConfigSource';
import { systemNamespaceOf } from './network';
import {
  isNamespaceDiscovered,
  isReadByRevision,
  revisionTagsOf,
  type RevisionTag,
} from './revision';

type Pod = SlimObjectByKind['Pod'];

const NONE: readonly never[] = Object.freeze([]);

/** Groups whose objects a control plane reads only when their label `istio.io/rev` allows it. R1.16 */
const CONFIGURATION_GROUPS: ReadonlySet<string> = new Set([
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
  'gateway.networking.k8s.io',
]);

const CONFIGURATION_KINDS: readonly MeshKind[] = KINDS.filter(({ group }) =>
  CONFIGURATION_GROUPS.has(group),
).map(({ kind }) => kind);

const BY_REVISION: ReadonlySet<MeshKind> = new Set(CONFIGURATION_KINDS);

/** Kinds that `discoverySelectors` hide; what istiod needs for itself (namespaces, ConfigMaps, nodes) it always sees. R1.18 */
const BY_DISCOVERY: ReadonlySet<MeshKind> = new Set([
  ...KINDS.filter(
    ({ group, namespaced }) => namespaced && CONFIGURATION_GROUPS.has(group),
  ).map(({ kind }) => kind),
  'Service',
  'Pod',
  'EndpointSlice',
  'Ingress',
]);

const anyRevisionLabel: (snapshot: MeshSnapshot, kind?: string) => boolean =
  derivation(
    kind => [{ kind: kind as MeshKind }],
    (snapshot, kind) =>
      snapshot
        .list(kind as MeshKind)
        .some(({ metadata }) => metadata.labels['istio.io/rev'] !== undefined),
  );

/** What one control plane leaves out of a snapshot. */
interface Sight {
  revision: string;
  /** where the Services that name tags are */
  systemNamespace: string;
  tags: readonly RevisionTag[];
  /** Does it see the namespace? */
  discovers(namespace: string): boolean;
  /** Is there anything it may leave out? When not, the snapshot itself is its view. */
  leavesOut: boolean;
}

function sightOf(base: MeshSnapshot, revision: string): Sight {
  const own = meshConfigOf(base, revision);
  const config = own.source === undefined ? meshConfigOf(base, '') : own;
  const known = new Map<string, boolean>();
  const selective = config.discoverySelectors.length > 0;
  return {
    revision,
    systemNamespace: systemNamespaceOf(base),
    tags: revisionTagsOf(base),
    leavesOut:
      selective ||
      config.source !== meshConfigOf(base, '').source ||
      (revision !== '' &&
        CONFIGURATION_KINDS.some(kind => anyRevisionLabel(base, kind))),
    discovers(namespace) {
      if (!selective || namespace === '') {
        return true;
      }
      const answer =
        known.get(namespace) ?? isNamespaceDiscovered(base, config, namespace);
      known.set(namespace, answer);
      return answer;
    },
  };
}

/** Of what the sight of a control plane is made: it is computed anew when one of them changes. */
const SIGHT_KINDS = [
  'Namespace',
  'ConfigMap',
  'MutatingWebhookConfiguration',
] as const;

interface KeptList {
  stamp: number;
  items: readonly MeshObject[];
}

/** A snapshot as the control plane of one revision sees it; it follows the changes of the snapshot it is of. */
class ControlPlaneSnapshot implements MeshSnapshot {
  private readonly lists = new FadingMap<KeptList>();
  private sight: Sight;
  private sightStamp = -1;
  private sights = 0;

  constructor(readonly base: MeshSnapshot, readonly revision: string) {
    this.sight = sightOf(base, revision);
  }

  get version(): number {
    return this.base.version;
  }

  get<K extends MeshKind>(
    kind: K,
    namespace: string,
    name: string,
  ): SlimObjectByKind[K] | undefined {
    const object = this.base.get(kind, namespace, name);
    return object !== undefined && this.sees(object) ? object : undefined;
  }

  list<K extends MeshKind>(
    kind: K,
    namespace?: string,
  ): readonly SlimObjectByKind[K][] {
    const all = this.base.list(kind, namespace);
    if (!BY_REVISION.has(kind) && !BY_DISCOVERY.has(kind)) {
      return all;
    }
    const key = `${kind}/${namespace ?? ''}`;
    const stamp = this.versionOf(kind, namespace);
    const kept = this.lists.get(key, this.version);
    if (kept?.stamp === stamp) {
      // Every list is kept under its own kind.
      return kept.items as readonly SlimObjectByKind[K][];
    }
    const seen = all.filter(object => this.sees(object));
    const items = seen.length === all.length ? all : seen;
    this.lists.set(key, { stamp, items }, this.version);
    return items;
  }

  versionOf(kind: MeshKind, namespace?: string): number {
    const own = this.base.versionOf(kind, namespace);
    return BY_REVISION.has(kind) || BY_DISCOVERY.has(kind)
      ? own + this.sightsSoFar()
      : own;
  }

  podsBySelector(
    namespace: string | undefined,
    selector: StringMap,
  ): readonly Pod[] {
    if (namespace === undefined) {
      return this.base
        .podsBySelector(undefined, selector)
        .filter(pod => this.sees(pod));
    }
    return this.discovers(namespace)
      ? this.base.podsBySelector(namespace, selector)
      : NONE;
  }

  servicesOfPod(pod: Pod): readonly SlimObjectByKind['Service'][] {
    return this.discovers(pod.metadata.namespace)
      ? this.base.servicesOfPod(pod)
      : NONE;
  }

  endpointSlicesOf(
    namespace: string,
    serviceName: string,
  ): readonly SlimObjectByKind['EndpointSlice'][] {
    return this.discovers(namespace)
      ? this.base.endpointSlicesOf(namespace, serviceName)
      : NONE;
  }

  podsOfWorkload(
    namespace: string,
    kind: string,
    name: string,
  ): readonly Pod[] {
    return this.discovers(namespace)
      ? this.base.podsOfWorkload(namespace, kind, name)
      : NONE;
  }

  private stampOfSight(): number {
    return SIGHT_KINDS.reduce(
      (sum, kind) => sum + this.base.versionOf(kind),
      this.base.versionOf('Service', this.sight.systemNamespace),
    );
  }

  private currentSight(): Sight {
    const stamp = this.stampOfSight();
    if (stamp !== this.sightStamp) {
      this.sight = sightOf(this.base, this.revision);
      this.sightStamp = stamp;
      this.sights++;
    }
    return this.sight;
  }

  /** Grows whenever what it sees may be something else. */
  private sightsSoFar(): number {
    this.currentSight();
    return this.sights;
  }

  private discovers(namespace: string): boolean {
    return this.currentSight().discovers(namespace);
  }

  private sees(object: MeshObject): boolean {
    const { kind, metadata } = object;
    const { revision, tags, discovers } = this.currentSight();
    return (
      (!BY_DISCOVERY.has(kind) || discovers(metadata.namespace)) &&
      (!BY_REVISION.has(kind) || isReadByRevision(object, revision, tags))
    );
  }
}

interface KeptView {
  version: number;
  view: MeshSnapshot;
  filtered?: ControlPlaneSnapshot;
}

const views = new WeakMap<MeshSnapshot, Map<string, KeptView>>();

/** All that the cluster holds, of a snapshot or of what a control plane sees of it. */
export function wholeMesh(snapshot: MeshSnapshot): MeshSnapshot {
  return snapshot instanceof ControlPlaneSnapshot ? snapshot.base : snapshot;
}

/**
 * The snapshot as the control plane of a revision sees it: without the namespaces its `discoverySelectors` leave out and
 * without the configuration whose label `istio.io/rev` names another revision; the mesh configuration is that of the
 * revision. The snapshot itself when nothing is left out, so that a mesh of one control plane pays nothing. R1.16 – R1.18
 *
 * The view follows later changes, so it can be asked for again and again; of a view, it gives that of another revision.
 *
 * @param revision - of the control plane, not a tag; `''` reads every revision's configuration. Left out: a view stays what
 * it is, a snapshot is seen by the default control plane
 */
export function controlPlaneView(
  snapshot: MeshSnapshot,
  revision?: string,
): MeshSnapshot {
  if (revision === undefined && snapshot instanceof ControlPlaneSnapshot) {
    return snapshot;
  }
  const base = wholeMesh(snapshot);
  const name = revision ?? '';
  return answered(
    base,
    () => `view of ${name}`,
    () => [],
    () => currentView(base, name),
  );
}

function currentView(base: MeshSnapshot, name: string): MeshSnapshot {
  const ofBase = views.get(base) ?? new Map<string, KeptView>();
  views.set(base, ofBase);
  const kept = ofBase.get(name);
  if (kept?.version === base.version) {
    return kept.view;
  }
  const leavesOut = sightOf(base, name).leavesOut;
  const filtered = leavesOut
    ? kept?.filtered ?? new ControlPlaneSnapshot(base, name)
    : kept?.filtered;
  const view = leavesOut && filtered ? filtered : base;
  ofBase.set(name, {
    version: base.version,
    view,
    ...(filtered && { filtered }),
  });
  return view;
}
