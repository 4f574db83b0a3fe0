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

import {
  translateBackendPolicies,
  type BackendPolicyRule,
} from '../gateways/gatewayApi/backendPolicies';
import { trafficPoliciesRead } from '../gateways/gatewayApi/experimentalPolicies';
import { meshReferences } from '../gateways/gatewayApi/referencesOfMesh';
import type { TrafficPolicy } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import type {
  DestinationRulesByHost,
  MergedDestinationRule,
  PolicyObject,
} from './mergedDestinationRule';

/** Policies of Gateway API for one Service, or one host of a ServiceEntry: what they set, and where each part stands. */
export interface BackendPolicies {
  /** of the Service, or of the ServiceEntry */
  host: string;
  namespace: string;
  policy: TrafficPolicy;
  sources: readonly PolicyObject[];
}

function backendPoliciesOf({
  spec,
  namespace,
  sources,
}: BackendPolicyRule): BackendPolicies {
  return {
    host: spec.host,
    namespace,
    policy: spec.trafficPolicy ?? {},
    sources,
  };
}

/** BackendTLSPolicies and XBackendTrafficPolicies of a namespace, by Service. R6.6, R7.25 */
export function backendPoliciesOfNamespace(
  snapshot: MeshSnapshot,
  namespace: string,
): readonly BackendPolicies[] {
  const tls = snapshot.list('BackendTLSPolicy', namespace);
  const traffic = trafficPoliciesRead(snapshot, namespace);
  return tls.length + traffic.length === 0
    ? []
    : translateBackendPolicies(
        tls,
        traffic,
        meshReferences(snapshot),
        // Through which Gateways a policy acts decides its status only.
        () => [],
      ).rules.map(backendPoliciesOf);
}

function onlyPolicies(policies: BackendPolicies): MergedDestinationRule {
  return {
    namespace: policies.namespace,
    host: policies.host,
    exportTo: new Set(),
    backendPolicies: policies,
    subsets: [],
    from: policies.sources,
    dropped: [],
  };
}

/**
 * Adds the policies of a Service to the DestinationRules of its namespace: they fill what no DestinationRule sets,
 * whichever is older, and act alone where there is none. R6.6
 */
export function addBackendPolicies(
  rules: DestinationRulesByHost,
  policies: BackendPolicies,
): void {
  const table = policies.host.startsWith('*') ? rules.wildcard : rules.exact;
  const written = table.get(policies.host);
  table.set(
    policies.host,
    written === undefined
      ? [onlyPolicies(policies)]
      : written.map(rule => ({ ...rule, backendPolicies: policies })),
  );
}
