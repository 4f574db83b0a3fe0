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

import type {
  ClusterStatus,
  DependencyEdge,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  authorizationMeshOf,
  meshConfigOf,
  mtlsPathOf,
  postureOf,
  spiffeId,
  workloadsOfService,
  type Client,
  type MeshSnapshot,
  type Provenance,
} from '@mesh-portal/mesh-model';
import type { Service } from '../../entity';
import { callerVerdicts } from '../authorizationCallers';
import { enforcementPoints } from '../authorizationTargets';
import { AUTHORIZATION_KINDS, ignorance, MTLS_KINDS } from '../knowledge';

type Configured = NonNullable<DependencyEdge['configured']>;
type Transport = NonNullable<Configured['transport']>;
type Authorization = NonNullable<Configured['authorization']>;

/** The way of an edge, as far as the snapshot holds both of its ends. */
export interface EdgePath {
  cluster: { name: string; snapshot: MeshSnapshot; status: ClusterStatus };
  client: Client;
  service: Service;
  /** how the caller is named in metrics */
  caller: { namespace: string; workload: string };
  protocol: 'http' | 'tcp';
}

const OUTCOMES = {
  mtls: 'encrypted',
  plaintext: 'unencrypted',
  mixed: 'mixed',
  broken: 'broken',
  unknown: 'unknown',
} as const;

function factsOf(verdict: { facts: readonly Provenance[] }): Provenance[] {
  return [...verdict.facts];
}

/** How the configuration lets the caller send, over all ports: which port an edge is about metrics do not say. */
function transportOf({ cluster, client, service }: EdgePath): Transport {
  const unknown = ignorance(cluster.status, MTLS_KINDS);
  if (unknown !== undefined) {
    return { outcome: 'unknown', reason: unknown, facts: [] };
  }
  const paths = service.spec.ports
    .filter(({ protocol }) => protocol !== 'UDP')
    .map(port => mtlsPathOf(cluster.snapshot, client, service, port));
  const [first] = paths;
  if (!first) {
    return {
      outcome: 'unknown',
      reason: 'The service has no port that carries TCP',
      facts: [],
    };
  }
  const different = paths.some(({ summary }) => summary !== first.summary);
  return different
    ? {
        outcome: 'mixed',
        reason: `It depends on the port: ${paths
          .map(({ port, summary }) => `${port} ${OUTCOMES[summary]}`)
          .join(', ')}`,
        facts: paths.flatMap(({ verdict }) => factsOf(verdict)),
      }
    : {
        outcome: OUTCOMES[first.summary],
        reason: first.verdict.reason,
        facts: factsOf(first.verdict),
      };
}

/** May the caller call, at every workload behind the service? Strictest first where they differ. */
function authorizationOf(
  { cluster, client, service, caller, protocol }: EdgePath,
  transport: Transport,
): Authorization | undefined {
  if (
    transport.outcome !== 'encrypted' &&
    transport.outcome !== 'unencrypted'
  ) {
    // Whether the caller's identity arrives is not certain, and the answer rests on it.
    return undefined;
  }
  const unknown = ignorance(cluster.status, AUTHORIZATION_KINDS);
  if (unknown !== undefined) {
    return { decision: 'unknown', reason: unknown, facts: [] };
  }
  const { snapshot } = cluster;
  const mesh = authorizationMeshOf(snapshot);
  const principal =
    transport.outcome === 'encrypted'
      ? spiffeId(
          meshConfigOf(snapshot).trustDomain,
          client.namespace,
          client.serviceAccount,
        )
      : undefined;
  const seen = {
    caller: { ...caller, principal, mutualTls: principal !== undefined },
    protocol,
    perSecond: 0,
    refusedPerSecond: 0,
  };
  const decisions = workloadsOfService(snapshot, service).map(workload => {
    const points = enforcementPoints(snapshot, workload, [service]).map(
      point => ({
        ...point,
        policies: postureOf(snapshot, point.target, mesh).policies,
      }),
    );
    const [verdict] = callerVerdicts(
      [seen],
      points,
      mesh,
      undefined,
      undefined,
    );
    return { workload: workload.name, verdict };
  });
  const [first] = decisions;
  if (!first) return undefined;
  const differs = decisions.some(
    ({ verdict }) => verdict.decision !== first.verdict.decision,
  );
  return differs
    ? {
        decision: 'depends',
        reason: `It depends on the workload: ${decisions
          .map(({ workload, verdict }) => `${workload} ${verdict.decision}`)
          .join(', ')}`,
        facts: decisions.flatMap(({ verdict }) => verdict.facts),
      }
    : {
        decision: first.verdict.decision,
        reason: first.verdict.reason,
        facts: first.verdict.facts,
      };
}

/** What the configuration says about the way of an edge. It says nothing about what was observed there. */
export function configuredEdge(path: EdgePath): Configured {
  const transport = transportOf(path);
  const authorization = authorizationOf(path, transport);
  return { transport, ...(authorization && { authorization }) };
}
