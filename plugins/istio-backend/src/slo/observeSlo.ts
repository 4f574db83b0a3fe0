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

import type { SloService } from '@mesh-portal/backstage-plugin-istio-common';
import { type Service, serviceRefOf } from '../entity';
import type { AskOptions, PrometheusSource } from '../prometheus';
import type { EntitySlo } from './entitySlo';
import type { SloReader } from './SloReader';
import { sloService } from './sloService';

/** The objectives of an entity's services in one cluster, by `namespace/name`; empty where no metrics are read. */
export async function observeSlo(
  reader: SloReader,
  source: PrometheusSource | undefined,
  cluster: Parameters<typeof serviceRefOf>[0],
  services: readonly Service[],
  slo: EntitySlo,
  options?: AskOptions,
): Promise<Map<string, SloService>> {
  if (!source) return new Map();
  const answers = await Promise.all(
    services.map(async ({ metadata: { namespace, name } }) => {
      const answer = slo.definition
        ? await reader.read(
            source,
            { namespace, name },
            slo.definition,
            options,
          )
        : { problems: [slo.problem], partial: true, recorded: false };
      const ref = serviceRefOf(cluster, { namespace, name });
      return [`${namespace}/${name}`, sloService(ref, slo, answer)] as const;
    }),
  );
  return new Map(answers);
}
