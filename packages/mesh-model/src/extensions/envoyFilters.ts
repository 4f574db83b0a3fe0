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

import { RE2JS } from 're2js';
import { meshConfigOf } from '../identity';
import type { EnvoyConfigPatch, SlimObjectByKind } from '../objects';
import {
  sortCandidates,
  type ActingObject,
  type IdleObject,
} from '../scoping/attachedPolicies';
import type { AttachablePolicy } from '../scoping/policyAttachment';
import { compareByAge, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { attachmentSettingsOf } from './attachmentSettings';
import type { EnvoyProxy } from './envoyProxy';
import { areasOfPatch, type PatchArea } from './patchAreas';
import { weaknessesOf, type PatchWeakness } from './patchWeaknesses';

type EnvoyFilter = SlimObjectByKind['EnvoyFilter'];

/** A patch of an EnvoyFilter that changes, or may change, what istiod generates for a proxy. */
export interface AppliedPatch {
  /** for example `spec.configPatches[0]` */
  path: string;
  /** for example `HTTP_FILTER`; `''` when unset */
  applyTo: string;
  /** for example `SIDECAR_INBOUND`; `ANY` when unset */
  context: string;
  operation: string;
  touches: readonly PatchArea[];
  /** why it may not do what it says */
  weaknesses: readonly PatchWeakness[];
  /** Whether its proxy match holds cannot be told, for example because the version is not known. */
  uncertain?: string;
}

/** An EnvoyFilter that changes what istiod generates for a proxy. */
export interface AppliedEnvoyFilter extends ActingObject<EnvoyFilter> {
  /** 0 when unset; lower goes first */
  priority: number;
  patches: readonly AppliedPatch[];
  /** everything its patches touch, each once */
  touches: readonly PatchArea[];
}

/** An EnvoyFilter in reach that changes nothing. */
export interface IdleEnvoyFilter {
  object: EnvoyFilter;
  cause: IdleObject<EnvoyFilter>['cause'] | 'no-patch-for-this-proxy';
  provenance: Provenance;
}

/** The EnvoyFilters of a proxy, in the order in which istiod applies them. */
export interface EnvoyFilters {
  applied: readonly AppliedEnvoyFilter[];
  idle: readonly IdleEnvoyFilter[];
}

type Certainty = 'yes' | 'no' | { uncertain: string };

function attachable(filter: EnvoyFilter): AttachablePolicy {
  return {
    object: filter,
    selector: filter.spec.workloadSelector?.labels ?? {},
    selectorPath: 'spec.workloadSelector.labels',
    targetRefs: filter.spec.targetRefs ?? [],
    listed: true,
  };
}

/** `undefined` when it is not an RE2 expression: istiod then does not look at the version. */
function expression(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

function versionFits(pattern: string, proxy: EnvoyProxy): Certainty {
  const regex = expression(pattern);
  if (regex === undefined) {
    return 'yes';
  }
  const versions = proxy.versions.filter(version => /^\d+\.\d+/.test(version));
  if (versions.length === 0 || versions.length < proxy.versions.length) {
    return {
      uncertain: `it asks for proxy version ${pattern}, and the version of the proxy is not known`,
    };
  }
  const fitting = versions.filter(version => regex.matcher(version).find());
  if (fitting.length === 0) {
    return 'no';
  }
  return fitting.length === versions.length
    ? 'yes'
    : {
        uncertain: `it asks for proxy version ${pattern}, which only the proxies of version ${fitting.join(
          ', ',
        )} have`,
      };
}

function contextFits(context: string, proxy: EnvoyProxy): boolean {
  switch (context) {
    case '':
    case 'ANY':
      return true;
    case 'SIDECAR_INBOUND':
    case 'SIDECAR_OUTBOUND':
      return (
        proxy.target.proxy === 'sidecar' ||
        proxy.target.proxy === 'native-sidecar'
      );
    case 'GATEWAY':
      return proxy.target.proxy === 'gateway';
    case 'WAYPOINT':
      return proxy.target.proxy === 'waypoint';
    default:
      return true;
  }
}

/** Does a patch concern this proxy: context, version, metadata? One without content is left out by istiod. R8.25 */
function patchFits(patch: EnvoyConfigPatch, proxy: EnvoyProxy): Certainty {
  if (patch.patch === undefined) {
    return 'no';
  }
  const { context = '', proxy: wanted } = patch.match ?? {};
  if (patch.applyTo !== 'BOOTSTRAP' && !contextFits(context, proxy)) {
    return 'no';
  }
  const version = wanted?.proxyVersion ?? '';
  const fits = version === '' ? 'yes' : versionFits(version, proxy);
  const [key] = Object.keys(wanted?.metadata ?? {});
  return fits === 'yes' && key !== undefined
    ? {
        uncertain: `it asks for the node metadata ${key}, which the Kubernetes API does not show`,
      }
    : fits;
}

function patchesFor(filter: EnvoyFilter, proxy: EnvoyProxy): AppliedPatch[] {
  return (filter.spec.configPatches ?? []).flatMap((patch, index) => {
    const fits = patchFits(patch, proxy);
    return fits === 'no'
      ? []
      : [
          {
            path: `spec.configPatches[${index}]`,
            applyTo: patch.applyTo ?? '',
            context: patch.match?.context ?? 'ANY',
            operation: patch.patch?.operation ?? '',
            touches: areasOfPatch(patch),
            weaknesses: weaknessesOf(patch, filter.spec.priority ?? 0),
            ...(fits === 'yes' ? {} : { uncertain: fits.uncertain }),
          },
        ];
  });
}

/**
 * Which EnvoyFilters change what istiod generates for a proxy: those of the root and of its own namespace that attach
 * and have a patch for it, in the order priority, root namespace first, age. Every answer about such a proxy is advisory.
 * R8.25, R8.26
 */
export function envoyFiltersOf(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
): EnvoyFilters {
  const { rootNamespace } = meshConfigOf(snapshot);
  const namespaces = new Set([rootNamespace, proxy.target.namespace]);
  const { acting, idle } = sortCandidates(
    snapshot,
    [...namespaces].flatMap(namespace => [
      ...snapshot.list('EnvoyFilter', namespace),
    ]),
    attachable,
    proxy,
    attachmentSettingsOf(snapshot, proxy),
  );
  const applied: AppliedEnvoyFilter[] = [];
  const without: IdleEnvoyFilter[] = [];
  for (const candidate of acting) {
    const patches = patchesFor(candidate.object, proxy);
    if (patches.length > 0) {
      applied.push({
        ...candidate,
        priority: candidate.object.spec.priority ?? 0,
        patches,
        touches: [...new Set(patches.flatMap(patch => patch.touches))],
      });
    } else {
      without.push({
        object: candidate.object,
        cause: 'no-patch-for-this-proxy',
        provenance: provenanceOf(
          candidate.object,
          'spec.configPatches',
          'None of its patches is for this proxy (context, proxyVersion).',
        ),
      });
    }
  }
  const distance = ({ object }: AppliedEnvoyFilter) =>
    object.metadata.namespace === rootNamespace ? 0 : 1;
  return {
    applied: applied.sort(
      (a, b) =>
        a.priority - b.priority ||
        distance(a) - distance(b) ||
        compareByAge(a.object, b.object),
    ),
    idle: [...idle, ...without],
  };
}
