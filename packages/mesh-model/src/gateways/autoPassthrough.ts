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

import type { OpaqueRoute } from '../routing/opaqueRoutes';
import { isHostWithin } from '../identity/hosts';
import type { GatewayServer } from './gatewayServers';

/** `outbound_.8080_.v1_.reviews.prod.svc.cluster.local`: port, subset and host of a cluster, as proxies of another network write it. */
const CLUSTER_NAME = /^outbound_\.(\d+)_\.([^_]*)_\.(.+)$/;

/**
 * Where a server that passes connections between networks on sends one: the cluster that its TLS server name encodes, when
 * the server takes the cluster's host. Neither routes nor policies have a part in it. R7.8
 *
 * @returns `undefined` when the server does no such thing, or does not take this name
 */
export function autoPassthroughRoute(
  server: GatewayServer,
  serverName: string,
): OpaqueRoute | undefined {
  const found =
    server.server.tls?.mode === 'AUTO_PASSTHROUGH'
      ? CLUSTER_NAME.exec(serverName)
      : null;
  if (found === null) {
    return undefined;
  }
  const [, port, subset, host] = found;
  const taken = server.hosts.some(entry =>
    isHostWithin(host, entry.slice(entry.indexOf('/') + 1)),
  );
  const { object, path } = server;
  const { namespace, name } = object.metadata;
  return taken
    ? {
        says: `${object.kind} ${namespace}/${name} passes it on to the cluster that the TLS server name encodes`,
        config: {
          object,
          namespace,
          name,
          semantics: 'virtual-service',
          hosts: [host],
          gateways: [],
          exportTo: new Set(['*']),
          http: [],
          tls: [],
          tcp: [],
          droppedRoutes: [],
        },
        route: {
          object,
          path: `${path}.tls.mode`,
          value: {
            route: [
              {
                destination: {
                  host,
                  port: { number: Number(port) },
                  ...(subset === '' ? {} : { subset }),
                },
              },
            ],
          },
        },
      }
    : undefined;
}
