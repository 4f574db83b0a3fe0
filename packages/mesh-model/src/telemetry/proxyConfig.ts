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
import { membershipOf, type ProxyType, type Workload } from '../membership';
import type { SlimObjectByKind } from '../objects';
import { whyNotRead } from '../scoping/controlPlaneReading';
import { isSubset, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Decided, type Provenance } from '../verdict';
import { driftOf, type ProxyConfigDrift } from './proxyConfigDrift';
import {
  annotationLayer,
  layerOfObject,
  meshLayer,
  settingsOf,
} from './proxyConfigLayers';

type ProxyConfig = SlimObjectByKind['ProxyConfig'];

/** A ProxyConfig in reach of a workload that does not act on it. */
export interface IdleProxyConfig {
  object: ProxyConfig;
  cause:
    | 'empty-selector'
    | 'selector-mismatch'
    | 'selector-in-root-namespace'
    | 'younger-sibling'
    | 'other-revision'
    | 'undiscovered-namespace'
    | 'no-proxy';
  provenance: Provenance;
}

/**
 * What the proxy of a workload is started with: a value, and who set it, for every field that anything sets. Fields are
 * named as in MeshConfig's `defaultConfig`, for example `concurrency`, `image.imageType`, `proxyMetadata[ISTIO_META_DNS_CAPTURE]`,
 * `tracing.sampling`.
 */
export interface EffectiveProxyConfig {
  settings: ReadonlyMap<string, Decided<string>>;
  /** threads of the proxy; absent: derived from its CPU limit. 0: one a core */
  concurrency?: Decided<number>;
  /** for example `distroless`; absent: the image of the installation */
  imageType?: Decided<string>;
  /** environment variables of the proxy by name: `proxyMetadata`, `environmentVariables` of a ProxyConfig */
  environment: ReadonlyMap<string, Decided<string>>;
  /** Whether running proxies were started with this; changes act only after a restart. R8.18 */
  drift: ProxyConfigDrift;
  /** ProxyConfigs that act, lowest precedence first */
  acting: readonly ProxyConfig[];
  idle: readonly IdleProxyConfig[];
}

interface Choice {
  acting: ProxyConfig[];
  idle: IdleProxyConfig[];
}

/** The oldest of several; the others are idle. */
function oldestOf(candidates: readonly ProxyConfig[], what: string): Choice {
  const [oldest, ...younger] = candidates;
  return {
    acting: oldest === undefined ? [] : [oldest],
    idle: younger.map(object => ({
      object,
      cause: 'younger-sibling',
      provenance: provenanceOf(
        object,
        'metadata.creationTimestamp',
        `ProxyConfig ${oldest.metadata.namespace}/${oldest.metadata.name} is older and ${what}; of several only the oldest acts. Merge the two.`,
      ),
    })),
  };
}

function readable(
  snapshot: MeshSnapshot,
  namespace: string,
  revision: string | undefined,
): { read: ProxyConfig[]; idle: IdleProxyConfig[] } {
  const read: ProxyConfig[] = [];
  const idle: IdleProxyConfig[] = [];
  for (const object of snapshot.list('ProxyConfig', namespace)) {
    const not = whyNotRead(snapshot, object, revision);
    if (not === undefined) {
      read.push(object);
    } else {
      idle.push({
        object,
        cause: not.cause,
        provenance: provenanceOf(object, not.path, not.says),
      });
    }
  }
  return { read, idle };
}

function hasEmptySelector({ spec }: ProxyConfig): boolean {
  return (
    spec.selector !== undefined &&
    Object.keys(spec.selector.matchLabels ?? {}).length === 0
  );
}

/** ProxyConfigs of the namespace that select the workload, oldest first, and why others do not. */
function selecting(
  candidates: readonly ProxyConfig[],
  workload: Workload,
): Choice {
  const matching: ProxyConfig[] = [];
  const idle: IdleProxyConfig[] = [];
  for (const object of candidates) {
    if (object.spec.selector === undefined) {
      continue;
    }
    if (hasEmptySelector(object)) {
      idle.push({
        object,
        cause: 'empty-selector',
        provenance: provenanceOf(
          object,
          'spec.selector',
          'An empty selector applies to nothing: leave selector out to apply it to the namespace, or name labels.',
        ),
      });
    } else if (
      isSubset(object.spec.selector.matchLabels ?? {}, workload.labels)
    ) {
      matching.push(object);
    } else {
      idle.push({
        object,
        cause: 'selector-mismatch',
        provenance: provenanceOf(
          object,
          'spec.selector.matchLabels',
          'Its selector asks for labels the workload does not have.',
        ),
      });
    }
  }
  const chosen = oldestOf(matching, 'selects the workload too');
  return { acting: chosen.acting, idle: [...idle, ...chosen.idle] };
}

