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

/** What a server can be written in. */
export type ServerSource = SlimObjectByKind[
  | 'Gateway'
  | 'K8sGateway'
  | 'ListenerSet'
  | 'Ingress'];

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
  /** of the control plane that configures it, when known. R1.16 */
  revision?: string;
  servicePorts: readonly GatewayServicePort[];
  /** an unprivileged pod opens no port below 1024. R7.4 */
  unprivileged?: true;
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
  /** Envoy's route table; servers with one table share their virtual hosts. `''` for connections that are no HTTP. */
  routeName: string;
  /** Envoy's listener by port, protocol and bind address */
  listener: string;
  /** the object that the server was written in, which need not be an Istio Gateway */
  object: ServerSource;
  /** where in that object, for example `spec.servers[0]` or `spec.listeners[2]` */
  path: string;
}

/** A server that does not act, and why. */
export interface SkippedServer {
  gateway: Gateway;
  index: number;
  why: string;
  object: ServerSource;
  path: string;
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
function classOfServer(server: IstioServer): ServerClass {
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

/** A Gateway of a proxy. */
export interface ServedGateway {
  gateway: Gateway;
  /** host names of the Services it is tied to when it has no selector of its own */
  services?: readonly string[];
  /** the object it was made of, when it is not one of the cluster's own */
  source?: { object: ServerSource; path: string };
}

function isHttpProtocol(server: IstioServer): boolean {
  return HTTP_PROTOCOLS.has((server.port?.protocol ?? '').toUpperCase());
}

/** Is TLS ended or passed on, and not merely a redirect of plaintext configured? */
function isTlsServer(server: IstioServer): boolean {
  return server.tls !== undefined && !isHttpProtocol(server);
}

/** The route table of a server: plaintext HTTP shares one by port, every HTTPS server has its own. R7.5 */
function routeNameOf(
  gateway: Gateway,
  server: IstioServer,
  listenPort: number,
): string {
  const bind = (server.bind ?? '') === '' ? '' : `.${server.bind}`;
  switch (classOfServer(server)) {
    case 'http':
      return `http.${listenPort}${bind}`;
    case 'https':
      return server.tls === undefined
        ? ''
        : `https.${server.port?.number}.${server.port?.name ?? ''}.${
            gateway.metadata.name
          }.${gateway.metadata.namespace}${bind}`;
    default:
      return '';
  }
}

function protocolsShare(a: IstioServer, b: IstioServer): boolean {
  const [left, right] = [a, b].map(server =>
    (server.port?.protocol ?? '').toUpperCase(),
  );
  return left === right || (isHttpProtocol(a) && isHttpProtocol(b));
}

interface Merging {
  servers: GatewayServer[];
  /** the first server of a port, when it is plaintext */
  plain: Map<number, GatewayServer>;
  ports: Set<number>;
  tlsHosts: Set<string>;
  routeNames: Set<string>;
  /** bind addresses of servers that came after a TLS server on a port */
  laterBinds: Map<number, Set<string>>;
}

/** Why a server cannot stand beside the older ones of its port; `undefined` when it was added. R7.5 */
function addServer(merging: Merging, added: GatewayServer): string | undefined {
  const { server, listenPort, bind, routeName } = added;
  const { plain, ports, tlsHosts, routeNames, laterBinds } = merging;
  const key = (host: string) => `${listenPort} ${bind} ${host}`;
  if (server.tls !== undefined) {
    const duplicate = added.hosts.find(host => tlsHosts.has(key(host)));
    if (duplicate !== undefined) {
      return `An older server on port ${listenPort} already has the TLS host ${duplicate}`;
    }
    for (const host of added.hosts) {
      tlsHosts.add(key(host));
    }
  }
  const first = plain.get(listenPort);
  if (!ports.has(listenPort)) {
    ports.add(listenPort);
    if (!isTlsServer(server)) {
      plain.set(listenPort, added);
    }
  } else if (first !== undefined) {
    const sameBind = first.bind === bind;
    if (
      sameBind &&
      (!protocolsShare(server, first.server) || routeName === '')
    ) {
      return `${gatewayName(
        first.gateway,
      )} already listens on port ${listenPort} with ${
        first.server.port?.protocol ?? 'another protocol'
      }, and the two protocols cannot share a port`;
    }
    merging.servers.push(
      sameBind ? { ...added, listener: first.listener } : added,
    );
    routeNames.add(routeName);
    return undefined;
  } else {
    if (routeName !== '' && routeNames.has(routeName)) {
      return `An older server on port ${listenPort} has the same port name, ${
        server.port?.name ?? ''
      }, so their routes cannot be told apart`;
    }
    const binds = laterBinds.get(listenPort) ?? new Set<string>();
    const known = binds.has(bind);
    laterBinds.set(listenPort, binds.add(bind));
    if (server.tls === undefined && known) {
      return `Port ${listenPort} belongs to TLS servers, and this one has no TLS settings`;
    }
  }
  if (routeName !== '') {
    routeNames.add(routeName);
  }
  merging.servers.push(added);
  return undefined;
}

const FIRST_UNPRIVILEGED_PORT = 1024;

/** Takes away the listeners that an unprivileged pod cannot open; they have been merged before. R7.4 */
function withoutPrivilegedPorts(
  { servers, skipped }: GatewayListeners,
  { unprivileged }: GatewayProxy,
): GatewayListeners {
  if (!unprivileged) {
    return { servers, skipped };
  }
  const refused = servers.filter(
    ({ listenPort }) => listenPort < FIRST_UNPRIVILEGED_PORT,
  );
  return {
    servers: servers.filter(server => !refused.includes(server)),
    skipped: [
      ...skipped,
      ...refused.map(({ gateway, index, object, path, listenPort }) => ({
        gateway,
        index,
        object,
        path,
        why: `The gateway's pod is unprivileged (ISTIO_META_UNPRIVILEGED_POD) and cannot open port ${listenPort}; give its Service a targetPort from ${FIRST_UNPRIVILEGED_PORT}, or listen on such a port`,
      })),
    ],
  };
}

/** Merges the Gateways of one proxy, oldest first, into what it listens on. R7.5 */
export function mergeGatewayServers(
  gateways: readonly ServedGateway[],
  proxy: GatewayProxy,
): GatewayListeners {
  const skipped: SkippedServer[] = [];
  const merging: Merging = {
    servers: [],
    plain: new Map(),
    ports: new Set(),
    tlsHosts: new Set(),
    routeNames: new Set(),
    laterBinds: new Map(),
  };
  for (const { gateway, services, source } of gateways) {
    const { namespace } = gateway.metadata;
    for (const [index, server] of (gateway.spec.servers ?? []).entries()) {
      const written = source ?? {
        object: gateway,
        path: `spec.servers[${index}]`,
      };
      const skip = (why: string) =>
        skipped.push({ gateway, index, why, ...written });
      const port = server.port?.number;
      if (port === undefined) {
        skip('The server has no port');
        continue;
      }
      const ports = listenPorts(port, proxy.servicePorts, services);
      if (ports.length === 0) {
        skip(`No Service of the gateway has port ${port}`);
      }
      for (const listenPort of ports) {
        const bind = server.bind ?? '';
        const why = addServer(merging, {
          gateway,
          index,
          server,
          class: classOfServer(server),
          listenPort,
          port,
          bind,
          hosts: serverHosts(server, namespace),
          routeName: routeNameOf(gateway, server, listenPort),
          listener: `${listenPort} ${server.port?.protocol ?? ''} ${bind}`,
          ...written,
        });
        if (why !== undefined) {
          skip(why);
        }
      }
    }
  }
  return withoutPrivilegedPorts({ servers: merging.servers, skipped }, proxy);
}
