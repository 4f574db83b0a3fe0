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
  AuthorizationCondition,
  AuthorizationOperation,
  AuthorizationRule,
  AuthorizationSource,
} from '../objects';
import type { IpBlock } from './ipBlock';
import { parseIpBlock } from './ipBlock';
import type { AuthorizationPolicy } from './policyTarget';
import type { StringPattern } from './stringPattern';
import { parseStringPattern } from './stringPattern';

export interface ServiceAccountName {
  namespace: string;
  serviceAccount: string;
}

/** One match of ztunnel: an AND of its fields. A match without fields never matches. */
export interface ZtunnelMatch {
  namespaces?: readonly StringPattern[];
  notNamespaces?: readonly StringPattern[];
  serviceAccounts?: readonly ServiceAccountName[];
  notServiceAccounts?: readonly ServiceAccountName[];
  principals?: readonly StringPattern[];
  notPrincipals?: readonly StringPattern[];
  sourceIps?: readonly IpBlock[];
  notSourceIps?: readonly IpBlock[];
  destinationIps?: readonly IpBlock[];
  notDestinationIps?: readonly IpBlock[];
  destinationPorts?: readonly number[];
  notDestinationPorts?: readonly number[];
}

/** One rule of the policy: an AND of clauses, each an OR of matches. */
export interface ZtunnelGroup {
  ruleIndex: number;
  clauses: readonly (readonly ZtunnelMatch[])[];
}

/** What istiod sends to ztunnel for a policy. */
export interface ZtunnelAuthorization {
  name: string;
  namespace: string;
  action: 'ALLOW' | 'DENY';
  scope: 'GLOBAL' | 'NAMESPACE' | 'WORKLOAD_SELECTOR';
  groups: readonly ZtunnelGroup[];
  /** what ztunnel leaves out of the policy, one sentence each */
  notes: readonly string[];
}

const L4_KEYS: ReadonlySet<string> = new Set([
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
]);

type List = readonly string[] | undefined;

function mapped<T>(
  values: List,
  read: (value: string) => T | undefined,
): readonly T[] | undefined {
  const items = (values ?? []).flatMap(value => {
    const item = read(value);
    return item === undefined ? [] : [item];
  });
  return items.length > 0 ? items : undefined;
}

function portOf(value: string): number | undefined {
  return /^\d+$/.test(value) && Number(value) <= 65535
    ? Number(value)
    : undefined;
}

function accountOf(defaultNamespace: string) {
  return (value: string): ServiceAccountName => {
    const slash = value.indexOf('/');
    return slash < 0
      ? { namespace: defaultNamespace, serviceAccount: value }
      : {
          namespace: value.slice(0, slash),
          serviceAccount: value.slice(slash + 1),
        };
  };
}

/** Drops the fields that are not set, so that a match without any is visibly empty. */
function compact(match: ZtunnelMatch): ZtunnelMatch {
  return Object.fromEntries(
    Object.entries(match).filter(([, value]) => value !== undefined),
  );
}

function sourceMatch(
  source: AuthorizationSource,
  namespace: string,
): ZtunnelMatch {
  return compact({
    namespaces: mapped(source.namespaces, parseStringPattern),
    notNamespaces: mapped(source.notNamespaces, parseStringPattern),
    serviceAccounts: mapped(source.serviceAccounts, accountOf(namespace)),
    notServiceAccounts: mapped(source.notServiceAccounts, accountOf(namespace)),
    principals: mapped(source.principals, parseStringPattern),
    notPrincipals: mapped(source.notPrincipals, parseStringPattern),
    sourceIps: mapped(source.ipBlocks, parseIpBlock),
    notSourceIps: mapped(source.notIpBlocks, parseIpBlock),
  });
}

function operationMatch(operation: AuthorizationOperation): ZtunnelMatch {
  return compact({
    destinationPorts: mapped(operation.ports, portOf),
    notDestinationPorts: mapped(operation.notPorts, portOf),
  });
}

function conditionMatch(condition: AuthorizationCondition): ZtunnelMatch {
  const { values, notValues } = condition;
  switch (condition.key) {
    case 'source.ip':
      return compact({
        sourceIps: mapped(values, parseIpBlock),
        notSourceIps: mapped(notValues, parseIpBlock),
      });
    case 'source.namespace':
      return compact({
        namespaces: mapped(values, parseStringPattern),
        notNamespaces: mapped(notValues, parseStringPattern),
      });
    case 'source.principal':
      return compact({
        principals: mapped(values, parseStringPattern),
        notPrincipals: mapped(notValues, parseStringPattern),
      });
    case 'destination.ip':
      return compact({
        destinationIps: mapped(values, parseIpBlock),
        notDestinationIps: mapped(notValues, parseIpBlock),
      });
    case 'destination.port':
      return compact({
        destinationPorts: mapped(values, portOf),
        notDestinationPorts: mapped(notValues, portOf),
      });
    default:
      return {};
  }
}

