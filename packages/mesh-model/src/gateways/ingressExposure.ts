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

import { addToGroup } from '../grouping';
import { meshConfigOf } from '../identity';
import type { IngressBackend, SlimObjectByKind } from '../objects';
import { derivation, type MeshSnapshot } from '../snapshot';
import { objectRefOf, provenanceOf } from '../verdict';
import type { BrokenExposure, Exposure, ExposurePath } from './exposure';
import { countedPods, podProblems } from './gatewayPods';
import { mergeGatewayServers, type GatewayServer } from './gatewayServers';
import { ingressGatewayName, ingressGatewaySelector } from './ingress';
import { ingressesOf } from './ingressesOfMesh';
import { ingressOwnership } from './ingressOwnership';

type Ingress = SlimObjectByKind['Ingress'];

interface Leading {
  ingress: Ingress;
  host: string;
  path: string;
  backend: IngressBackend;
}

/** Every backend of every Ingress, by `namespace/name` of the service. */
const backendsByService = derivation(
  () => [{ kind: 'Ingress' }],
  snapshot => {
    const byService = new Map<string, Leading[]>();
    for (const ingress of snapshot.list('Ingress')) {
      for (const [index, rule] of (ingress.spec.rules ?? []).entries()) {
        for (const [position, { backend }] of (
          rule.http?.paths ?? []
        ).entries()) {
          const key = `${ingress.metadata.namespace}/${
            backend.service?.name ?? ''
          }`;
          addToGroup(byService, key, {
            ingress,
            host: (rule.host ?? '') || '*',
            path: `spec.rules[${index}].http.paths[${position}]`,
            backend,
          });
        }
      }
    }
    return byService;
  },
);

function isBound(servers: readonly GatewayServer[], name: string) {
  return (server: GatewayServer) =>
    servers.includes(server) && server.gateway.metadata.name === name;
}

function takes(server: GatewayServer, host: string): boolean {
  return server.hosts.some(entry =>
    ['*', host].includes(entry.slice(entry.indexOf('/') + 1)),
  );
}

interface Serving {
  pods: { ready: number; total: number };
  problems: readonly string[];
  servers: readonly GatewayServer[];
  /** the Gateway to which the host's routes are bound */
  boundTo: ReadonlyMap<string, string>;
}

function servingOf(snapshot: MeshSnapshot): Serving {
  const settings = meshConfigOf(snapshot);
  const selector = ingressGatewaySelector(settings);
  const pods = countedPods(snapshot.podsBySelector(undefined, selector));
  const { served, configs } = ingressesOf(snapshot);
  const { servers } = mergeGatewayServers(served, {
    namespace: settings.rootNamespace,
    labels: selector,
    servicePorts: [],
  });
  return {
    pods,
    problems: podProblems(
      `The gateway of Ingresses (istio=${selector.istio})`,
      pods,
    ),
    servers,
    boundTo: new Map(
      configs.flatMap(({ hosts, gateways }) =>
        hosts.map(host => [
          host,
          gateways[0].slice(gateways[0].indexOf('/') + 1),
        ]),
      ),
    ),
  };
}

function pathOf(
  leading: Leading,
  serving: Serving,
  server: GatewayServer,
  says: string,
): ExposurePath {
  const { ingress, path, host, backend } = leading;
  const port = backend.service?.port?.number ?? backend.service?.port?.name;
  return {
    gateway: objectRefOf(ingress),
    server: server.index,
    port: server.port,
    protocol: server.server.port?.protocol ?? 'HTTP',
    tlsMode: server.server.tls?.mode ?? 'NONE',
    redirectsToHttps: false,
    hosts: [host],
    route: provenanceOf(ingress, path, says),
    gatewayPods: serving.pods,
    problems: serving.problems,
    sendsTo: [port === undefined ? {} : { port }],
    ...(server.server.tls === undefined
      ? {}
      : {
          assumed: [
            `That the Secret ${
              server.server.tls.credentialName ?? ''
            } exists in the namespace of the gateway's pods`,
          ],
        }),
  };
}

function through(
  snapshot: MeshSnapshot,
  leading: Leading,
  serving: Serving,
): { paths: ExposurePath[]; broken: BrokenExposure[] } {
  const { ingress, host, path, backend } = leading;
  const settings = meshConfigOf(snapshot);
  const broken = (field: string, why: string): BrokenExposure => ({
    config: objectRefOf(ingress),
    gateway: `${settings.rootNamespace}/${ingressGatewayName(ingress)}`,
    why,
    provenance: provenanceOf(ingress, field, why),
  });
  const ownership = ingressOwnership(ingress, settings, name =>
    snapshot.get('IngressClass', '', name),
  );
  if (!ownership.owned) {
    return { paths: [], broken: [broken(ownership.path, ownership.says)] };
  }
  const named = backend.service?.port?.name;
  const routed = ingressesOf(snapshot).configs.some(({ http }) =>
    http.some(route => route.object === ingress && route.path === path),
  );
  if (!routed) {
    return {
      paths: [],
      broken: [
        broken(
          `${path}.backend.service.port`,
          `The service has no port named ${
            named ?? ''
          }, so the path is skipped`,
        ),
      ],
    };
  }
  const boundTo = serving.boundTo.get(host) ?? '';
  const says = `Ingress ${ingress.metadata.namespace}/${ingress.metadata.name} leads from ${host} to the service`;
  // Plaintext servers of all Ingresses share one route table.
  const plain = serving.servers.find(({ class: kind }) => kind === 'http');
  const secure = serving.servers.filter(
    server => server.class === 'https' && takes(server, host),
  );
  const bound = secure.filter(isBound(serving.servers, boundTo));
  const written = (ingress.spec.tls ?? []).findIndex(
    ({ hosts = [] }) => hosts.length === 0 || hosts.includes(host),
  );
  const owner = secure[0]?.gateway.metadata.name ?? 'no Gateway';
  return {
    paths: [
      ...(plain === undefined ? [] : [pathOf(leading, serving, plain, says)]),
      ...bound.map(server => pathOf(leading, serving, server, says)),
    ],
    broken:
      written >= 0 && bound.length === 0
        ? [
            broken(
              `spec.tls[${written}]`,
              `HTTPS requests for ${host} get 404: ${owner} takes the TLS host, and the routes of ${host} are bound to ${boundTo}, the Gateway of the oldest Ingress`,
            ),
          ]
        : [],
  };
}

/** The ways through the gateway of Ingresses to a service, and the Ingresses that mean to be one. R7.27 – R7.30 */
export function ingressExposureOf(
  snapshot: MeshSnapshot,
  { namespace, name }: { namespace: string; name: string },
): Exposure {
  const all = backendsByService(snapshot).get(`${namespace}/${name}`) ?? [];
  if (all.length === 0) {
    return { paths: [], broken: [] };
  }
  const serving = servingOf(snapshot);
  const found = all.map(leading => through(snapshot, leading, serving));
  return {
    paths: found.flatMap(({ paths }) => paths),
    broken: found.flatMap(({ broken }) => broken),
  };
}
