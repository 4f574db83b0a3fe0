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

import { serviceHostname } from '../../identity';
import type {
  ClientTlsSettings,
  DestinationRuleSpec,
  SlimObjectByKind,
  TrafficPolicy,
} from '../../objects';
import {
  clientTlsOf,
  isConflicted,
  targetFault,
  type BackendTLSPolicy,
} from './backendTls';
import { reportedConditions, type ReportedCondition } from './conditions';
import { compareByCreation } from './creationOrder';
import { GATEWAY_CONTROLLER, MESH_CONTROLLER } from './gatewayClasses';
import { INTERNAL_NAME } from './internalGateways';
import { GATEWAY_API, type References } from './references';

type XBackendTrafficPolicy = SlimObjectByKind['XBackendTrafficPolicy'];
type BackendPolicy = BackendTLSPolicy | XBackendTrafficPolicy;

/** What policies of Gateway API set for one Service, as istiod merges it into a DestinationRule. R6.6, R7.25 */
export interface BackendPolicyRule {
  name: string;
  namespace: string;
  spec: DestinationRuleSpec;
  /** policies that set something, oldest first */
  sources: readonly BackendPolicy[];
}

/** What istiod reports about a policy, for one of its targets or for a Gateway through which it acts. */
export interface PolicyAncestorStatus {
  ancestorRef: {
    group: string;
    kind: string;
    name: string;
    /** of a Gateway in another namespace than the policy's */
    namespace?: string;
    sectionName?: string;
  };
  controllerName: string;
  conditions: readonly ReportedCondition[];
}

/** What istiod makes of a policy of Gateway API. */
export interface TranslatedPolicy {
  policy: BackendPolicy;
  ancestors: readonly PolicyAncestorStatus[];
}

/** Looks up the Gateways whose routes lead to a Service, `namespace/name`, in order. */
export type GatewaysOfService = (
  namespace: string,
  name: string,
) => readonly string[];

interface Effect {
  policy: BackendPolicy;
  service: string;
  section?: string;
  tls?: ClientTlsSettings;
  traffic?: Pick<TrafficPolicy, 'loadBalancer' | 'retryBudget'>;
}

const IGNORE = 'istio.io/ignore-policy-attachment';
const MAX_ANCESTORS = 16;
const DEFAULT_RETRY_CONCURRENCY = 10;
const ACCEPTED = { reason: 'Accepted', message: 'The policy is in order' };

function isIgnored({ metadata }: BackendPolicy): boolean {
  return metadata.annotations[IGNORE] === 'true';
}

function ignoredAncestors(policy: BackendPolicy): PolicyAncestorStatus[] {
  return (policy.spec.targetRefs ?? []).map(target => ({
    ancestorRef: { ...target, group: target.group ?? '' },
    controllerName: MESH_CONTROLLER,
    conditions: reportedConditions({
      Accepted: {
        ...ACCEPTED,
        fault: {
          reason: 'IgnoredByIstio',
          message: `The annotation ${IGNORE} keeps Istio from it`,
        },
      },
    }),
  }));
}

interface Outcome extends TranslatedPolicy {
  effects: Effect[];
}

function tlsOutcome(
  policy: BackendTLSPolicy,
  all: readonly BackendTLSPolicy[],
  references: References,
  gatewaysOf: GatewaysOfService,
): Outcome {
  const { namespace } = policy.metadata;
  const tls = clientTlsOf(policy, references);
  const effects: Effect[] = [];
  const gateways = new Set<string>();
  const ancestors: PolicyAncestorStatus[] = [];
  let last: readonly ReportedCondition[] = [];
  for (const target of policy.spec.targetRefs ?? []) {
    const missing = targetFault(target, namespace, references);
    const conflict = isConflicted(policy, target, all)
      ? {
          reason: 'Conflicted',
          message: 'An older BackendTLSPolicy is about the same target',
        }
      : undefined;
    const fault = missing ?? conflict ?? tls.accepted;
    last = reportedConditions({
      Accepted: {
        ...ACCEPTED,
        ...(fault === undefined ? {} : { fault }),
      },
      ResolvedRefs: {
        reason: 'ResolvedRefs',
        message: 'Everything it refers to is there',
        ...(tls.resolved === undefined ? {} : { fault: tls.resolved }),
      },
    });
    ancestors.push({
      ancestorRef: { ...target, group: target.group ?? '' },
      controllerName: MESH_CONTROLLER,
      conditions: last,
    });
    if (missing === undefined) {
      effects.push({
        policy,
        service: target.name,
        tls: tls.settings,
        ...((target.sectionName ?? '') === ''
          ? {}
          : { section: target.sectionName }),
      });
      gatewaysOf(namespace, target.name).forEach(name => gateways.add(name));
    }
  }
  for (const gateway of [...gateways].sort()) {
    ancestors.push({
      ancestorRef: {
        group: GATEWAY_API,
        kind: 'Gateway',
        name: gateway.slice(gateway.indexOf('/') + 1),
        ...(gateway.startsWith(`${namespace}/`)
          ? {}
          : { namespace: gateway.slice(0, gateway.indexOf('/')) }),
      },
      controllerName: GATEWAY_CONTROLLER,
      conditions: last,
    });
  }
  return { policy, effects, ancestors: ancestors.slice(0, MAX_ANCESTORS) };
}

