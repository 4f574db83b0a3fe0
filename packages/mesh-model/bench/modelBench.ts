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
  membershipOf,
  workloadsOfService,
  defaultClient,
} from '../src/membership';
import { mtlsPathOf, serverModesOfService } from '../src/mtls';
import { projectObject, type SlimObjectByKind } from '../src/objects';
import { SnapshotStore, type ObjectChange } from '../src/snapshot';
import { projectWithRefusals } from '../src/validation';
import { largeMesh, type MeshSize } from './largeMesh';

/** What the model costs at one size. Times in milliseconds. */
export interface ModelCosts {
  objects: number;
  /** `JSON.parse` of all objects and nothing else */
  parseOnly: number;
  /** `JSON.parse`, projection, validation and indexing of all objects */
  coldApply: number;
  coldOverParse: number;
  /** heap that the snapshot holds, in MiB */
  heapMiB: number;
  /** one changed PeerAuthentication until a service's mTLS view is correct again, CPU, worst of 20 */
  oneChange: number;
  mtlsViewP50: number;
  mtlsViewP99: number;
}

function elapsed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}

function viewOf(
  snapshot: SnapshotStore,
  service: SlimObjectByKind['Service'],
): void {
  serverModesOfService(snapshot, service);
  for (const workload of workloadsOfService(snapshot, service)) {
    membershipOf(snapshot, workload);
  }
  const client = defaultClient(service.metadata.namespace);
  for (const port of service.spec.ports) {
    mtlsPathOf(snapshot, client, service, port);
  }
}

function strictPolicy(namespace: string, strict: boolean): ObjectChange[] {
  const object = projectObject({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'bench', namespace },
    spec: { mtls: { mode: strict ? 'STRICT' : 'PERMISSIVE' } },
  });
  return object ? [{ type: 'upsert', object }] : [];
}

const VIEWS = 2_000;
const CHANGES = 20;
/** Coprime to the counts, so that samples spread over all namespaces. */
const STRIDE = 7;

/**
 * Measures the model on a generated mesh. Run with `--expose-gc`, else the heap also counts garbage.
 */
export function benchModel(size: MeshSize): ModelCosts {
  const texts = Array.from(largeMesh(size), raw => JSON.stringify(raw));
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const parseOnly = elapsed(() => {
    for (const text of texts) {
      JSON.parse(text);
    }
  });
  const snapshot = new SnapshotStore();
  const coldApply = elapsed(() => {
    snapshot.apply(
      texts.flatMap(text => {
        const object = projectWithRefusals(JSON.parse(text));
        return object ? [{ type: 'upsert' as const, object }] : [];
      }),
    );
  });
  globalThis.gc?.();
  const heapMiB = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  const services = [...snapshot.list('Service')];
  viewOf(snapshot, services[0]);
  const views = Array.from({ length: VIEWS }, (_, index) =>
    elapsed(() =>
      viewOf(snapshot, services[(index * STRIDE) % services.length]),
    ),
  ).sort((a, b) => a - b);
  const changes = Array.from({ length: CHANGES }, (_, index) => {
    const service = services[(index * STRIDE) % services.length];
    return elapsed(() => {
      snapshot.apply(strictPolicy(service.metadata.namespace, index % 2 === 0));
      viewOf(snapshot, service);
    });
  });
  return {
    objects: texts.length,
    parseOnly,
    coldApply,
    coldOverParse: coldApply / parseOnly,
    heapMiB,
    oneChange: Math.max(...changes),
    mtlsViewP50: quantile(views, 0.5),
    mtlsViewP99: quantile(views, 0.99),
  };
}
