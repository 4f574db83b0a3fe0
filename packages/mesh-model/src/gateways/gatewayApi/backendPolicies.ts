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
  ClientTlsSettings,
  DestinationRuleSpec,
  LocalPolicyTargetReference,
  SlimObjectByKind,
  TrafficPolicy,
} from '../../objects';
import {
  clientTlsOf,
  type BackendTarget,
  type BackendTLSPolicy,
} from './backendTls';
import {
  reportedConditions,
  type ConditionState,
  type Fault,
  type ReportedCondition,
} from './conditions';
import { compareByCreation } from './creationOrder';
import { GATEWAY_CONTROLLER, MESH_CONTROLLER } from './gatewayClasses';
import { INTERNAL_NAME } from './internalGateways';
import {
  reportedFaults,
  tlsTargets,
  trafficTargets,
  type JudgedTarget,
} from './policyTargets';
import { GATEWAY_API, type References } from './references';

type XBackendTrafficPolicy = SlimObjectByKind['XBackendTrafficPolicy'];
type RetryConstraint = NonNullable<
  XBackendTrafficPolicy['spec']['retryConstraint']
>;
type BackendPolicy = BackendTLSPolicy | XBackendTrafficPolicy;

/** What policies of Gateway API set for one Service, or one host of a ServiceEntry, as istiod merges it into a DestinationRule. R6.6, R7.25 */
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

/** Looks up the Gateways, `namespace/name`, that routes with a backend name as their parents. */
export type GatewaysOfBackend = (
  kind: BackendTarget['kind'],
  namespace: string,
  name: string,
) => readonly string[];

interface Effect {
  policy: BackendPolicy;
  target: BackendTarget;
  section?: string;
  tls?: ClientTlsSettings;
  traffic?: Pick<TrafficPolicy, 'loadBalancer' | 'retryBudget'>;
}

const IGNORE = 'istio.io/ignore-policy-attachment';
const MAX_ANCESTORS = 16;
const DEFAULT_RETRY_CONCURRENCY = 10;
const ACCEPTED = { reason: 'Accepted', message: 'The policy is in order' };

function isIgnored({ metadata }: BackendPolicy): boolean {
  return metadata.annotations[IGNORE]?.toLowerCase() === 'true';
}

function targetStatus(
  reference: LocalPolicyTargetReference,
  conditions: readonly ReportedCondition[],
): PolicyAncestorStatus {
  return {
    ancestorRef: { ...reference, group: reference.group ?? '' },
    controllerName: MESH_CONTROLLER,
    conditions,
  };
}

/** The status of a policy for a Gateway, `namespace/name`, through which it acts. */
function gatewayStatus(
  gateway: string,
  ownNamespace: string,
  conditions: readonly ReportedCondition[],
): PolicyAncestorStatus {
  const slash = gateway.indexOf('/');
  const namespace = gateway.slice(0, slash);
  return {
    ancestorRef: {
      group: GATEWAY_API,
      kind: 'Gateway',
      name: gateway.slice(slash + 1),
      ...(namespace === ownNamespace ? {} : { namespace }),
    },
    controllerName: GATEWAY_CONTROLLER,
    conditions,
  };
}

function ignoredAncestors(policy: BackendPolicy): PolicyAncestorStatus[] {
  const conditions = reportedConditions({
    Accepted: {
      ...ACCEPTED,
      fault: {
        reason: 'IgnoredByIstio',
        message: `The annotation ${IGNORE} keeps Istio from it`,
      },
    },
  });
  return (policy.spec.targetRefs ?? []).map(reference =>
    targetStatus(reference, conditions),
  );
}

interface Outcome extends TranslatedPolicy {
  effects: Effect[];
}

function effectsAt(
  targets: readonly JudgedTarget[],
  effectOn: (
    target: BackendTarget,
    reference: LocalPolicyTargetReference,
  ) => Effect,
): Effect[] {
  return targets.flatMap(({ reference, target, fault }) =>
    target === undefined || fault !== undefined
      ? []
      : [effectOn(target, reference)],
  );
}

/** The Gateways, `namespace/name`, through which a policy of the namespace acts: of a conflicted one too. */
function gatewaysInFront(
  targets: readonly JudgedTarget[],
  namespace: string,
  gatewaysOf: GatewaysOfBackend,
): string[] {
  const gateways = targets.flatMap(({ target }) =>
    target === undefined ? [] : gatewaysOf(target.kind, namespace, target.name),
  );
  return [...new Set(gateways)].sort();
}

function acceptedWith(fault: Fault | undefined): ConditionState {
  return { ...ACCEPTED, ...(fault === undefined ? {} : { fault }) };
}

