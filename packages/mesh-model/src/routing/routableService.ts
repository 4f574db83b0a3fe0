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

import type { Protocol } from '../identity';
import type { MeshObject } from '../objects';
import type { ScopeService } from '../scoping/scopedServices';
import type { AddressedService } from './virtualHostDomains';

/** How a port's bytes are understood. `auto` is sniffed. R1.6 */
export type PortClass = 'http' | 'tls' | 'tcp' | 'auto' | 'udp';

/** How the bytes of each protocol are understood. R1.6 */
export const PORT_CLASSES: Readonly<Record<Protocol, PortClass>> = {
  http: 'http',
  http2: 'http',
  grpc: 'http',
  'grpc-web': 'http',
  http_proxy: 'http',
  https: 'tls',
  tls: 'tls',
  tcp: 'tcp',
  mongo: 'tcp',
  redis: 'tcp',
  mysql: 'tcp',
  udp: 'udp',
  auto: 'auto',
};

/** A service as routing sees it. */
export interface RoutableService extends ScopeService, AddressedService {
  ports: readonly {
    number: number;
    name: string;
    class: PortClass;
  }[];
  /** the concrete host of an ExternalName service */
  externalName?: string;
  meshExternal: boolean;
  object: MeshObject | undefined;
}

/** Do `http` routes of a VirtualService act on the port? */
export function isHttp(portClass: PortClass): boolean {
  return portClass === 'http' || portClass === 'auto';
}
