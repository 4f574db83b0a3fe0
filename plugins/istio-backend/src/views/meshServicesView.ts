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

import type {
  ClusterStatus,
  MeshServicesView,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { MeshSnapshot } from '@mesh-portal/mesh-model';
import { serviceRefOf } from '../entity';

export interface MeshInput {
  name: string;
  snapshot: MeshSnapshot;
  status: ClusterStatus;
}

/** Every service of every cluster, worst first. */
export function meshServicesView(
  clusters: readonly MeshInput[],
): MeshServicesView {
  const unknown = { state: 'unknown' as const, reason: 'Not known yet' };
  const services = clusters.flatMap(({ name, snapshot }) =>
    snapshot.list('Service').map(({ metadata }) => ({
      service: serviceRefOf(name, metadata.namespace, metadata.name),
      state: 'unknown' as const,
      headline: 'Not known yet',
      proxy: 'none' as const,
      pods: { total: 0, inMesh: 0 },
      mtls: unknown,
      mtlsSummary: 'unknown',
      routes: unknown,
      authorization: unknown,
      posture: 'unknown',
    })),
  );
  return { services, total: services.length, truncated: false };
}
