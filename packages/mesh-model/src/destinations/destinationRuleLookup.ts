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

import type { StringMap } from '../objects';
import type { NamespaceDestinationRules } from './destinationRuleIndex';
import { mostSpecificHostMatch } from './hostLookup';
import type {
  DestinationRulesByHost,
  MergedDestinationRule,
} from './mergedDestinationRule';

/** Where the rules of a client were found. */
export type DestinationRuleStep =
  | 'client-namespace'
  | 'service-namespace'
  | 'root-namespace';

/** What a lookup needs to know. */
export interface DestinationRuleQuery {
  host: string;
  clientNamespace: string;
  /** `undefined` when no service of the registry has the host. */
  serviceNamespace: string | undefined;
  rootNamespace: string;
}

/** All rules that a client's namespace sees for a host; which one acts depends on the client's labels. */
export interface VisibleDestinationRules {
  step?: DestinationRuleStep;
  rules: readonly MergedDestinationRule[];
}

function isExportedTo(
  rule: MergedDestinationRule,
  clientNamespace: string,
): boolean {
  const { exportTo } = rule;
  return (
    exportTo.size === 0 ||
    exportTo.has('*') ||
    exportTo.has(clientNamespace) ||
    (exportTo.has('.') && rule.namespace === clientNamespace)
  );
}

function matching(
  rules: DestinationRulesByHost,
  host: string,
): readonly MergedDestinationRule[] {
  return mostSpecificHostMatch(host, rules)?.entry ?? [];
}

/**
 * The DestinationRules a client sees for a host: of its own namespace, else of the service's, else of the root namespace.
 * The first namespace with a matching host wins wholesale, even with a wildcard. R6.2
 */
export function visibleDestinationRules(
  query: DestinationRuleQuery,
  rulesOf: (namespace: string) => NamespaceDestinationRules,
): VisibleDestinationRules {
  const { host, clientNamespace, serviceNamespace, rootNamespace } = query;
  const own = rulesOf(clientNamespace);
  const local = matching(
    clientNamespace === rootNamespace ? own.privateOnly : own.local,
    host,
  );
  if (local.length > 0) {
    return { step: 'client-namespace', rules: local };
  }
  const exported = (namespace: string) =>
    matching(rulesOf(namespace).exported, host).filter(rule =>
      isExportedTo(rule, clientNamespace),
    );
  if (serviceNamespace !== undefined) {
    const ofService = exported(serviceNamespace);
    if (ofService.length > 0) {
      return { step: 'service-namespace', rules: ofService };
    }
  }
  const ofRoot = exported(rootNamespace);
  return ofRoot.length > 0
    ? { step: 'root-namespace', rules: ofRoot }
    : { rules: [] };
}

function selects(selector: StringMap, labels: StringMap): boolean {
  return Object.entries(selector).every(
    ([key, value]) => labels[key] === value,
  );
}

/**
 * Of the visible rules, the one that acts on a client: the first whose `workloadSelector` matches the client's labels,
 * else the last without a selector. R6.4, R6.5
 */
export function destinationRuleForLabels(
  rules: readonly MergedDestinationRule[],
  clientNamespace: string,
  labels: StringMap,
): MergedDestinationRule | undefined {
  let catchAll: MergedDestinationRule | undefined;
  for (const rule of rules) {
    if (rule.workloadSelector === undefined) {
      catchAll = rule;
    } else if (
      rule.namespace === clientNamespace &&
      selects(rule.workloadSelector, labels)
    ) {
      return rule;
    }
  }
  return catchAll;
}
