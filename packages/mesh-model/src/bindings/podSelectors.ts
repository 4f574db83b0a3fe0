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

import type { MeshKind, MeshObject, StringMap } from '../objects';

/** Kinds with a selector of pods. */
export const SELECTING_KINDS = [
  'PeerAuthentication',
  'RequestAuthentication',
  'AuthorizationPolicy',
  'Telemetry',
  'EnvoyFilter',
  'WasmPlugin',
  'TrafficExtension',
  'ProxyConfig',
  'Sidecar',
  'DestinationRule',
] as const satisfies readonly MeshKind[];

/** An object of one of these kinds. */
export type Selecting = Extract<
  MeshObject,
  { kind: (typeof SELECTING_KINDS)[number] }
>;

/** The labels an object asks of pods, and where it does; no labels: of none. */
export function podSelectorOf(object: Selecting): {
  labels: StringMap;
  path: string;
} {
  switch (object.kind) {
    case 'Sidecar':
    case 'EnvoyFilter': {
      const labels = object.spec.workloadSelector?.labels ?? {};
      return { labels, path: 'spec.workloadSelector.labels' };
    }
    case 'DestinationRule': {
      const labels = object.spec.workloadSelector?.matchLabels ?? {};
      return { labels, path: 'spec.workloadSelector.matchLabels' };
    }
    default: {
      const labels = object.spec.selector?.matchLabels ?? {};
      return { labels, path: 'spec.selector.matchLabels' };
    }
  }
}

const KINDS: ReadonlySet<string> = new Set(SELECTING_KINDS);

function isSelecting(object: MeshObject): object is Selecting {
  return KINDS.has(object.kind);
}

/** Is it a default of the whole mesh: in the root namespace, without a selector or a target? */
export function isMeshWide(object: MeshObject, rootNamespace: string): boolean {
  return (
    object.metadata.namespace === rootNamespace &&
    isSelecting(object) &&
    Object.keys(podSelectorOf(object).labels).length === 0 &&
    !('targetRefs' in object.spec && (object.spec.targetRefs ?? []).length > 0)
  );
}
