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

import type { IstioServer, SlimObjectByKind, StringMap } from '../objects';
import { isSubset } from '../snapshot';

type Gateway = SlimObjectByKind['Gateway'];

/** How a server's connections are understood. */
export type ServerClass = 'http' | 'https' | 'tls' | 'tcp';

/** A port of a Service that selects a gateway's pod. */
export interface GatewayServicePort {
  hostname: string;
  port: number;
  targetPort: number;
  /** label `experimental.istio.io/disable-gateway-port-translation` */
  translationDisabled: boolean;
}

/** A proxy that serves gateways. */
export interface GatewayProxy {
  namespace: string;
  labels: StringMap;
  servicePorts: readonly GatewayServicePort[];
}

/** A server of a Gateway as one proxy has it. */
export interface GatewayServer {
  gateway: Gateway;
  /** index in `spec.servers` */
  index: number;
  server: IstioServer;
  class: ServerClass;
  /** the port the proxy listens on */
  listenPort: number;
  /** the port written in the server */
  port: number;
  bind: string;
  /** `namespace/host`, namespace `*` for any */
  hosts: readonly string[];
}

/** A server that does not act, and why. */
export interface SkippedServer {
  gateway: Gateway;
  index: number;
  why: string;
}

/** What a proxy listens on. */
export interface GatewayListeners {
  servers: readonly GatewayServer[];
  skipped: readonly SkippedServer[];
}

const HTTP_PROTOCOLS = new Set([
  'HTTP',
  'HTTP2',
  'GRPC',
  'GRPC-WEB',
  'HTTP_PROXY',
]);

/** `namespace/name` */
export function gatewayName(gateway: Gateway): string {
  return `${gateway.metadata.namespace}/${gateway.metadata.name}`;
}

/** How a server's connections are understood: by protocol, and by whether TLS ends at the gateway. R7.8 */
export function classOfServer(server: IstioServer): ServerClass {
  const protocol = (server.port?.protocol ?? '').toUpperCase();
  if (HTTP_PROTOCOLS.has(protocol)) {
    return 'http';
  }
  const mode = server.tls?.mode;
  if (protocol === 'HTTPS') {
    return mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH'
      ? 'tls'
      : 'https';
  }
  return protocol === 'TLS' ? 'tls' : 'tcp';
}

/** The hosts of a server as `namespace/host`; a host that stands for everything stands alone. R7.3 */
export function serverHosts(server: IstioServer, namespace: string): string[] {
  const hosts = (server.hosts ?? []).map(host => {
    const [where, name] = host.includes('/') ? host.split('/', 2) : ['*', host];
    return `${where === '.' ? namespace : where}/${name}`;
  });
  return hosts.includes('*/*') ? ['*/*'] : hosts;
}

/**
 * The ports a proxy listens on for a server's port: the target port of the first Service that has it, else the port as
 * written. A Gateway tied to Services by name gets the target ports of those only, and none when they lack it. R7.4
 */
export function listenPorts(
  port: number,
  servicePorts: readonly GatewayServicePort[],
  services?: readonly string[],
): number[] {
  if (services !== undefined) {
    const targets = servicePorts
      .filter(
        candidate =>
          services.includes(candidate.hostname) && candidate.port === port,
      )
      .map(candidate => candidate.targetPort);
    return [...new Set(targets)];
  }
  const found = servicePorts.find(
    candidate => !candidate.translationDisabled && candidate.port === port,
  );
  return [found?.targetPort ?? port];
}

/** Does a proxy serve a Gateway? An empty selector is served by all gateways. R7.1 */
export function serves(proxy: GatewayProxy, gateway: Gateway): boolean {
  return isSubset(gateway.spec.selector ?? {}, proxy.labels);
}

function canShare(existing: ServerClass, added: ServerClass): boolean {
  return existing === 'http' && added === 'http';
}

function isTls(server: IstioServer): boolean {
  const protocol = (server.port?.protocol ?? '').toUpperCase();
  return server.tls !== undefined && !HTTP_PROTOCOLS.has(protocol);
}

/** A Gateway, and the Services it is tied to when it has no selector of its own. */
export interface ServedGateway {
  gateway: Gateway;
  services?: readonly string[];
}

/** Merges the Gateways of one proxy, oldest first, into what it listens on. R7.5 */
export function mergeGatewayServers(
  gateways: readonly ServedGateway[],
  proxy: GatewayProxy,
): GatewayListeners {
  const servers: GatewayServer[] = [];
  const skipped: SkippedServer[] = [];
  const plain = new Map<number, GatewayServer>();
  const tlsHosts = new Set<string>();
  for (const { gateway, services } of gateways) {
    const { namespace } = gateway.metadata;
    for (const [index, server] of (gateway.spec.servers ?? []).entries()) {
      const port = server.port?.number;
      if (port === undefined) {
        skipped.push({ gateway, index, why: 'The server has no port' });
        continue;
      }
      const ports = listenPorts(port, proxy.servicePorts, services);
      if (ports.length === 0) {
        skipped.push({
          gateway,
          index,
          why: `No Service of the gateway has port ${port}`,
        });
      }
      for (const listenPort of ports) {
        const added: GatewayServer = {
          gateway,
          index,
          server,
          class: classOfServer(server),
          listenPort,
          port,
          bind: server.bind ?? '',
          hosts: serverHosts(server, namespace),
        };
        const key = (host: string) => `${listenPort} ${added.bind} ${host}`;
        if (isTls(server)) {
          const duplicate = added.hosts.find(host => tlsHosts.has(key(host)));
          if (duplicate !== undefined) {
            skipped.push({
              gateway,
              index,
              why: `An older server on port ${listenPort} already has the TLS host ${duplicate}`,
            });
            continue;
          }
          for (const host of added.hosts) {
            tlsHosts.add(key(host));
          }
        }
        const first = plain.get(listenPort);
        if (
          first !== undefined &&
          first.bind === added.bind &&
          !canShare(first.class, added.class)
        ) {
          skipped.push({
            gateway,
            index,
            why: `${gatewayName(
              first.gateway,
            )} already listens on port ${listenPort} with ${
              first.server.port?.protocol ?? 'another protocol'
            }, and the two protocols cannot share a port`,
          });
          continue;
        }
        const known = servers.some(item => item.listenPort === listenPort);
        if (!known && !isTls(server)) {
          plain.set(listenPort, added);
        }
        servers.push(added);
      }
    }
  }
  return { servers, skipped };
}
