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

import type { ActingObject } from '@mesh-portal/backstage-plugin-istio-common';
import {
  envoyFiltersOf,
  envoyProxyOfWorkload,
  objectRefOf,
  trafficExtensionsOf,
  whatActsOn,
  type AppliedEnvoyFilter,
  type MeshSnapshot,
  type ObjectRef,
  type PatchArea,
  type Workload,
} from '@mesh-portal/mesh-model';

/** Kinds that no other card tells of. */
const KINDS: ReadonlySet<string> = new Set([
  'Sidecar',
  'EnvoyFilter',
  'WasmPlugin',
  'TrafficExtension',
  'Telemetry',
  'ProxyConfig',
]);

const AREA_WORDS: Readonly<Record<PatchArea, string>> = {
  routes: 'routes',
  clusters: 'destinations',
  listeners: 'listeners',
  filters: 'filters',
  authorization: 'authorization',
  tls: 'TLS',
  'rate-limit': 'rate limits',
  bootstrap: 'the start of the proxy',
};

/** Areas about which other cards give answers. */
const ANSWERED: ReadonlySet<PatchArea> = new Set([
  'routes',
  'clusters',
  'listeners',
  'authorization',
  'tls',
]);

interface Told {
  details: string[];
  warning?: string;
}

function keyOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}

function filterWords({ patches, touches }: AppliedEnvoyFilter): Told {
  const answered = touches.filter(area => ANSWERED.has(area));
  return {
    details: patches.map(
      ({ path, operation, applyTo, context, uncertain }) =>
        `${operation || 'Patches'} ${
          applyTo || 'unknown'
        } in ${context} (${path})${
          uncertain === undefined ? '' : `; ${uncertain}`
        }`,
    ),
    ...(answered.length > 0
      ? {
          warning: `It changes ${answered
            .map(area => AREA_WORDS[area])
            .join(', ')}: what the other cards say about that is advisory`,
        }
      : {}),
  };
}

/** What the parts of EnvoyFilters and extensions say, by object. */
function toldOf(
  snapshot: MeshSnapshot,
  workload: Workload,
): ReadonlyMap<string, Told> {
  const proxy = envoyProxyOfWorkload(snapshot, workload);
  const told = new Map<string, Told>();
  for (const filter of envoyFiltersOf(snapshot, proxy).applied) {
    told.set(keyOf(objectRefOf(filter.object)), filterWords(filter));
  }
  for (const extension of trafficExtensionsOf(snapshot, proxy).applied) {
    const closes =
      extension.language === 'wasm' && extension.failStrategy !== 'FAIL_OPEN';
    told.set(keyOf(objectRefOf(extension.object)), {
      details: extension.url === undefined ? [] : [`Code of ${extension.url}`],
      ...(closes
        ? {
            warning:
              'If its module cannot be loaded, requests are refused (failStrategy)',
          }
        : {}),
    });
  }
  return told;
}

/** Objects that act on the proxies of a workload and that no other card tells of, each in words. R8.1, R8.17 – R8.27 */
export function actingObjects(
  snapshot: MeshSnapshot,
  workload: Workload,
): ActingObject[] {
  const told = toldOf(snapshot, workload);
  return whatActsOn(snapshot, workload)
    .filter(({ object }) => KINDS.has(object.kind))
    .map(({ object, scope, effect, says, provenance }) => ({
      object,
      scope,
      effect,
      sentence: says,
      details: [],
      ...told.get(keyOf(object)),
      provenance,
    }));
}
