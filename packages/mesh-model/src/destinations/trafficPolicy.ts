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
  ClientTlsMode,
  ClientTlsSettings,
  ConnectionPoolSettings,
  LoadBalancerSettings,
  OutlierDetection,
  TrafficPolicy,
} from '../objects';
import type { MergedDestinationRule, Sourced } from './mergedDestinationRule';

/** The traffic policy that acts on one port and subset, each block with the place it comes from. */
export interface EffectiveTrafficPolicy {
  connectionPool?: Sourced<ConnectionPoolSettings>;
  loadBalancer?: Sourced<LoadBalancerSettings>;
  outlierDetection?: Sourced<OutlierDetection>;
  tls?: Sourced<ClientTlsSettings>;
  tunnel?: Sourced<NonNullable<TrafficPolicy['tunnel']>>;
  proxyProtocol?: Sourced<NonNullable<TrafficPolicy['proxyProtocol']>>;
  retryBudget?: Sourced<NonNullable<TrafficPolicy['retryBudget']>>;
}

/** The blocks that a port entry replaces as a whole. R6.7 */
const PORT_BLOCKS = [
  'connectionPool',
  'loadBalancer',
  'outlierDetection',
  'tls',
] as const;

const ALL_BLOCKS = [
  ...PORT_BLOCKS,
  'tunnel',
  'proxyProtocol',
  'retryBudget',
] as const;

function blocksOf<B extends (typeof ALL_BLOCKS)[number]>(
  source: Sourced<{ [K in B]?: TrafficPolicy[K] }>,
  blocks: readonly B[],
): EffectiveTrafficPolicy {
  return Object.fromEntries(
    blocks.flatMap(block => {
      const value = source.value[block];
      return value === undefined
        ? []
        : [
            [
              block,
              { value, object: source.object, path: `${source.path}.${block}` },
            ],
          ];
    }),
  );
}

/** Where each block stands in the policy of Gateway API that sets it. */
const BACKEND_POLICY_FIELDS = {
  tls: { kind: 'BackendTLSPolicy', path: 'spec.validation' },
  loadBalancer: {
    kind: 'XBackendTrafficPolicy',
    path: 'spec.sessionPersistence',
  },
  retryBudget: { kind: 'XBackendTrafficPolicy', path: 'spec.retryConstraint' },
} as const;

/** What policies of Gateway API set for a port; it stands where no DestinationRule sets the block. R6.6 */
function backendBlocks(
  rule: MergedDestinationRule,
  port: number,
): EffectiveTrafficPolicy {
  const { policy, sources = [] } = rule.backendPolicies ?? {};
  if (policy === undefined) {
    return {};
  }
  const tls =
    policy.portLevelSettings?.find(entry => entry.port?.number === port)?.tls ??
    policy.tls;
  const values = { ...policy, ...(tls === undefined ? {} : { tls }) };
  return Object.fromEntries(
    Object.entries(BACKEND_POLICY_FIELDS).flatMap(([block, { kind, path }]) => {
      const value = values[block as keyof typeof BACKEND_POLICY_FIELDS];
      const object = sources.find(source => source.kind === kind);
      return value === undefined || object === undefined
        ? []
        : [[block, { value, object, path }]];
    }),
  );
}

function portEntryOf(
  policy: Sourced<TrafficPolicy>,
  port: number,
): EffectiveTrafficPolicy | undefined {
  const entries = policy.value.portLevelSettings ?? [];
  const index = entries.findIndex(entry => entry.port?.number === port);
  return index < 0
    ? undefined
    : blocksOf(
        {
          value: entries[index],
          object: policy.object,
          path: `${policy.path}.portLevelSettings[${index}]`,
        },
        PORT_BLOCKS,
      );
}

/** The policy of a rule's subset, with its place, when the subset exists and has one. */
function subsetPolicyOf(
  rule: MergedDestinationRule,
  subsetName: string,
): Sourced<TrafficPolicy> | undefined {
  const subset = rule.subsets.find(item => item.value.name === subsetName);
  const value = subset?.value.trafficPolicy;
  return subset === undefined || value === undefined
    ? undefined
    : { value, object: subset.object, path: `${subset.path}.trafficPolicy` };
}

/**
 * What acts on a connection to a service port, and to a subset of it when named.
 *
 * A `portLevelSettings` entry for the port replaces connection pool, load balancer, outlier detection and TLS as a whole
 * and drops the rest (R6.7). A subset overrides block by block; its own port entry replaces the four blocks (R6.8). So the
 * header or cookie that is hashed is that of the subset’s port, else the subset’s, else the port’s, else the rule’s (R5.28).
 */
export function trafficPolicyFor(
  rule: MergedDestinationRule | undefined,
  port: number,
  subset?: string,
): EffectiveTrafficPolicy {
  if (rule === undefined) {
    return {};
  }
  const top = rule.trafficPolicy;
  const base = {
    ...backendBlocks(rule, port),
    ...(top === undefined
      ? {}
      : portEntryOf(top, port) ?? blocksOf(top, ALL_BLOCKS)),
  };
  const ofSubset =
    subset === undefined || subset === ''
      ? undefined
      : subsetPolicyOf(rule, subset);
  if (ofSubset === undefined) {
    return base;
  }
  const merged = { ...base, ...blocksOf(ofSubset, ALL_BLOCKS) };
  const portEntry = portEntryOf(ofSubset, port);
  if (portEntry === undefined) {
    return merged;
  }
  const { connectionPool, loadBalancer, outlierDetection, tls, ...rest } =
    merged;
  return { ...rest, ...portEntry };
}

function endpointTlsMode(
  policy: Sourced<TrafficPolicy> | undefined,
  port: number,
): Sourced<ClientTlsMode> | undefined {
  if (policy === undefined) {
    return undefined;
  }
  const entries = policy.value.portLevelSettings ?? [];
  const index = entries.findIndex(
    entry => entry.port?.number === port && entry.tls !== undefined,
  );
  const tls = index < 0 ? policy.value.tls : entries[index].tls;
  if (tls === undefined) {
    return undefined;
  }
  return {
    value: tls.mode ?? 'DISABLE',
    object: policy.object,
    path:
      index < 0
        ? `${policy.path}.tls`
        : `${policy.path}.portLevelSettings[${index}].tls`,
  };
}

/**
 * The TLS mode that istiod's endpoint builder sees. It differs from `trafficPolicyFor(…).tls`: a port entry without
 * `tls` inherits the top-level `tls` here, while there it unsets it. R3.10
 */
export function endpointTlsModeFor(
  rule: MergedDestinationRule | undefined,
  port: number,
  subset?: string,
): Sourced<ClientTlsMode> | undefined {
  if (rule === undefined) {
    return undefined;
  }
  const ofSubset =
    subset === undefined || subset === ''
      ? undefined
      : endpointTlsMode(subsetPolicyOf(rule, subset), port);
  const written = ofSubset ?? endpointTlsMode(rule.trafficPolicy, port);
  const { tls } = backendBlocks(rule, port);
  return written ?? (tls && { ...tls, value: tls.value.mode ?? 'DISABLE' });
}