const L7_SOURCE = [
  'remoteIpBlocks',
  'notRemoteIpBlocks',
  'requestPrincipals',
  'notRequestPrincipals',
] as const;
const L7_OPERATION = [
  'hosts',
  'notHosts',
  'methods',
  'notMethods',
  'paths',
  'notPaths',
] as const;
const UNTRANSLATED = ['trustDomains', 'notTrustDomains'] as const;

/** The attributes of a rule that only HTTP has, with their paths in it: ztunnel cannot see them. R4.24 */
export function httpAttributesOfRule(
  rule: AuthorizationRule,
): { name: string; path: string }[] {
  const { from = [], to = [], when = [] } = rule;
  return [
    ...from.flatMap(({ source }, position) =>
      L7_SOURCE.filter(name => source?.[name]?.length).map(name => ({
        name,
        path: `from[${position}].source.${name}`,
      })),
    ),
    ...to.flatMap(({ operation }, position) =>
      L7_OPERATION.filter(name => operation?.[name]?.length).map(name => ({
        name,
        path: `to[${position}].operation.${name}`,
      })),
    ),
    ...when.flatMap(({ key }, position) =>
      L4_KEYS.has(key)
        ? []
        : [{ name: key, path: `when[${position}].key (${key})` }],
    ),
  ];
}

function untranslated(rule: AuthorizationRule, path: string): string[] {
  return (rule.from ?? []).flatMap(({ source }, position) =>
    UNTRANSLATED.filter(name => source?.[name]?.length).map(
      name => `${path}.from[${position}].source.${name}`,
    ),
  );
}

function clausesOf(
  rule: AuthorizationRule,
  namespace: string,
): ZtunnelMatch[][] {
  const clauses: ZtunnelMatch[][] = [];
  if (rule.to?.length) {
    clauses.push(
      rule.to.map(({ operation }) => operationMatch(operation ?? {})),
    );
  }
  if (rule.from?.length) {
    clauses.push(
      rule.from.map(({ source }) => sourceMatch(source ?? {}, namespace)),
    );
  }
  for (const condition of rule.when ?? []) {
    clauses.push([conditionMatch(condition)]);
  }
  return clauses;
}

/** Without fields: ztunnel never matches it. */
export function isEmptyMatch(match: ZtunnelMatch): boolean {
  return Object.keys(match).length === 0;
}

function convert(
  policy: AuthorizationPolicy,
  action: 'ALLOW' | 'DENY',
  rootNamespace: string,
): ZtunnelAuthorization {
  const { namespace, name } = policy.metadata;
  const notes: string[] = [];
  const groups: ZtunnelGroup[] = [];
  for (const [ruleIndex, rule] of (policy.spec.rules ?? []).entries()) {
    const path = `spec.rules[${ruleIndex}]`;
    const http = httpAttributesOfRule(rule).map(
      attribute => `${path}.${attribute.path}`,
    );
    for (const field of untranslated(rule, path)) {
      notes.push(`${field} is not translated for ztunnel, which ignores it`);
    }
    if (http.length > 0 && action === 'ALLOW') {
      notes.push(
        `${path} never allows at ztunnel, because it needs HTTP: ${http.join(
          ', ',
        )}`,
      );
      continue;
    }
    const clauses = clausesOf(rule, namespace);
    const noop = clauses.some(clause => clause.every(isEmptyMatch));
    if (noop) {
      notes.push(
        `${path} has no effect at ztunnel: one of its clauses holds nothing that ztunnel can see (${http.join(
          ', ',
        )})`,
      );
    } else if (http.length > 0) {
      notes.push(
        `${path} denies more than it says at ztunnel, which ignores ${http.join(
          ', ',
        )}`,
      );
    }
    groups.push({ ruleIndex, clauses });
  }
  // An empty selector counts as one: istiod then gives the policy to no workload.
  const selects = policy.spec.selector !== undefined;
  let scope: ZtunnelAuthorization['scope'] = 'NAMESPACE';
  if (selects) {
    scope = 'WORKLOAD_SELECTOR';
  } else if (namespace === rootNamespace) {
    scope = 'GLOBAL';
  }
  return { name, namespace, action, scope, groups, notes };
}

const converted = new WeakMap<
  AuthorizationPolicy,
  Map<string, ZtunnelAuthorization | undefined>
>();

/**
 * What ztunnel enforces of a policy (R4.24); `undefined` when nothing: it has targetRefs, or its action is AUDIT or
 * CUSTOM.
 */
export function ztunnelAuthorizationOf(
  policy: AuthorizationPolicy,
  rootNamespace: string,
): ZtunnelAuthorization | undefined {
  const { action, targetRef, targetRefs } = policy.spec;
  if (
    targetRef ||
    targetRefs?.length ||
    (action !== 'ALLOW' && action !== 'DENY')
  ) {
    return undefined;
  }
  const known = converted.get(policy) ?? new Map();
  converted.set(policy, known);
  if (!known.has(rootNamespace)) {
    known.set(rootNamespace, convert(policy, action, rootNamespace));
  }
  return known.get(rootNamespace);
}
