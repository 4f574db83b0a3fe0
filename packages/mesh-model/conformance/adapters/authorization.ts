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

import { projectObject } from '../../src/objects';
import type { MeshObject, StringMap } from '../../src/objects';
import { snapshotOf } from '../../src/snapshot';
import type {
  AttachedPolicies,
  AuthorizationMesh,
  PolicyTarget,
  TargetService,
} from '../../src/authorization';
import { policiesOf } from '../../src/authorization';
import { serviceAccountTest } from '../../src/authorization/peerPattern';
import { resolveRequest } from '../../src/authorization/request';

/** A case of the tables that this adapter reads; fields that a test does not have are absent. */
interface Selection {
  workloadNamespace: string;
  workloadLabels?: StringMap;
  isWaypoint?: boolean;
  rootNamespace?: string;
  services?: readonly TargetService[];
}

interface RawObject {
  metadata: { name: string; namespace: string };
}

interface WantedPolicy {
  name: string;
  namespace: string;
}

interface ListCase {
  selectionOpts: Selection;
  configs?: readonly RawObject[];
  wantAllow?: readonly WantedPolicy[];
  wantDeny?: readonly WantedPolicy[];
  wantAudit?: readonly WantedPolicy[];
  wantCustom?: readonly WantedPolicy[];
}

interface MatcherCase {
  selection: Selection;
  policy: Readonly<Record<string, unknown>>;
  expected: boolean;
  enableSelectorPolicies: boolean;
}

interface ServiceAccountCase {
  input: string;
  identity: string;
  match: boolean;
}

const DEFAULT_ROOT = 'istio-config';
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

function targetOf(selection: Selection): PolicyTarget {
  const labels = selection.workloadLabels ?? {};
  const gateway = labels[GATEWAY_NAME] === undefined ? 'sidecar' : 'gateway';
  return {
    proxy: selection.isWaypoint ? 'waypoint' : gateway,
    namespace: selection.workloadNamespace,
    labels,
    services: selection.services,
  };
}

function meshOf(
  selection: Selection,
  selectorBasedGatewayPolicy: boolean,
): AuthorizationMesh {
  return {
    rootNamespace: selection.rootNamespace ?? DEFAULT_ROOT,
    trustDomain: 'cluster.local',
    trustDomainAliases: [],
    selectorBasedGatewayPolicy,
  };
}

function project(raw: unknown): MeshObject {
  const object = projectObject(raw);
  if (!object) {
    throw new Error(`cannot project ${JSON.stringify(raw)}`);
  }
  return object;
}

function compare(
  action: string,
  actual: AttachedPolicies['allow'],
  wanted: readonly WantedPolicy[] | undefined,
): string[] {
  const names = actual.map(
    ({ policy }) => `${policy.metadata.namespace}/${policy.metadata.name}`,
  );
  const expected = (wanted ?? []).map(
    ({ namespace, name }) => `${namespace}/${name}`,
  );
  return names.join(' ') === expected.join(' ')
    ? []
    : [`${action}: expected [${expected}], got [${names}]`];
}

function verdict(differences: readonly string[]): string | undefined {
  return differences.length === 0 ? undefined : differences.join('; ');
}

function listAuthorizationPolicies(testCase: ListCase): string | undefined {
  const selection = testCase.selectionOpts;
  const snapshot = snapshotOf((testCase.configs ?? []).map(project));
  const attached = policiesOf(
    snapshot,
    targetOf(selection),
    meshOf(selection, true),
  );
  return verdict([
    ...compare('allow', attached.allow, testCase.wantAllow),
    ...compare('deny', attached.deny, testCase.wantDeny),
    ...compare('audit', attached.audit, testCase.wantAudit),
    ...compare('custom', attached.custom, testCase.wantCustom),
  ]);
}

/** The table's policies all stand in this namespace. */
const POLICY_NAMESPACE = 'default';

function policyMatcher(testCase: MatcherCase): string | undefined {
  const { selection, policy } = testCase;
  const snapshot = snapshotOf([
    project({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'policy', namespace: POLICY_NAMESPACE },
      spec: policy,
    }),
  ]);
  const target = targetOf(selection);
  const mesh = meshOf(selection, testCase.enableSelectorPolicies);
  const matches = policiesOf(snapshot, target, mesh).allow.length > 0;
  return matches === testCase.expected
    ? undefined
    : `expected ${testCase.expected}, got ${matches}`;
}

function serviceAccount(testCase: ServiceAccountCase): string | undefined {
  const request = resolveRequest(
    { peer: { spiffe: testCase.identity } },
    'cluster.local',
    'none',
  );
  const matches = serviceAccountTest(testCase.input, 'my-ns')(request);
  return matches === testCase.match
    ? undefined
    : `expected ${testCase.match}, got ${String(matches)}`;
}

/** Judges one case of `tables/authorization.json`; returns what differs, `undefined` when nothing does. */
export const authorizationTests: Readonly<
  Record<string, (testCase: unknown) => string | undefined>
> = {
  TestAuthorizationPolicies_ListAuthorizationPolicies: testCase =>
    listAuthorizationPolicies(testCase as ListCase),
  TestPolicyMatcher: testCase => policyMatcher(testCase as MatcherCase),
  TestServiceAccount: testCase =>
    serviceAccount(testCase as ServiceAccountCase),
};
