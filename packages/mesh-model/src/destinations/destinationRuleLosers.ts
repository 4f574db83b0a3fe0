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
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { destinationRulesNaming, exportToOf } from './destinationRuleIndex';
import type {
  DestinationRuleQuery,
  DestinationRuleStep,
} from './destinationRuleLookup';
import type {
  MergedDestinationRule,
  PolicyObject,
} from './mergedDestinationRule';

type DestinationRule = SlimObjectByKind['DestinationRule'];

/** Where the rule that acts was found, in words. R6.2 */
export const STEP_SAYS: Readonly<Record<DestinationRuleStep, string>> = {
  'client-namespace': "found first, in the client's namespace",
  'service-namespace': "found in the service's namespace",
  'root-namespace': 'found in the root namespace',
};

/** The rule that acts, if one does. */
interface Winner {
  rule?: MergedDestinationRule;
  step?: DestinationRuleStep;
}

/** R6.3, R1.12 */
function isExported(
  rule: DestinationRule,
  { clientNamespace }: DestinationRuleQuery,
  defaultExportTo: readonly string[],
): boolean {
  const isOwn = rule.metadata.namespace === clientNamespace;
  const exportTo = exportToOf(rule);
  return exportTo.size === 0
    ? !defaultExportTo.includes('.') || isOwn
    : exportTo.has('*') ||
        exportTo.has(clientNamespace) ||
        (exportTo.has('.') && isOwn);
}

function notExported(
  rule: DestinationRule,
  { clientNamespace }: DestinationRuleQuery,
): Provenance {
  return rule.spec.workloadSelector === undefined
    ? provenanceOf(
        rule,
        'spec.exportTo',
        `Not exported to namespace ${clientNamespace}`,
      )
    : provenanceOf(
        rule,
        'spec.workloadSelector',
        `A DestinationRule with a workloadSelector acts only on clients of its own namespace ${rule.metadata.namespace}`,
      );
}

/** R6.2 */
function isLookedUp(
  { metadata: { namespace } }: DestinationRule,
  { clientNamespace, serviceNamespace, rootNamespace }: DestinationRuleQuery,
): boolean {
  return (
    namespace === clientNamespace ||
    namespace === serviceNamespace ||
    namespace === rootNamespace
  );
}

/** The namespaces in which rules are looked for, each with what it is the namespace of. R6.2 */
function lookedUpInWords({
  clientNamespace,
  serviceNamespace,
  rootNamespace,
}: DestinationRuleQuery): string {
  const roles = [
    ['the client', clientNamespace],
    ['the service', serviceNamespace],
    ['the root', rootNamespace],
  ] as const;
  const namespaces = new Set(roles.flatMap(([, name]) => name ?? []));
  return Array.from(namespaces, namespace => {
    const of = roles.flatMap(([role, name]) =>
      name === namespace ? role : [],
    );
    return `${namespace} (${of.join(', ')})`;
  }).join(' and ');
}

function neverLookedUp(
  rule: DestinationRule,
  query: DestinationRuleQuery,
): Provenance {
  const unknown =
    query.serviceNamespace === undefined
      ? '; which namespace the service has is not known'
      : '';
  return provenanceOf(
    rule,
    'metadata.namespace',
    `Never looked up: rules come from ${lookedUpInWords(query)} only${unknown}`,
  );
}

/** Why another rule acts. R6.2, R6.4, R6.5 */
function whyOtherActs(
  rule: DestinationRule,
  { clientNamespace }: DestinationRuleQuery,
  other: PolicyObject,
  step: DestinationRuleStep = 'client-namespace',
): string {
  const { namespace, name } = other.metadata;
  return rule.spec.workloadSelector !== undefined &&
    rule.metadata.namespace === clientNamespace
    ? "Its workloadSelector does not match the client's labels, or another rule that does is first"
    : `${namespace}/${name} was ${STEP_SAYS[step]} or has the more specific host; rules of several namespaces do not merge`;
}

/** Why a rule that a client sees for the host does not act on it. R6.5 */
function notChosen(
  rule: DestinationRule,
  query: DestinationRuleQuery,
  winner: Winner,
): Provenance {
  const other = winner.rule?.from[0];
  if (other !== undefined) {
    return provenanceOf(
      rule,
      'spec.host',
      whyOtherActs(rule, query, other, winner.step),
    );
  }
  return rule.spec.workloadSelector !== undefined
    ? provenanceOf(
        rule,
        'spec.workloadSelector',
        "Its workloadSelector does not match the client's labels",
      )
    : provenanceOf(
        rule,
        'spec.host',
        `Rules of namespace ${query.clientNamespace} with a workloadSelector are found first, and none of them selects this client; rules of several namespaces do not merge`,
      );
}

function whyLosing(
  rule: DestinationRule,
  query: DestinationRuleQuery,
  defaultExportTo: readonly string[],
  winner: Winner,
): Provenance {
  if (!isExported(rule, query, defaultExportTo)) {
    return notExported(rule, query);
  }
  return isLookedUp(rule, query)
    ? notChosen(rule, query, winner)
    : neverLookedUp(rule, query);
}

/**
 * The DestinationRules that cover a host and do not act on a client, each with the reason; first the parts that the merge of
 * the rule that acts has dropped. R6.2 – R6.5
 */
export function losersOf(
  snapshot: MeshSnapshot,
  query: DestinationRuleQuery,
  winner: Winner,
): Provenance[] {
  const { defaultDestinationRuleExportTo } = meshConfigOf(snapshot);
  const { from = [], dropped = [] } = winner.rule ?? {};
  const acting = new Set<PolicyObject>(from);
  return [
    ...dropped.map(({ object, path, why }) => provenanceOf(object, path, why)),
    ...destinationRulesNaming(snapshot, query.host)
      .filter(rule => !acting.has(rule))
      .map(rule =>
        whyLosing(rule, query, defaultDestinationRuleExportTo, winner),
      ),
  ];
}
