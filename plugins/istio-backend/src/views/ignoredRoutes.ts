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

import type { IgnoredObject } from '@mesh-portal/backstage-plugin-istio-common';
import {
  ignoredObjectsOfService,
  type PortRoutes,
} from '@mesh-portal/mesh-model';
import type { NamedClient } from './clients';
import type { RoutedInput } from './routedInput';

function keyOf({ kind, namespace = '', name }: IgnoredObject['object']) {
  return `${kind} ${namespace}/${name}`;
}

/** What to write so that objects which do not act do, by object. */
function remediesOf(
  { cluster, kubernetes }: RoutedInput,
  client: NamedClient,
): ReadonlyMap<string, string> {
  return new Map(
    kubernetes
      ? ignoredObjectsOfService(
          cluster.snapshot,
          kubernetes.service,
          client.client,
        ).map(({ object, remedy }) => [keyOf(object), remedy])
      : [],
  );
}

/** Configurations that name the host and do not act for the client, each once. */
export function ignoredBy(
  service: RoutedInput,
  client: NamedClient,
  ports: readonly PortRoutes[],
): IgnoredObject[] {
  const losers = ports.flatMap(port => port.losers);
  if (losers.length === 0) {
    return [];
  }
  const remedies = remediesOf(service, client);
  const found = new Map<string, IgnoredObject>();
  for (const provenance of losers) {
    const { object, says, path } = provenance;
    const remedy = remedies.get(keyOf(object));
    found.set(`${keyOf(object)} ${path ?? ''} ${says}`, {
      object,
      reason: says,
      ...(remedy === undefined ? {} : { remedy }),
      provenance,
    });
  }
  return [...found.values()];
}