function tlsConditions(
  accepted: Fault | undefined,
  resolved: Fault | undefined,
): ReportedCondition[] {
  return reportedConditions({
    Accepted: acceptedWith(accepted),
    ResolvedRefs: {
      reason: 'ResolvedRefs',
      message: 'Everything it refers to is there',
      ...(resolved === undefined ? {} : { fault: resolved }),
    },
  });
}

function tlsOutcome(
  policy: BackendTLSPolicy,
  all: readonly BackendTLSPolicy[],
  references: References,
  gatewaysOf: GatewaysOfBackend,
): Outcome {
  const { namespace } = policy.metadata;
  const { settings, accepted, resolved } = clientTlsOf(policy, references);
  const targets = tlsTargets(policy, all, references);
  const faults = reportedFaults(targets, accepted);
  const ancestors = [
    ...targets.map(({ reference }, index) =>
      targetStatus(reference, tlsConditions(faults[index], resolved)),
    ),
    ...gatewaysInFront(targets, namespace, gatewaysOf).map(gateway =>
      gatewayStatus(gateway, namespace, tlsConditions(faults.at(-1), resolved)),
    ),
  ];
  return {
    policy,
    effects: effectsAt(targets, (target, { sectionName = '' }) => ({
      policy,
      target,
      tls: settings,
      ...(sectionName === '' ? {} : { section: sectionName }),
    })),
    ancestors: ancestors.slice(0, MAX_ANCESTORS),
  };
}

function retryBudgetOf({
  budget,
  minRetryRate,
}: RetryConstraint): TrafficPolicy['retryBudget'] {
  return {
    ...(budget?.percent === undefined ? {} : { percent: budget.percent }),
    ...(budget?.interval === undefined
      ? {}
      : { budgetInterval: budget.interval }),
    minRetryConcurrency: minRetryRate?.count ?? DEFAULT_RETRY_CONCURRENCY,
  };
}

function trafficOutcome(
  policy: XBackendTrafficPolicy,
  references: References,
): Outcome {
  const { retryConstraint, sessionPersistence } = policy.spec;
  const traffic: Effect['traffic'] = {
    loadBalancer: {},
    ...(retryConstraint === undefined
      ? {}
      : { retryBudget: retryBudgetOf(retryConstraint) }),
  };
  const message =
    sessionPersistence === undefined
      ? ACCEPTED.message
      : 'The policy is in order, but Istio does not support sessionPersistence';
  const targets = trafficTargets(policy, references);
  const faults = reportedFaults(targets);
  const ancestors = targets.map(({ reference }, index) =>
    targetStatus(
      reference,
      reportedConditions({
        Accepted: { ...acceptedWith(faults[index]), message },
      }),
    ),
  );
  return {
    policy,
    effects: effectsAt(targets, target => ({ policy, target, traffic })),
    ancestors: ancestors.slice(0, MAX_ANCESTORS),
  };
}

function mergedRule(
  { kind, namespace, name, ports }: BackendTarget,
  host: string,
  effects: readonly Effect[],
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
  const portLevelSettings = [...bySection]
    .map(([section, tls]) => ({
      port: { number: ports.find(port => port.name === section)?.port ?? 0 },
      tls,
    }))
    .sort((a, b) => a.port.number - b.port.number);
  const ofHost = kind === 'ServiceEntry' ? `~${host.replaceAll('.', '-')}` : '';
  return {
    name: `${name}${ofHost}~${INTERNAL_NAME}`,
    namespace,
    spec: {
      host,
      trafficPolicy: {
        ...policy,
        ...(portLevelSettings.length === 0 ? {} : { portLevelSettings }),
      },
    },
    sources: [...sources],
  };
}

/**
 * BackendTLSPolicies and XBackendTrafficPolicies as istiod merges them: for every Service, and every host of a
 * ServiceEntry, the oldest policy of each kind counts. R7.25
 */
export function translateBackendPolicies(
  tlsPolicies: readonly BackendTLSPolicy[],
  trafficPolicies: readonly XBackendTrafficPolicy[],
  references: References,
  gatewaysOf: GatewaysOfBackend,
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
  const byHost = new Map<
    string,
    { target: BackendTarget; host: string; effects: Effect[] }
  >();
  for (const { effects } of outcomes) {
    for (const effect of effects) {
      const { target } = effect;
      for (const host of target.hosts) {
        const key = `${target.kind}/${target.namespace}/${target.name}/${host}`;
        const same = byHost.get(key) ?? { target, host, effects: [] };
        same.effects.push(effect);
        byHost.set(key, same);
      }
    }
  }
  return {
    rules: [...byHost.values()].map(({ target, host, effects }) =>
      mergedRule(target, host, effects),
    ),
    policies: outcomes.map(({ policy, ancestors }) => ({ policy, ancestors })),
  };
}
