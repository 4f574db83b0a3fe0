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
  SlimObjectByKind,
  TrafficPolicy,
} from '../../objects';
import {
  backendTarget,
  clientTlsOf,
  isConflicted,
  type BackendTarget,
  type BackendTLSPolicy,
} from './backendTls';
import {
  reportedConditions,
  type Fault,
  type ReportedCondition,
} from './conditions';
import { compareByCreation } from './creationOrder';
import { GATEWAY_CONTROLLER, MESH_CONTROLLER } from './gatewayClasses';
import { INTERNAL_NAME } from './internalGateways';
import { GATEWAY_API, type References } from './references';

type XBackendTrafficPolicy = SlimObjectByKind['XBackendTrafficPolicy'];
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

/** A fault of one target stays on the targets after it, as istiod reports them. */
function tlsOutcome(
  policy: BackendTLSPolicy,
  all: readonly BackendTLSPolicy[],
  references: References,
  gatewaysOf: GatewaysOfBackend,
): Outcome {
  const { namespace } = policy.metadata;
  const tls = clientTlsOf(policy, references);
  const effects: Effect[] = [];
  const gateways = new Set<string>();
  const ancestors: PolicyAncestorStatus[] = [];
  let fault: Fault | undefined = tls.accepted;
  const conditionsNow = () =>
    reportedConditions({
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
  for (const reference of policy.spec.targetRefs ?? []) {
    const target = backendTarget(
      reference,
      namespace,
      ['Service', 'ServiceEntry'],
      references,
    );
    if ('fault' in target) {
      fault = target.fault;
    } else {
      if (isConflicted(policy, reference, all)) {
        fault = {
          reason: 'Conflicted',
          message: 'An older BackendTLSPolicy is about the same target',
        };
      } else {
        effects.push({
          policy,
          target,
          tls: tls.settings,
          ...((reference.sectionName ?? '') === ''
            ? {}
            : { section: reference.sectionName }),
        });
      }
      gatewaysOf(target.kind, namespace, target.name).forEach(name =>
        gateways.add(name),
      );
    }
    ancestors.push({
      ancestorRef: { ...reference, group: reference.group ?? '' },
      controllerName: MESH_CONTROLLER,
      conditions: conditionsNow(),
    });
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
      conditions: conditionsNow(),
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
  let fault: Fault | undefined;
  const ancestors = (policy.spec.targetRefs ?? []).map(reference => {
    const target = backendTarget(reference, namespace, ['Service'], references);
    if ('fault' in target) {
      fault = target.fault;
    } else {
      effects.push({ policy, target, traffic });
    }
    return {
      ancestorRef: { ...reference, group: reference.group ?? '' },
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