function trafficOutcome(
  policy: XBackendTrafficPolicy,
  references: References,
): Outcome {
  const { namespace } = policy.metadata;
  const { retryConstraint, sessionPersistence } = policy.spec;
  const traffic: Effect['traffic'] = {
    loadBalancer: {},
    ...(retryConstraint === undefined
      ? {}
      : {
          retryBudget: {
            ...(retryConstraint.budget?.percent === undefined
              ? {}
              : { percent: retryConstraint.budget.percent }),
            ...(retryConstraint.budget?.interval === undefined
              ? {}
              : { budgetInterval: retryConstraint.budget.interval }),
            minRetryConcurrency:
              retryConstraint.minRetryRate?.count ?? DEFAULT_RETRY_CONCURRENCY,
          },
        }),
  };
  const message =
    sessionPersistence === undefined
      ? ACCEPTED.message
      : 'The policy is in order, but Istio does not support sessionPersistence';
  const effects: Effect[] = [];
  const ancestors = (policy.spec.targetRefs ?? []).map(target => {
    const fault = targetFault(target, namespace, references);
    if (fault === undefined) {
      effects.push({ policy, service: target.name, traffic });
    }
    return {
      ancestorRef: { ...target, group: target.group ?? '' },
      controllerName: MESH_CONTROLLER,
      conditions: reportedConditions({
        Accepted: {
          reason: 'Accepted',
          message,
          ...(fault === undefined ? {} : { fault }),
        },
      }),
    };
  });
  return { policy, effects, ancestors: ancestors.slice(0, MAX_ANCESTORS) };
}

function mergedRule(
  namespace: string,
  service: string,
  effects: readonly Effect[],
  references: References,
): BackendPolicyRule {
  let policy: TrafficPolicy = {};
  const bySection = new Map<string, ClientTlsSettings>();
  const sources = new Set<BackendPolicy>();
  for (const effect of effects) {
    const { section, tls, traffic } = effect;
    if (tls !== undefined && section !== undefined) {
      bySection.set(section, bySection.get(section) ?? tls);
    } else if (tls !== undefined) {
      if (policy.tls !== undefined) {
        continue;
      }
      policy = { ...policy, tls };
    }
    if (traffic !== undefined) {
      if (policy.loadBalancer !== undefined) {
        continue;
      }
      policy = { ...policy, ...traffic };
    }
    sources.add(effect.policy);
  }
  const ports = references.service(namespace, service)?.ports ?? [];
  const portLevelSettings = [...bySection].map(([section, tls]) => ({
    port: { number: ports.find(({ name }) => name === section)?.port ?? 0 },
    tls,
  }));
  return {
    name: `${service}~${INTERNAL_NAME}`,
    namespace,
    spec: {
      host: serviceHostname(service, namespace, references.clusterDomain),
      trafficPolicy: {
        ...policy,
        ...(portLevelSettings.length === 0 ? {} : { portLevelSettings }),
      },
    },
    sources: [...sources],
  };
}

/**
 * BackendTLSPolicies and XBackendTrafficPolicies as istiod merges them: for every Service the oldest policy of each kind
 * counts. R7.25
 */
export function translateBackendPolicies(
  tlsPolicies: readonly BackendTLSPolicy[],
  trafficPolicies: readonly XBackendTrafficPolicy[],
  references: References,
  gatewaysOf: GatewaysOfService,
): { rules: BackendPolicyRule[]; policies: TranslatedPolicy[] } {
  const active = tlsPolicies.filter(policy => !isIgnored(policy));
  const outcomes = [...tlsPolicies, ...trafficPolicies]
    .sort(compareByCreation)
    .map((policy): Outcome => {
      if (isIgnored(policy)) {
        return { policy, effects: [], ancestors: ignoredAncestors(policy) };
      }
      return policy.kind === 'BackendTLSPolicy'
        ? tlsOutcome(policy, active, references, gatewaysOf)
        : trafficOutcome(policy, references);
    });
  const byService = new Map<string, Effect[]>();
  for (const { policy, effects } of outcomes) {
    for (const effect of effects) {
      const key = `${policy.metadata.namespace}/${effect.service}`;
      byService.set(key, [...(byService.get(key) ?? []), effect]);
    }
  }
  return {
    rules: [...byService].map(([key, effects]) => {
      const [namespace, service] = key.split('/');
      return mergedRule(namespace, service, effects, references);
    }),
    policies: outcomes.map(({ policy, ancestors }) => ({ policy, ancestors })),
  };
}
