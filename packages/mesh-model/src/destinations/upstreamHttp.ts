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
  declaredProtocolOf,
  type MeshConfig,
  type Protocol,
} from '../identity';
import type { Client } from '../membership';
import type { MeshObject } from '../objects';
import { provenanceOf } from '../verdict';
import type { EffectiveSetting } from './resilience';
import type { EffectiveTrafficPolicy } from './trafficPolicy';

/** The version of HTTP in which a proxy sends requests on. */
export type UpstreamHttp = 'HTTP/1.1' | 'HTTP/2' | 'as received';

const SETTING = 'connectionPool.http.h2UpgradePolicy';

const HTTP2: ReadonlySet<Protocol> = new Set(['http2', 'grpc', 'grpc-web']);

const PLAIN: ReadonlySet<Protocol> = new Set(['http', 'http_proxy']);

function ofRule(
  { connectionPool }: EffectiveTrafficPolicy,
  field: 'h2UpgradePolicy' | 'useClientProtocol',
  value: UpstreamHttp,
  words: string,
): EffectiveSetting | undefined {
  if (connectionPool === undefined) {
    return undefined;
  }
  const { object, path } = connectionPool;
  const says = `${object.kind} ${object.metadata.namespace}/${object.metadata.name} ${words}`;
  return {
    setting: `connectionPool.http.${field}`,
    value,
    origin: 'destination-rule',
    says,
    provenance: provenanceOf(object, `${path}.http.${field}`, says),
  };
}

function byDefault(value: UpstreamHttp, says: string): EffectiveSetting {
  return { setting: SETTING, value, origin: 'default', says };
}

function ofMesh({ source }: MeshConfig): EffectiveSetting {
  const says =
    'h2UpgradePolicy of the mesh configuration: requests to ports that are declared as HTTP are sent as HTTP/2';
  return {
    setting: SETTING,
    value: 'HTTP/2',
    origin: 'mesh-config',
    says,
    ...(source === undefined
      ? {}
      : {
          provenance: provenanceOf(source, 'data.mesh: h2UpgradePolicy', says),
        }),
  };
}

function ofPort(
  protocol: Protocol,
  client: Client,
): EffectiveSetting | undefined {
  if (HTTP2.has(protocol)) {
    return byDefault(
      'HTTP/2',
      `Default of Istio for a port that is declared as ${protocol}`,
    );
  }
  if (PLAIN.has(protocol)) {
    return byDefault(
      'HTTP/1.1',
      'Default of Istio for a port that is declared as HTTP',
    );
  }
  return client.proxy === 'sidecar' || client.proxy === 'native-sidecar'
    ? byDefault(
        'as received',
        'Default of Istio for a port whose protocol is detected: as the application of the caller sends it',
      )
    : byDefault(
        'HTTP/1.1',
        'Default of Istio: gateways and waypoints do not take over the version of HTTP',
      );
}

/**
 * In which version of HTTP requests to a port travel: `h2UpgradePolicy` of the connection pool, else `useClientProtocol`, else
 * HTTP/2 where the port is declared so, else the mesh's `h2UpgradePolicy`, which acts on ports that are declared as HTTP
 * only; a sidecar keeps what it detects. R6.16
 *
 * @param service - declares the port; absent: not known
 * @returns `undefined` for a port that carries no HTTP, or that is not known
 */
export function upstreamHttpOf(
  policy: EffectiveTrafficPolicy,
  mesh: MeshConfig,
  client: Client,
  service: MeshObject | undefined,
  port: number,
): EffectiveSetting | undefined {
  const protocol = declaredProtocolOf(service, port);
  const http =
    protocol !== undefined &&
    (HTTP2.has(protocol) || PLAIN.has(protocol) || protocol === 'auto');
  if (!http) {
    return undefined;
  }
  const { h2UpgradePolicy, useClientProtocol } =
    policy.connectionPool?.value.http ?? {};
  if (h2UpgradePolicy === 'UPGRADE') {
    return ofRule(
      policy,
      'h2UpgradePolicy',
      'HTTP/2',
      'has requests sent as HTTP/2, whatever the port is declared as: an application that speaks HTTP/1.1 only must have a sidecar in front',
    );
  }
  if (useClientProtocol === true) {
    return ofRule(
      policy,
      'useClientProtocol',
      'as received',
      'has requests sent in the version of HTTP in which the caller sends them',
    );
  }
  if (h2UpgradePolicy === 'DO_NOT_UPGRADE' && protocol === 'http') {
    return ofRule(
      policy,
      'h2UpgradePolicy',
      'HTTP/1.1',
      'keeps requests from being sent as HTTP/2',
    );
  }
  return PLAIN.has(protocol) &&
    h2UpgradePolicy !== 'DO_NOT_UPGRADE' &&
    mesh.h2UpgradePolicy === 'UPGRADE'
    ? ofMesh(mesh)
    : ofPort(protocol, client);
}
