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

import { gatewayName, type ServedGateway } from './gatewayServers';

/** A Gateway that selects a proxy and does not act on it. */
export interface DroppedGateway {
  gateway: ServedGateway['gateway'];
  why: string;
}

/**
 * Leaves out the Istio Gateways of other namespaces once a proxy serves a managed Gateway of Gateway API: nobody else may
 * add servers to it. Those of the managed Gateways' namespaces stay. R7.2
 *
 * @param managed - the Gateways of Gateway API; those without a service account are deployed by hand, and open
 */
export function withoutForeignGateways<
  G extends ServedGateway & { serviceAccount: string },
>(
  gateways: readonly ServedGateway[],
  managed: readonly G[],
): { kept: ServedGateway[]; dropped: DroppedGateway[] } {
  const owners = managed.filter(({ serviceAccount }) => serviceAccount !== '');
  const namespaces = new Set(
    owners.map(({ gateway }) => gateway.metadata.namespace),
  );
  const stays = ({ gateway }: ServedGateway) =>
    owners.length === 0 || namespaces.has(gateway.metadata.namespace);
  return {
    kept: [...gateways.filter(stays), ...managed],
    dropped: gateways
      .filter(gateway => !stays(gateway))
      .map(({ gateway }) => ({
        gateway,
        why: `The pods serve the managed Gateway ${gatewayName(
          owners[0].gateway,
        )}, so Gateways of other namespaces than ${[...namespaces].join(
          ', ',
        )} do not act on them`,
      })),
  };
}
