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
  CallerVerdict,
  ClusterStatus,
  DependencyEdge,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  meshConfigOf,
  mtlsPathOf,
  postureOf,
  spiffeId,
  workloadsOfService,
  type Client,
  type MeshSnapshot,
  type Provenance,
  type Workload,
} from '@mesh-portal/mesh-model';
import type { Service } from '../../entity';
import { callerVerdicts } from '../authorizationCallers';
import { enforcementPoints } from '../authorizationTargets';
import { authorizationKinds, ignorance, MTLS_KINDS } from '../knowledge';

type Configured = NonNullable<DependencyEdge['configured']>;
type Transport = NonNullable<Configured['transport']>;
type Authorization = NonNullable<Configured['authorization']>;
type SeenCaller = Parameters<typeof callerVerdicts>[0][number];

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

/** The caller as the service sees it: only mTLS carries its identity. Nothing is known of how much it sends. */
function seenCaller(
  { cluster: { snapshot }, client, caller, protocol }: EdgePath,
  mutualTls: boolean,
): SeenCaller {
  const principal = mutualTls
    ? spiffeId(
        meshConfigOf(snapshot).trustDomain,
        client.namespace,
        client.serviceAccount,
      )
    : undefined;
  return {
    caller: { ...caller, principal, mutualTls },
    protocol,
    perSecond: 0,
    refusedPerSecond: 0,
  };
}

/** What all proxies in front of a workload decide together. */
function verdictAt(
  workload: Workload,
  { cluster: { snapshot }, service }: EdgePath,
  seen: SeenCaller,
): CallerVerdict {
  const points = enforcementPoints(snapshot, workload, [service]).map(
    point => ({
      ...point,
      policies: postureOf(snapshot, point.target, point.mesh).policies,
    }),
  );
  const [verdict] = callerVerdicts([seen], points, undefined, undefined);
  return verdict;
}

interface WorkloadDecision {
  workload: string;
  verdict: CallerVerdict;
}

function decisionOverAll(
  decisions: readonly WorkloadDecision[],
): Authorization | undefined {
  const [first] = decisions;
  if (!first) {
    return undefined;
  }
  const { decision, reason, facts } = first.verdict;
  return decisions.some(({ verdict }) => verdict.decision !== decision)
    ? {
        decision: 'depends',
        reason: `It depends on the workload: ${decisions
          .map(({ workload, verdict }) => `${workload} ${verdict.decision}`)
          .join(', ')}`,
        facts: decisions.flatMap(({ verdict }) => verdict.facts),
      }
    : { decision, reason, facts };
}

/** May the caller call, at every workload behind the service? */
function authorizationOf(
  path: EdgePath,
  { outcome }: Transport,
): Authorization | undefined {
  if (outcome !== 'encrypted' && outcome !== 'unencrypted') {
    // Whether the caller's identity arrives is not certain, and the answer rests on it.
    return undefined;
  }
  const { snapshot, status } = path.cluster;
  const unknown = ignorance(status, authorizationKinds(snapshot));
  if (unknown !== undefined) {
    return { decision: 'unknown', reason: unknown, facts: [] };
  }
  const seen = seenCaller(path, outcome === 'encrypted');
  return decisionOverAll(
    workloadsOfService(snapshot, path.service).map(workload => ({
      workload: workload.name,
      verdict: verdictAt(workload, path, seen),
    })),
  );
}

/** What the configuration says about the way of an edge. It says nothing about what was observed there. */
export function configuredEdge(path: EdgePath): Configured {
  const transport = transportOf(path);
  const authorization = authorizationOf(path, transport);
  return { transport, ...(authorization && { authorization }) };
}
