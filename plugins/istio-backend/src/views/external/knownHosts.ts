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

import {
  scopeOf,
  versionSum,
  type Client,
  type ClientScope,
  type DerivationInput,
  type MeshSnapshot,
  type SlimObjectByKind,
} from '@mesh-portal/mesh-model';

type ServiceEntry = SlimObjectByKind['ServiceEntry'];

/** A host of a ServiceEntry that some clients know. */
export interface KnownHost {
  host: string;
  entry: ServiceEntry;
}

const INPUTS: readonly DerivationInput[] = [
  { kind: 'Service' },
  { kind: 'ServiceEntry' },
  { kind: 'VirtualService' },
  { kind: 'HTTPRoute' },
  { kind: 'GRPCRoute' },
  { kind: 'Sidecar' },
  { kind: 'Namespace' },
  { kind: 'ConfigMap' },
];

interface Kept {
  stamp: number;
  hosts: readonly KnownHost[];
}

/** By snapshot, then by what decides a scope: namespace and Sidecar of the client. */
const kept = new WeakMap<MeshSnapshot, Map<string, Kept>>();

function computeHosts(snapshot: MeshSnapshot, scope: ClientScope): KnownHost[] {
  return snapshot
    .list('ServiceEntry')
    .flatMap(entry =>
      (entry.spec.hosts ?? [])
        .filter(host => scope.serviceOf(host)?.object === entry)
        .map(host => ({ host, entry })),
    );
}

/**
 * The hosts of ServiceEntries that a client knows: exported to its namespace, and imported by its Sidecar. Kept per scope
 * until something it read changes. R8.4, R1.14
 */
export function knownHostsOf(
  snapshot: MeshSnapshot,
  client: Client,
): readonly KnownHost[] {
  const scope = scopeOf(snapshot, client);
  const sidecar = scope.choice.sidecar?.metadata;
  const key = [
    client.namespace,
    sidecar?.namespace ?? '',
    sidecar?.name ?? '',
  ].join('/');
  const ofSnapshot = kept.get(snapshot) ?? new Map<string, Kept>();
  kept.set(snapshot, ofSnapshot);
  const stamp = versionSum(snapshot, INPUTS);
  const before = ofSnapshot.get(key);
  if (before?.stamp === stamp) {
    return before.hosts;
  }
  const hosts = computeHosts(snapshot, scope);
  ofSnapshot.set(key, { stamp, hosts });
  return hosts;
}
