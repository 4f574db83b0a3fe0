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

import { meshConfigOf, serviceHostname } from '../identity';
import type { BackendReference, ParentReference } from '../objects';
import { compareByAge, derivation, type MeshSnapshot } from '../snapshot';
import { objectRefOf, provenanceOf } from '../verdict';
import type { BrokenExposure, Exposure, ExposurePath } from './exposure';
import { isReferenceGranted } from './referenceGrant';
import { attachmentOf, type AttachedRoute } from './routeAttachment';

interface Leading {
  route: AttachedRoute;
  path: string;
  backend: BackendReference;
}

const GATEWAY_API = 'gateway.networking.k8s.io';
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

function backendsOf(
  route: AttachedRoute,
): readonly { backendRefs?: readonly BackendReference[] }[] {
  return route.spec.rules ?? [];
}

/** Every backend reference of every route, by the service it means. */
const backendsByService = derivation(
  () => [
    { kind: 'HTTPRoute' },
    { kind: 'GRPCRoute' },
    { kind: 'TLSRoute' },
    { kind: 'TCPRoute' },
    { kind: 'ConfigMap' },
  ],
  snapshot => {
    const { clusterDomain } = meshConfigOf(snapshot);
    const routes: AttachedRoute[] = [
      ...snapshot.list('HTTPRoute'),
      ...snapshot.list('GRPCRoute'),
      ...snapshot.list('TLSRoute'),
      ...snapshot.list('TCPRoute'),
    ];
    const byHost = new Map<string, Leading[]>();
    for (const route of routes.sort(compareByAge)) {
      for (const [index, rule] of backendsOf(route).entries()) {
        for (const [position, backend] of (rule.backendRefs ?? []).entries()) {
          const host =
            backend.kind === 'Hostname'
              ? backend.name
              : serviceHostname(
                  backend.name,
                  backend.namespace ?? route.metadata.namespace,
                  clusterDomain,
                );
          const leading = byHost.get(host) ?? [];
          leading.push({
            route,
            path: `spec.rules[${index}].backendRefs[${position}]`,
            backend,
          });
          byHost.set(host, leading);
        }
      }
    }
    return byHost;
  },
);

function isGateway(parent: ParentReference): boolean {
  return (
    (parent.group ?? GATEWAY_API) === GATEWAY_API &&
    (parent.kind ?? 'Gateway') === 'Gateway'
  );
}

function isPermitted(snapshot: MeshSnapshot, leading: Leading): boolean {
  const { route, backend } = leading;
  const namespace = backend.namespace ?? route.metadata.namespace;
  return (
    namespace === route.metadata.namespace ||
    isReferenceGranted(snapshot.list('ReferenceGrant', namespace), {
      from: {
        group: GATEWAY_API,
        kind: route.kind,
        namespace: route.metadata.namespace,
      },
      to: {
        group: backend.group ?? '',
        kind: backend.kind ?? 'Service',
        namespace,
        name: backend.name,
      },
    })
  );
}

function tlsModeOf(listener: {
  protocol: string;
  tls?: { mode?: string };
}): string {
  const protocol = listener.protocol.toUpperCase();
  if (protocol !== 'HTTPS' && protocol !== 'TLS') {
    return 'NONE';
  }
  return listener.tls?.mode === 'Passthrough' ? 'PASSTHROUGH' : 'SIMPLE';
}

function through(
  snapshot: MeshSnapshot,
  leading: Leading,
  parent: ParentReference,
): { paths: ExposurePath[]; broken: BrokenExposure[] } {
  const { route, path } = leading;
  const namespace = parent.namespace ?? route.metadata.namespace;
  const name = `${namespace}/${parent.name}`;
  const broken = (why: string) => ({
    paths: [],
    broken: [
      {
        config: objectRefOf(route),
        gateway: name,
        why,
        provenance: provenanceOf(route, 'spec.parentRefs', why),
      },
    ],
  });
  const gateway = snapshot.get('K8sGateway', namespace, parent.name);
  if (gateway === undefined) {
    return broken(`Gateway ${name} does not exist`);
  }
  const pods = snapshot.podsBySelector(namespace, {
    [GATEWAY_NAME]: parent.name,
  });
  const ready = pods.filter(pod => pod.spec.ready && !pod.spec.terminating);
  const managed = (gateway.spec.addresses ?? []).length === 0;
  const noPods = pods.length === 0 ? 'has no pod' : 'has no ready pod';
  const problems = [
    ...(managed && ready.length === 0 ? [`Gateway ${name} ${noPods}`] : []),
    ...(isPermitted(snapshot, leading)
      ? []
      : [
          `RefNotPermitted: no ReferenceGrant in namespace ${leading.backend.namespace} permits the backend; its share of requests gets 500`,
        ]),
  ];
  const labels =
    snapshot.get('Namespace', '', route.metadata.namespace)?.metadata.labels ??
    {};
  const refusals: string[] = [];
  const paths: ExposurePath[] = [];
  for (const [index, listener] of (gateway.spec.listeners ?? []).entries()) {
    const found = attachmentOf(route, parent, namespace, listener, labels);
    if (!found.attached) {
      refusals.push(`${found.reason}: ${found.says}`);
      continue;
    }
    paths.push({
      gateway: objectRefOf(gateway),
      server: index,
      port: listener.port,
      protocol: listener.protocol.toUpperCase(),
      tlsMode: tlsModeOf(listener),
      redirectsToHttps: false,
      hosts: found.hosts,
      route: provenanceOf(
        route,
        path,
        `${route.kind} ${route.metadata.namespace}/${route.metadata.name} leads from ${name} to the service`,
      ),
      gatewayPods: { ready: ready.length, total: pods.length },
      problems,
    });
  }
  return paths.length > 0
    ? { paths, broken: [] }
    : broken(refusals[0] ?? `Gateway ${name} has no listeners`);
}

/** The ways from Gateway API gateways to a service. R7.13 – R7.19 */
export function gatewayApiExposureOf(
  snapshot: MeshSnapshot,
  host: string,
): Exposure {
  const paths: ExposurePath[] = [];
  const broken: BrokenExposure[] = [];
  for (const leading of backendsByService(snapshot).get(host) ?? []) {
    for (const parent of leading.route.spec.parentRefs ?? []) {
      if (isGateway(parent)) {
        const found = through(snapshot, leading, parent);
        paths.push(...found.paths);
        broken.push(...found.broken);
      }
    }
  }
  return { paths, broken };
}
