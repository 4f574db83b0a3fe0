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

import type { SlimObjectByKind } from '../objects';
import { meshConfigOf } from '../identity';
import { resolveShortName } from '../routing/names';
import { trafficPoliciesRead } from '../gateways/gatewayApi/experimentalPolicies';
import {
  AskedTable,
  derivation,
  following,
  type MeshSnapshot,
} from '../snapshot';
import { allHostMatches, hostIndexOf, type HostIndex } from './hostLookup';
import { changedHosts } from './changedHosts';
import {
  addBackendPolicies,
  backendPoliciesOfNamespace,
  type BackendPolicies,
} from './backendPolicies';
import {
  addDestinationRule,
  emptyRulesByHost,
  type DestinationRulesByHost,
} from './mergedDestinationRule';

type DestinationRule = SlimObjectByKind['DestinationRule'];

/** The DestinationRules of one namespace, as clients inside and outside look them up. */
export interface NamespaceDestinationRules {
  /** What clients of the same namespace look up (not used for the root namespace). */
  local: DestinationRulesByHost;
  /** What clients anywhere may look up, if exported to them. */
  exported: DestinationRulesByHost;
  /** Private ones; only clients in the root namespace look these up, in the root namespace. */
  privateOnly: DestinationRulesByHost;
}

/** Settings of the mesh that decide how DestinationRules are found. */
export interface DestinationRuleSettings {
  rootNamespace: string;
  clusterDomain: string;
  /** `defaultDestinationRuleExportTo`; only whether it contains `.` counts. R1.12 */
  defaultExportTo: readonly string[];
}

/** A DestinationRule with a workload selector never leaves its namespace. R6.3 */
export function exportToOf(rule: DestinationRule): ReadonlySet<string> {
  return rule.spec.workloadSelector === undefined
    ? new Set(rule.spec.exportTo ?? [])
    : new Set(['.']);
}

function compareRules(a: DestinationRule, b: DestinationRule): number {
  const selects = (rule: DestinationRule) =>
    rule.spec.workloadSelector === undefined ? 1 : 0;
  return selects(a) - selects(b);
}

/**
 * The index of the DestinationRules of one namespace. `rules` are in the universal order. R6.3, R6.4
 *
 * @param policies - of Gateway API for backends in the namespace (R6.6)
 */
export function indexDestinationRules(
  rules: readonly DestinationRule[],
  namespace: string,
  settings: DestinationRuleSettings,
  policies: readonly BackendPolicies[] = [],
): NamespaceDestinationRules {
  const index = {
    local: emptyRulesByHost(),
    exported: emptyRulesByHost(),
    privateOnly: emptyRulesByHost(),
  };
  // Array.prototype.sort is stable: age decides among rules with, and among rules without a selector.
  for (const rule of [...rules].sort(compareRules)) {
    const host = resolveShortName(
      rule.spec.host,
      namespace,
      settings.clusterDomain,
    );
    const exportTo = exportToOf(rule);
    if (
      exportTo.size === 0 ||
      exportTo.has('*') ||
      exportTo.has('.') ||
      exportTo.has(namespace)
    ) {
      addDestinationRule(index.local, rule, host, exportTo);
    }
    const privateOnly =
      exportTo.size === 0
        ? settings.defaultExportTo.includes('.')
        : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
    addDestinationRule(
      privateOnly ? index.privateOnly : index.exported,
      rule,
      host,
      exportTo,
    );
  }
  for (const backend of policies) {
    addBackendPolicies(index.local, backend);
    addBackendPolicies(index.exported, backend);
  }
  return index;
}

/** By namespace, and by whether istiod reads experimental policies: its settings are no part of a namespace. */
const indexOfNamespace = derivation(
  key => {
    const [namespace] = key.split('/');
    return [
      { kind: 'DestinationRule', namespace },
      { kind: 'BackendTLSPolicy', namespace },
      { kind: 'XBackendTrafficPolicy', namespace },
      { kind: 'Service', namespace },
      { kind: 'ServiceEntry', namespace },
      { kind: 'ConfigMap' },
    ];
  },
  (snapshot, key) => {
    const [namespace] = key.split('/');
    const mesh = meshConfigOf(snapshot);
    return indexDestinationRules(
      snapshot.list('DestinationRule', namespace),
      namespace,
      {
        rootNamespace: mesh.rootNamespace,
        clusterDomain: mesh.clusterDomain,
        defaultExportTo: mesh.defaultDestinationRuleExportTo,
      },
      backendPoliciesOfNamespace(snapshot, namespace),
    );
  },
);

/** The index of one namespace of a snapshot, kept until a DestinationRule there or the mesh configuration changes. */
export function destinationRulesOfNamespace(
  snapshot: MeshSnapshot,
  namespace: string,
): NamespaceDestinationRules {
  const experimental = trafficPoliciesRead(snapshot, namespace).length > 0;
  return indexOfNamespace(
    snapshot,
    experimental ? `${namespace}/experimental` : namespace,
  );
}

interface NamedRule {
  rule: DestinationRule;
  host: string;
}

const keptNames = new WeakMap<DestinationRule, NamedRule>();

/** The same one for the same rule, as long as it names the same host. */
function namedRule(rule: DestinationRule, clusterDomain: string): NamedRule {
  const known = keptNames.get(rule);
  const host = resolveShortName(
    rule.spec.host,
    rule.metadata.namespace,
    clusterDomain,
  );
  if (known?.host === host) {
    return known;
  }
  const named = { rule, host };
  keptNames.set(rule, named);
  return named;
}

/** Every DestinationRule of the mesh, with the host that it names. */
const namedRules = derivation(
  () => [{ kind: 'DestinationRule' }, { kind: 'ConfigMap' }],
  (snapshot): readonly NamedRule[] => {
    const { clusterDomain } = meshConfigOf(snapshot);
    return snapshot
      .list('DestinationRule')
      .map(rule => namedRule(rule, clusterDomain));
  },
);

const hostsOf = ({ host }: NamedRule) => [host];

const askedByHost = new AskedTable(
  following(namedRules, (rules, before: HostIndex<NamedRule> | undefined) =>
    hostIndexOf(rules, hostsOf, before),
  ),
  (before, after) => changedHosts(before.list, after.list, hostsOf),
);

/** Every DestinationRule of the mesh whose host pattern covers a host: who could act, most specific pattern first. */
export function destinationRulesNaming(
  snapshot: MeshSnapshot,
  host: string,
): readonly DestinationRule[] {
  return askedByHost.ask(
    snapshot,
    host,
    () => host,
    table =>
      allHostMatches(host, table).flatMap(named =>
        named.map(({ rule }) => rule),
      ),
  );
}
