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

import type { Client } from '../membership';
import type { ClientTlsMode, ClientTlsSettings } from '../objects';
import { controlPlaneView, meshConfigOf } from '../identity';
import { serviceRegistryOf } from '../routing/serviceRegistry';
import { scopeOf } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { destinationRulesOfNamespace } from './destinationRuleIndex';
import {
  destinationRuleForLabels,
  visibleDestinationRules,
  type DestinationRuleQuery,
  type DestinationRuleStep,
} from './destinationRuleLookup';
import { losersOf, STEP_SAYS } from './destinationRuleLosers';
import { localityPlanOf } from './localityPlan';
import type {
  MergedDestinationRule,
  PolicyObject,
  Sourced,
} from './mergedDestinationRule';
import { resilienceOfPolicy, type ResilienceSettings } from './resilience';
import { honoursCredentialName } from './subsets';
import { trafficPolicyFor } from './trafficPolicy';
import { upstreamHttpOf } from './upstreamHttp';

/** The DestinationRule in effect for a client and a host, and the ones that are not. */
export interface DestinationRuleChoice {
  /** fully qualified */
  host: string;
  /** Absent: no rule acts, the mesh's defaults apply. */
  rule?: MergedDestinationRule;
  step?: DestinationRuleStep;
  /** one sentence */
  says: string;
  provenance: readonly Provenance[];
  /** DestinationRules that cover the host and do not act on this client, each with the reason */
  losers: readonly Provenance[];
}

/** The namespace of the service a client means by a host. */
function serviceNamespaceOf(
  snapshot: MeshSnapshot,
  client: Client,
  host: string,
): string | undefined {
  return (
    scopeOf(snapshot, client).serviceOf(host)?.namespace ??
    serviceRegistryOf(snapshot).byHost.get(host)?.[0]?.namespace
  );
}

function inWords(
  { host, clientNamespace, serviceNamespace }: DestinationRuleQuery,
  rule: MergedDestinationRule | undefined,
  step: DestinationRuleStep = 'client-namespace',
): string {
  if (rule === undefined) {
    return `No DestinationRule acts on clients in ${clientNamespace} for ${host}`;
  }
  const names = rule.from.map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
  );
  const unowned =
    serviceNamespace === undefined
      ? `, and there is nothing to act on: no service has the host ${host}`
      : '';
  return `${names.join(' and ')} acts: ${STEP_SAYS[step]}${unowned}`;
}

/** The rules that were merged and the policies of Gateway API that fill them. R6.4, R6.6 */
function sourcesOf({
  from,
  backendPolicies,
}: MergedDestinationRule): PolicyObject[] {
  return [...new Set([...from, ...(backendPolicies?.sources ?? [])])];
}

/**
 * The DestinationRule that acts when a client calls a host: looked up in the client's namespace, then the service's,
 * then the root namespace (R6.2); several for one host merged (R6.4); chosen by workload selector (R6.5). One for a host
 * that no service has is found and has no effect, for no requests go there (R6.17).
 *
 * @param host - fully qualified
 */
export function destinationRuleFor(
  mesh: MeshSnapshot,
  client: Client,
  host: string,
): DestinationRuleChoice {
  const snapshot = controlPlaneView(mesh, client.revision);
  const { rootNamespace } = meshConfigOf(snapshot);
  const query = {
    host,
    clientNamespace: client.namespace,
    serviceNamespace: serviceNamespaceOf(snapshot, client, host),
    rootNamespace,
  };
  const { rules, step } = visibleDestinationRules(query, namespace =>
    destinationRulesOfNamespace(snapshot, namespace),
  );
  const rule = destinationRuleForLabels(rules, client.namespace, client.labels);
  const choice = {
    ...(rule === undefined ? {} : { rule }),
    ...(step === undefined || rule === undefined ? {} : { step }),
  };
  const says = inWords(query, rule, step);
  return {
    host,
    ...choice,
    says,
    provenance: (rule === undefined ? [] : sourcesOf(rule)).map(object =>
      provenanceOf(
        object,
        object.kind === 'DestinationRule' ? 'spec.host' : 'spec.targetRefs',
        says,
      ),
    ),
    losers: losersOf(snapshot, query, choice),
  };
}

/**
 * The values in effect when a client calls a port (and subset) of a host: load balancing, connection pool, outlier
 * detection, locality, version of HTTP; each with where it is inherited from. R6.7 – R6.14, R6.16, R1.13
 */
export function resilienceOf(
  mesh: MeshSnapshot,
  client: Client,
  host: string,
  port: number,
  subset?: string,
): ResilienceSettings {
  const snapshot = controlPlaneView(mesh, client.revision);
  const { rule } = destinationRuleFor(snapshot, client, host);
  const service = scopeOf(snapshot, client).serviceOf(host)?.object;
  const policy = trafficPolicyFor(rule, port, subset);
  const config = meshConfigOf(snapshot);
  return resilienceOfPolicy(
    policy,
    config,
    detects => localityPlanOf(snapshot, policy, config, service, detects),
    upstreamHttpOf(policy, config, client, service, port),
  );
}

/** The TLS settings of a client towards a port, as its DestinationRule demands them. */
export interface ClientTlsChoice {
  /** `undefined`: no rule says anything, auto mTLS decides. */
  mode?: ClientTlsMode;
  says: string;
  provenance?: Provenance;
  /** what the rule says of TLS, with its place; absent: nothing */
  settings?: Sourced<ClientTlsSettings>;
  /** Set when the settings do not do what they say, so that plaintext is sent. R6.15 */
  brokenBecause?: string;
}

/** What the DestinationRule in effect says about TLS from a client to a port (and subset) of a host. R6.7, R6.8, R6.15 */
export function clientTlsFor(
  snapshot: MeshSnapshot,
  client: Client,
  host: string,
  port: number,
  subset?: string,
): ClientTlsChoice {
  const { rule } = destinationRuleFor(snapshot, client, host);
  const tls = trafficPolicyFor(rule, port, subset).tls;
  if (rule === undefined || tls === undefined) {
    return { says: 'No DestinationRule sets TLS: auto mTLS decides' };
  }
  const mode = tls.value.mode ?? 'DISABLE';
  const name = `${tls.object.kind} ${tls.object.metadata.namespace}/${tls.object.metadata.name}`;
  const says = `${name} sets TLS mode ${mode}`;
  const credential = tls.value.credentialName ?? '';
  const originates = mode === 'SIMPLE' || mode === 'MUTUAL';
  const ignoredCredential =
    originates &&
    credential !== '' &&
    !credential.startsWith('configmap://') &&
    !honoursCredentialName(client, rule);
  const withoutCertificate =
    mode === 'MUTUAL' &&
    credential === '' &&
    ((tls.value.clientCertificate ?? '') === '' ||
      (tls.value.privateKey ?? '') === '');
  const missingCertificate = withoutCertificate
    ? 'Mode MUTUAL needs clientCertificate and privateKey, or credentialName: no TLS is configured and plaintext is sent'
    : undefined;
  const brokenBecause = ignoredCredential
    ? 'credentialName works for gateways, and for sidecars only when the DestinationRule has a workloadSelector: no TLS is configured and plaintext is sent'
    : missingCertificate;
  return {
    mode,
    says,
    provenance: provenanceOf(tls.object, tls.path, says),
    settings: tls,
    ...(brokenBecause === undefined ? {} : { brokenBecause }),
  };
}
