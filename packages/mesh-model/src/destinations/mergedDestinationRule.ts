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
  DestinationRuleSpec,
  SlimObjectByKind,
  StringMap,
  Subset,
} from '../objects';
import type { BackendPolicies } from './backendPolicies';

type DestinationRule = SlimObjectByKind['DestinationRule'];

/** An object that sets traffic policy: a DestinationRule, or a policy of Gateway API for backends. */
export type PolicyObject =
  | DestinationRule
  | SlimObjectByKind['BackendTLSPolicy']
  | SlimObjectByKind['XBackendTrafficPolicy'];

/** A part of a DestinationRule and where it stands. */
export interface Sourced<T> {
  value: T;
  object: PolicyObject;
  /** for example `spec.subsets[1].trafficPolicy.tls` */
  path: string;
}

/** DestinationRules of one namespace and host that act as one (R6.4). */
export interface MergedDestinationRule {
  namespace: string;
  /** fully qualified */
  host: string;
  /** Absent when the rule applies to every client of its scope. */
  workloadSelector?: StringMap;
  /** Verbatim; empty means the mesh default. */
  exportTo: ReadonlySet<string>;
  trafficPolicy?: Sourced<NonNullable<DestinationRuleSpec['trafficPolicy']>>;
  /** What policies of Gateway API set for the Service; it fills what the rules do not set. R6.6 */
  backendPolicies?: BackendPolicies;
  subsets: readonly (Sourced<Subset> & { object: DestinationRule })[];
  /** The rules that were merged, the one that gives the name first; without any, the policies that act alone. */
  from: readonly PolicyObject[];
  /** Parts that a merge dropped, each with the reason. */
  dropped: readonly { object: DestinationRule; path: string; why: string }[];
}

/** DestinationRules of one scope, by host. */
export interface DestinationRulesByHost {
  exact: Map<string, MergedDestinationRule[]>;
  wildcard: Map<string, MergedDestinationRule[]>;
}

export function emptyRulesByHost(): DestinationRulesByHost {
  return { exact: new Map(), wildcard: new Map() };
}

function sameLabels(a: StringMap, b: StringMap): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => a[key] === b[key])
  );
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every(item => b.has(item));
}

function isSuperset(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...b].every(item => a.has(item));
}

function selectorOf(rule: DestinationRule): StringMap | undefined {
  return rule.spec.workloadSelector === undefined
    ? undefined
    : rule.spec.workloadSelector.matchLabels ?? {};
}

/** One DestinationRule as it stands, before any merge. */
function consolidated(
  rule: DestinationRule,
  host: string,
  exportTo: ReadonlySet<string>,
): MergedDestinationRule {
  const workloadSelector = selectorOf(rule);
  const policy = rule.spec.trafficPolicy;
  return {
    namespace: rule.metadata.namespace,
    host,
    ...(workloadSelector === undefined ? {} : { workloadSelector }),
    exportTo,
    ...(policy === undefined
      ? {}
      : {
          trafficPolicy: {
            value: policy,
            object: rule,
            path: 'spec.trafficPolicy',
          },
        }),
    subsets: (rule.spec.subsets ?? []).map((value, index) => ({
      value,
      object: rule,
      path: `spec.subsets[${index}]`,
    })),
    from: [rule],
    dropped: [],
  };
}

function withRule(
  merged: MergedDestinationRule,
  rule: DestinationRule,
): MergedDestinationRule {
  const names = new Set(merged.subsets.map(subset => subset.value.name));
  const subsets = [...merged.subsets];
  const dropped = [...merged.dropped];
  for (const [index, value] of (rule.spec.subsets ?? []).entries()) {
    const path = `spec.subsets[${index}]`;
    if (names.has(value.name)) {
      dropped.push({
        object: rule,
        path,
        why: `An older DestinationRule for the same host already defines subset ${value.name}; the first definition is used`,
      });
    } else {
      names.add(value.name);
      subsets.push({ value, object: rule, path });
    }
  }
  const policy = rule.spec.trafficPolicy;
  const next = { ...merged, subsets, dropped, from: [...merged.from, rule] };
  if (policy === undefined) {
    return next;
  }
  if (merged.trafficPolicy === undefined) {
    next.trafficPolicy = {
      value: policy,
      object: rule,
      path: 'spec.trafficPolicy',
    };
    return next;
  }
  dropped.push({
    object: rule,
    path: 'spec.trafficPolicy',
    why: `${merged.trafficPolicy.object.metadata.name} is first for this host and has a traffic policy; traffic policies are not merged`,
  });
  return next;
}

/**
 * Adds a rule to the entries of its host: folded into those it may be merged with, and on its own where Istio keeps it
 * apart. The order of calls is selector rules first, then oldest first. R6.4
 */
export function addDestinationRule(
  rules: DestinationRulesByHost,
  rule: DestinationRule,
  host: string,
  exportTo: ReadonlySet<string>,
): void {
  const byHost = host.startsWith('*') ? rules.wildcard : rules.exact;
  const entries = byHost.get(host);
  if (entries === undefined) {
    byHost.set(host, [consolidated(rule, host, exportTo)]);
    return;
  }
  const selector = selectorOf(rule);
  let separate = true;
  for (const [index, entry] of entries.entries()) {
    const other = entry.workloadSelector;
    const bothSelect = selector !== undefined && other !== undefined;
    const selectorsAgree = bothSelect && sameLabels(selector, other);
    if (bothSelect && !selectorsAgree) {
      separate = true;
      continue;
    }
    const equal = sameSet(exportTo, entry.exportTo);
    const wider =
      entry.exportTo.size > 0 && isSuperset(exportTo, entry.exportTo);
    separate = !equal;
    if (!equal && !wider) {
      continue;
    }
    if (selectorsAgree || (selector === undefined && other === undefined)) {
      separate = false;
    } else if (selector === undefined) {
      separate = true;
    }
    entries[index] = withRule(entry, rule);
  }
  if (separate) {
    entries.push(consolidated(rule, host, exportTo));
  }
}
