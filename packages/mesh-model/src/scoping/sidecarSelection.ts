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

import type { Client } from '../membership';
import type { SlimObjectByKind } from '../objects';
import { isSubset } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';

type Sidecar = SlimObjectByKind['Sidecar'];

/** The Sidecar that acts on a client, and those that could have. */
export interface SidecarChoice {
  /** Absent: the built-in default, which imports `*\/*`. */
  sidecar?: Sidecar;
  says: string;
  losers: readonly Provenance[];
}

/** Gateways, waypoints and ztunnel ignore Sidecar. R8.3 */
export function obeysSidecar(client: Client): boolean {
  return (
    client.proxy === 'sidecar' ||
    client.proxy === 'native-sidecar' ||
    client.proxy === 'vm'
  );
}

/**
 * The one Sidecar that acts: the oldest of the client's namespace whose selector matches, else the oldest there without
 * a selector, else the oldest without a selector in the root namespace. Sidecars never merge. R8.1, R8.2
 */
export function chooseSidecar(
  client: Client,
  ofNamespace: readonly Sidecar[],
  ofRoot: readonly Sidecar[],
): SidecarChoice {
  if (!obeysSidecar(client)) {
    return {
      says: `A ${client.proxy} ignores Sidecar and sees everything exported to its namespace`,
      losers: [],
    };
  }
  const selecting = ofNamespace.filter(
    sidecar =>
      sidecar.spec.workloadSelector !== undefined &&
      isSubset(sidecar.spec.workloadSelector.labels ?? {}, client.labels),
  );
  const plain = ofNamespace.filter(
    sidecar => sidecar.spec.workloadSelector === undefined,
  );
  const root = ofRoot.filter(
    sidecar => sidecar.spec.workloadSelector === undefined,
  );
  const candidates = [...selecting, ...plain, ...root].filter(
    (sidecar, index, all) => all.indexOf(sidecar) === index,
  );
  if (candidates.length === 0) {
    return {
      says: 'No Sidecar applies: everything exported to the namespace is imported',
      losers: [],
    };
  }
  const [sidecar, ...others] = candidates;
  const name = `${sidecar.metadata.namespace}/${sidecar.metadata.name}`;
  return {
    sidecar,
    says: selecting.includes(sidecar)
      ? `Sidecar ${name} selects the client`
      : `Sidecar ${name} is the default of namespace ${sidecar.metadata.namespace}`,
    losers: others.map(loser =>
      provenanceOf(
        loser,
        'spec.workloadSelector',
        `Ignored: Sidecar ${name} ranks before it, and Sidecars do not merge`,
      ),
    ),
  };
}
