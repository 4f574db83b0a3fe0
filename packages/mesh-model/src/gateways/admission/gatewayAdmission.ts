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
  attributesInWords,
  authorizationMeshOf,
  evaluatePolicies,
  policiesOf,
  policyTargetOf,
  type AttachedPolicies,
  type AuthorizationMesh,
  type AuthorizationDecision,
  type AuthorizationRequest,
  type PolicyTarget,
} from '../../authorization';
import type { Workload } from '../../membership';
import type { MeshSnapshot } from '../../snapshot';
import type { Provenance, Verdict } from '../../verdict';
import type { ExposurePath } from '../exposure';
import { gatewayConfigurationOf } from '../gatewayConfiguration';
import { gatewayProxyOf } from '../gatewayProxies';
import { gatewayTopologyOf, type GatewayTopology } from '../gatewayTopology';
import { decidedForTokens } from './openDecision';
import { isRoutedAsHttp } from './routedAs';

/** Who may come in through one way, as the policies of one gateway workload decide. */
export interface GatewayAdmission {
  /** `some`: it depends on what the caller is or asks for */
  admits: 'everybody' | 'some' | 'nobody' | 'unknown';
  /** `pass` when every request passes, `fail` when none does; that everybody may come in is no approval */
  verdict: Verdict;
  target: PolicyTarget;
  /** the settings of the control plane that configures the gateway */
  mesh: AuthorizationMesh;
  policies: AttachedPolicies;
}

/** TLS modes in which the caller may show a certificate, so that it may have an identity. R7.8 */
const MUTUAL: ReadonlySet<string> = new Set([
  'MUTUAL',
  'ISTIO_MUTUAL',
  'OPTIONAL_MUTUAL',
]);

/** Whom the listener itself lets speak. R7.8 */
function callersOf({ tlsMode }: ExposurePath): string {
  return tlsMode === 'MUTUAL' || tlsMode === 'ISTIO_MUTUAL'
    ? 'Everybody with a certificate that the listener trusts'
    : 'Everybody';
}

/** The `:authority` that callers send; `undefined` where a wildcard or a port that is not known hides it. */
function authorityOf(
  { tlsMode }: ExposurePath,
  host: string,
  outerPort: number | undefined,
): string | undefined {
  if (host.includes('*') || outerPort === undefined) {
    return undefined;
  }
  const usual = tlsMode === 'NONE' ? 80 : 443;
  return outerPort === usual ? host : `${host}:${outerPort}`;
}

/** The port at which the proxy itself listens: the one that policies compare. R4.19, R7.4 */
function listenPortOf(
  snapshot: MeshSnapshot,
  path: ExposurePath,
  workload: Workload,
): number | undefined {
  const pod = workload.pods.at(0);
  return pod === undefined
    ? undefined
    : gatewayConfigurationOf(
        snapshot,
        gatewayProxyOf(snapshot, pod),
      ).listenPort(path.port);
}

function isRestricted({ custom, deny, allow }: AttachedPolicies): boolean {
  return [...custom, ...deny, ...allow].some(({ dryRun }) => !dryRun);
}

interface Judged {
  host: string;
  decision: AuthorizationDecision;
}

function factsOf(judged: readonly Judged[]): Provenance[] {
  const facts = judged.flatMap(({ decision }) => decision.decidedBy);
  return [
    ...new Map(
      facts.map(fact => [JSON.stringify([fact.object, fact.path]), fact]),
    ).values(),
  ];
}

function hostsInWords(judged: readonly Judged[]): string {
  return [...new Set(judged.map(({ host }) => host))].join(', ');
}

type Summary = Pick<GatewayAdmission, 'admits' | 'verdict'>;

const STATE_OF: Readonly<Record<Summary['admits'], Verdict['state']>> = {
  everybody: 'pass',
  some: 'unknown',
  nobody: 'fail',
  unknown: 'unknown',
};

function summary(
  admits: Summary['admits'],
  reason: string,
  facts: Provenance[],
): Summary {
  return { admits, verdict: { state: STATE_OF[admits], reason, facts } };
}

/** Where it depends on the address of the caller, which address that is belongs to the answer. R7.11 */
function dependingOn(
  { dependsOn, reason }: AuthorizationDecision,
  facts: Provenance[],
  topology: GatewayTopology | undefined,
): Summary {
  const says = `Who may come in depends on ${attributesInWords(
    dependsOn,
  )}: ${reason}`;
  if (topology === undefined || !dependsOn.includes('remoteIp')) {
    return summary('some', says, facts);
  }
  const { addressSays, addressBy } = topology;
  return summary('some', `${says} ${addressSays}.`, [
    ...facts,
    ...(addressBy === undefined ? [] : [addressBy]),
  ]);
}

function summaryOf(
  judged: readonly Judged[],
  policies: AttachedPolicies,
  callers: string,
  topology: GatewayTopology | undefined,
): Summary {
  const facts = factsOf(judged);
  const having = (wanted: AuthorizationDecision['decision']) =>
    judged.filter(({ decision }) => decision.decision === wanted);
  const refusals = having('deny');
  const [refused] = refusals;
  const [unknown] = having('unknown');
  const [open] = having('depends');
  if (refused && refusals.length === judged.length) {
    const says = `Nobody may come in: ${refused.decision.reason}`;
    return summary('nobody', says, facts);
  }
  if (unknown) {
    const says = `Who may come in is not known: ${unknown.decision.reason}`;
    return summary('unknown', says, facts);
  }
  if (refused) {
    const hosts = hostsInWords(refusals);
    const says = `Nobody may come in for ${hosts}: ${refused.decision.reason}`;
    return summary('some', says, facts);
  }
  if (open) {
    return dependingOn(open.decision, facts, topology);
  }
  const why = isRestricted(policies)
    ? judged[0].decision.reason
    : 'no policy restricts it at the gateway';
  return summary('everybody', `${callers} may come in: ${why}`, facts);
}

/**
 * Who may come in through a way from outside: what the policies that act on the gateway’s proxy decide about a request of
 * which only the host, the port and the protocol are known; which address counts as the client’s. R4.10 – R4.27, R7.11
 *
 * @param workload - one that serves the gateway
 * @param outerPort - at which callers reach it, when known: `:authority` names it where it is not the usual one
 */
export function admissionAtGateway(
  snapshot: MeshSnapshot,
  path: ExposurePath,
  workload: Workload,
  outerPort: number | undefined,
): GatewayAdmission {
  const target: PolicyTarget = {
    ...policyTargetOf(snapshot, workload),
    proxy: 'gateway',
  };
  const mesh = authorizationMeshOf(snapshot, target.revision);
  const policies = policiesOf(snapshot, target, mesh);
  const http = isRoutedAsHttp(path);
  const port = listenPortOf(snapshot, path, workload);
  const judged = path.hosts.map(host => {
    const authority = http ? authorityOf(path, host, outerPort) : undefined;
    const request: AuthorizationRequest = {
      protocol: http ? 'http' : 'tcp',
      ...(MUTUAL.has(path.tlsMode) ? {} : { peer: 'none' }),
      ...(port === undefined ? {} : { port }),
      ...(authority === undefined ? {} : { host: authority }),
    };
    const decision = decidedForTokens(token =>
      evaluatePolicies(policies, target, mesh, {
        ...request,
        ...(token === undefined ? {} : { token }),
      }),
    );
    return { host, decision };
  });
  const [pod] = workload.pods;
  const topology =
    pod === undefined ? undefined : gatewayTopologyOf(snapshot, pod);
  return {
    ...summaryOf(judged, policies, callersOf(path), topology),
    target,
    mesh,
    policies,
  };
}
