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

import type { MeshObject } from '../objects';

/** Application protocols Istio knows, `auto` where it sniffs the bytes. R1.6 */
export type Protocol =
  | 'http'
  | 'http2'
  | 'grpc'
  | 'grpc-web'
  | 'http_proxy'
  | 'https'
  | 'tls'
  | 'tcp'
  | 'udp'
  | 'mongo'
  | 'redis'
  | 'mysql'
  | 'auto';

const NAMED: ReadonlyMap<string, Protocol> = new Map([
  ['http', 'http'],
  ['http2', 'http2'],
  ['grpc', 'grpc'],
  ['grpc-web', 'grpc-web'],
  ['http_proxy', 'http_proxy'],
  ['https', 'https'],
  ['tls', 'tls'],
  ['tcp', 'tcp'],
  ['udp', 'udp'],
  ['mongo', 'mongo'],
  ['redis', 'redis'],
  ['mysql', 'mysql'],
]);

const BY_APP_PROTOCOL: ReadonlyMap<string, Protocol> = new Map([
  ['kubernetes.io/h2c', 'http2'],
  ['kubernetes.io/ws', 'http'],
  ['kubernetes.io/wss', 'https'],
]);

/** Ports whose servers speak first, so sniffing would hang; they are TCP unless they say otherwise. */
const SERVER_FIRST_PORTS: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

function byName(name: string): Protocol | undefined {
  return NAMED.get(name.toLowerCase());
}

/**
 * The protocol of a Service port: UDP stays UDP, else `appProtocol`, else the name's prefix up to the first `-`, else
 * sniffed. R1.6
 */
export function protocolOfPort(port: {
  name?: string;
  port?: number;
  protocol?: string;
  appProtocol?: string;
}): Protocol {
  if (port.protocol === 'UDP') {
    return 'udp';
  }
  let name = port.name ?? '';
  if (port.appProtocol !== undefined && port.appProtocol !== '') {
    const known = BY_APP_PROTOCOL.get(port.appProtocol);
    if (known) {
      return known;
    }
    name = port.appProtocol;
  }
  const lower = name.toLowerCase();
  // Whatever follows: Istio compares no more than these letters.
  const prefix = lower.startsWith('grpc-web')
    ? 'grpc-web'
    : lower.split('-')[0];
  return (
    byName(prefix) ?? (SERVER_FIRST_PORTS.has(port.port ?? 0) ? 'tcp' : 'auto')
  );
}

/** The protocol that a Service or ServiceEntry declares for one of its ports; absent where it has no such port. R1.6 */
export function declaredProtocolOf(
  service: MeshObject | undefined,
  number: number,
): Protocol | undefined {
  if (service?.kind === 'Service') {
    const port = service.spec.ports.find(each => each.port === number);
    return port && protocolOfPort(port);
  }
  if (service?.kind === 'ServiceEntry') {
    const port = service.spec.ports?.find(each => each.number === number);
    return port && protocolOfPort({ name: port.protocol ?? '' });
  }
  return undefined;
}

/** Is the protocol surely HTTP (so that the listener takes no other bytes)? `auto` is not. */
export function isHttpProtocol(protocol: Protocol): boolean {
  return (
    protocol === 'http' ||
    protocol === 'http2' ||
    protocol === 'grpc' ||
    protocol === 'grpc-web' ||
    protocol === 'http_proxy'
  );
}