/** Selectors of the root namespace reach pods of the root namespace only. */
function selectorsOfRoot(
  ofRoot: readonly ProxyConfig[],
  workload: Workload,
  rootNamespace: string,
): IdleProxyConfig[] {
  return ofRoot
    .filter(
      object =>
        object.spec.selector !== undefined &&
        !hasEmptySelector(object) &&
        isSubset(object.spec.selector.matchLabels ?? {}, workload.labels),
    )
    .map(object => ({
      object,
      cause: 'selector-in-root-namespace',
      provenance: provenanceOf(
        object,
        'spec.selector.matchLabels',
        `A ProxyConfig with a selector in the root namespace acts on pods of ${rootNamespace} only; move it to ${workload.namespace}.`,
      ),
    }));
}

interface Reach {
  /** those without a selector, of the root namespace before that of the workload */
  wide: Choice;
  /** those that select the workload */
  narrow: Choice;
}

function oldestWithoutSelector(candidates: readonly ProxyConfig[]): Choice {
  return oldestOf(
    candidates.filter(({ spec }) => spec.selector === undefined),
    'has no selector either',
  );
}

/** The ProxyConfigs that reach a workload from the root namespace and from its own. */
function reachOf(
  snapshot: MeshSnapshot,
  workload: Workload,
  revision: string | undefined,
): Reach {
  const { rootNamespace } = meshConfigOf(snapshot);
  const ofRoot = readable(snapshot, rootNamespace, revision);
  const meshWide = oldestWithoutSelector(ofRoot.read);
  if (workload.namespace === rootNamespace) {
    return {
      wide: { ...meshWide, idle: [...ofRoot.idle, ...meshWide.idle] },
      narrow: selecting(ofRoot.read, workload),
    };
  }
  const own = readable(snapshot, workload.namespace, revision);
  const namespaceWide = oldestWithoutSelector(own.read);
  return {
    wide: {
      acting: [...meshWide.acting, ...namespaceWide.acting],
      idle: [
        ...ofRoot.idle,
        ...own.idle,
        ...selectorsOfRoot(ofRoot.read, workload, rootNamespace),
        ...meshWide.idle,
        ...namespaceWide.idle,
      ],
    },
    narrow: selecting(own.read, workload),
  };
}

/** Why ProxyConfigs act on no workload without a proxy of its own. */
const WITHOUT_PROXY: Readonly<Partial<Record<ProxyType, string>>> = {
  ambient:
    'The workload is in ambient mode: it has no proxy of its own to configure.',
  none: 'The workload has no proxy, so there is nothing to configure.',
};

/** What acts on the proxy of a workload, if it has one; else all of it is idle. */
function actingOnProxy(proxy: ProxyType, { acting, idle }: Choice): Choice {
  const says = WITHOUT_PROXY[proxy];
  if (says === undefined) {
    return { acting, idle };
  }
  return {
    acting: [],
    idle: [
      ...idle,
      ...acting.map(object => ({
        object,
        cause: 'no-proxy' as const,
        provenance: provenanceOf(object, 'spec', says),
      })),
    ],
  };
}

/** The number that a setting holds; `undefined` when it holds none. */
function numberIn(
  setting: Decided<string> | undefined,
): Decided<number> | undefined {
  const value = Number(setting?.value);
  return setting === undefined || setting.value === '' || Number.isNaN(value)
    ? undefined
    : { ...setting, value };
}

/** The settings of a map, for example of `proxyMetadata`, by key. */
function entriesOf(
  settings: ReadonlyMap<string, Decided<string>>,
  map: string,
): Map<string, Decided<string>> {
  const entries = new Map<string, Decided<string>>();
  for (const [path, setting] of settings) {
    if (path.startsWith(`${map}[`) && path.endsWith(']')) {
      entries.set(path.slice(map.length + 1, -1), setting);
    }
  }
  return entries;
}

/**
 * What the proxy of a workload is started with, layer over layer: mesh configuration, the oldest ProxyConfig without a
 * selector of the root namespace, that of the workload's namespace, the pod annotation `proxy.istio.io/config`, the oldest
 * ProxyConfig that selects the workload. R8.17, R8.18
 */
export function proxyConfigOf(
  snapshot: MeshSnapshot,
  workload: Workload,
): EffectiveProxyConfig {
  const { proxy, revision } = membershipOf(snapshot, workload);
  const { wide, narrow } = reachOf(snapshot, workload, revision);
  const settings = settingsOf([
    meshLayer(snapshot, revision ?? ''),
    ...wide.acting.map(layerOfObject),
    ...annotationLayer(workload),
    ...narrow.acting.map(layerOfObject),
  ]);
  const concurrency = numberIn(settings.get('concurrency'));
  const imageType = settings.get('image.imageType');
  return {
    settings,
    ...(concurrency && { concurrency }),
    ...(imageType && { imageType }),
    environment: entriesOf(settings, 'proxyMetadata'),
    drift: driftOf(workload, settings),
    ...actingOnProxy(proxy, {
      acting: [...wide.acting, ...narrow.acting],
      idle: [...wide.idle, ...narrow.idle],
    }),
  };
}
