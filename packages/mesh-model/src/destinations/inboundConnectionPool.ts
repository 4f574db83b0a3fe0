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

import { meshConfigOf } from '../identity';
import type {
  ConnectionPoolSettings,
  MeshObject,
  SlimObjectByKind,
  StringMap,
} from '../objects';
import { chooseSidecar } from '../scoping/sidecarSelection';
import { compareByAge, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { destinationRulesOfNamespace } from './destinationRuleIndex';
import { visibleDestinationRules } from './destinationRuleLookup';
import type { SettingOrigin } from './resilience';
import { trafficPolicyFor } from './trafficPolicy';

type Service = SlimObjectByKind['Service'];

/** A server's own sidecar, at one of its ports. */
export interface InboundPort {
  namespace: string;
  labels: StringMap;
  /** of the container */
  targetPort: number;
  /** the Services that lead to the port, each with its own port number */
  services: readonly { service: Service; port: number }[];
}

/** The connection pool with which a server's sidecar lets requests in to the application. */
export interface InboundConnectionPool {
  /** Absent: no limit but Envoy's own, which Istio raises to the maximum. */
  settings?: ConnectionPoolSettings;
  origin: SettingOrigin | 'sidecar';
  /** one sentence */
  says: string;
  provenance?: Provenance;
}

function setBy(
  settings: ConnectionPoolSettings,
  origin: InboundConnectionPool['origin'],
  object: MeshObject,
  path: string,
): InboundConnectionPool {
  const { namespace, name } = object.metadata;
  const says = `${object.kind} ${namespace}/${name} sets the connection pool of the server’s own proxy (${path})`;
  return {
    settings,
    origin,
    says,
    provenance: provenanceOf(object, path, says),
  };
}

function ofSidecar(
  snapshot: MeshSnapshot,
  { namespace, labels, targetPort }: InboundPort,
  rootNamespace: string,
): InboundConnectionPool | undefined {
  const { sidecar } = chooseSidecar(
    { namespace, labels, serviceAccount: '', proxy: 'sidecar' },
    snapshot.list('Sidecar', namespace),
    snapshot.list('Sidecar', rootNamespace),
  );
  if (sidecar === undefined) {
    return undefined;
  }
  const index = (sidecar.spec.ingress ?? []).findIndex(
    listener =>
      listener.port?.number === targetPort &&
      listener.connectionPool !== undefined,
  );
  const ofPort = sidecar.spec.ingress?.[index]?.connectionPool;
  if (ofPort !== undefined) {
    return setBy(
      ofPort,
      'sidecar',
      sidecar,
      `spec.ingress[${index}].connectionPool`,
    );
  }
  const ofAll = sidecar.spec.inboundConnectionPool;
  return (
    ofAll && setBy(ofAll, 'sidecar', sidecar, 'spec.inboundConnectionPool')
  );
}

/** A DestinationRule acts on the server as its own proxy sees it; workload selectors do not count inbound. R6.5 */
function ofDestinationRule(
  snapshot: MeshSnapshot,
  { namespace, services }: InboundPort,
  rootNamespace: string,
  clusterDomain: string,
): InboundConnectionPool | undefined {
  const [oldest] = [...services].sort((a, b) =>
    compareByAge(a.service, b.service),
  );
  if (oldest === undefined) {
    return undefined;
  }
  const { metadata } = oldest.service;
  const { rules } = visibleDestinationRules(
    {
      host: `${metadata.name}.${metadata.namespace}.svc.${clusterDomain}`,
      clientNamespace: namespace,
      serviceNamespace: metadata.namespace,
      rootNamespace,
    },
    each => destinationRulesOfNamespace(snapshot, each),
  );
  const rule = rules
    .filter(({ workloadSelector }) => workloadSelector === undefined)
    .at(-1);
  const pool = trafficPolicyFor(rule, oldest.port).connectionPool;
  return pool && setBy(pool.value, 'destination-rule', pool.object, pool.path);
}

/**
 * What limits the requests that a server's own sidecar lets in to a port: `Sidecar.ingress[].connectionPool`, else
 * `Sidecar.inboundConnectionPool`, else the connection pool of the DestinationRule of the oldest service on the port,
 * else the mesh's default. R6.12, R1.13
 */
export function inboundConnectionPoolOf(
  snapshot: MeshSnapshot,
  port: InboundPort,
): InboundConnectionPool {
  const mesh = meshConfigOf(snapshot);
  const { rootNamespace, clusterDomain } = mesh;
  const written =
    ofSidecar(snapshot, port, rootNamespace) ??
    ofDestinationRule(snapshot, port, rootNamespace, clusterDomain);
  if (written !== undefined) {
    return written;
  }
  const settings = mesh.defaultTrafficPolicy?.connectionPool;
  if (settings === undefined) {
    return {
      origin: 'default',
      says: 'No limit: Istio raises the thresholds of the server’s own proxy to the maximum',
    };
  }
  const says =
    'defaultTrafficPolicy of the mesh configuration sets the connection pool of the server’s own proxy';
  return {
    settings,
    origin: 'mesh-config',
    says,
    ...(mesh.source === undefined
      ? {}
      : {
          provenance: provenanceOf(
            mesh.source,
            'data.mesh: defaultTrafficPolicy.connectionPool',
            says,
          ),
        }),
  };
}
