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

import { policiesOf, type TargetService } from '../../src/authorization';
import {
  projectObject,
  type MeshObject,
  type StringMap,
} from '../../src/objects';
import {
  compareByAge,
  isSubset,
  snapshotOf,
  type SnapshotStore,
} from '../../src/snapshot';
import { sidecarServerMode } from '../../src/mtls';
import {
  effectivePolicies,
  modeSetBy,
  peerAuthenticationScopes,
} from '../../src/mtls/peerAuthentication';
import type { TableAdapter } from '../corpus';
import { difference, type RawObject } from './routingCase';

/** The mesh configuration that makes `rootNamespace` the root. */
function meshConfigMap(rootNamespace: string): MeshObject[] {
  const object = projectObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh: `rootNamespace: ${rootNamespace}\n` },
  });
  return object ? [object] : [];
}

function snapshotFor(
  configs: readonly RawObject[],
  rootNamespace: string,
): SnapshotStore {
  const objects = configs.flatMap((raw, index) => {
    const metadata = raw.metadata ?? {};
    return (
      projectObject({
        apiVersion: 'security.istio.io/v1',
        ...raw,
        metadata: {
          name: `unnamed-${index}`,
          namespace: 'my-ns',
          ...metadata,
        },
      }) ?? []
    );
  });
  return snapshotOf([...objects, ...meshConfigMap(rootNamespace)]);
}

const PROBED_PORTS = [8080];
const NOT_A_DECLARED_PORT = 1;

interface ComposeCase {
  configs?: readonly RawObject[];
  want: { mode: string; perPort?: Readonly<Record<string, string>> };
}

function compose(raw: unknown): string | undefined {
  const { configs = [], want } = raw as ComposeCase;
  const snapshot = snapshotFor(configs, 'root-namespace');
  // The table hands over the policies that apply, so the workload carries every label they select.
  const labels = Object.assign(
    {},
    ...snapshot
      .list('PeerAuthentication')
      .map(({ spec }) => spec.selector?.matchLabels ?? {}),
  ) as StringMap;
  const policies = effectivePolicies(
    peerAuthenticationScopes(snapshot, 'my-ns'),
    labels,
  );
  const modeOf = (port: number) => sidecarServerMode(policies, port).mode;
  const ports = Object.keys(want.perPort ?? {});
  return difference(
    { mode: want.mode, perPort: want.perPort ?? {} },
    {
      mode: modeOf(NOT_A_DECLARED_PORT),
      perPort: Object.fromEntries(
        ports.map(port => [port, modeOf(Number(port))]),
      ),
    },
  );
}

interface InboundCase {
  peerPolicies?: readonly RawObject[];
  expected: { port: number; mode: string };
}

function inbound(raw: unknown): string | undefined {
  const { peerPolicies = [], expected } = raw as InboundCase;
  const snapshot = snapshotFor(peerPolicies, 'root-namespace');
  const labels = Object.assign(
    {},
    ...snapshot
      .list('PeerAuthentication')
      .map(({ spec }) => spec.selector?.matchLabels ?? {}),
  ) as StringMap;
  const policies = effectivePolicies(
    peerAuthenticationScopes(snapshot, 'my-ns'),
    labels,
  );
  const port = expected.port ?? PROBED_PORTS[0];
  return difference(
    expected.mode ?? 'UNSET',
    sidecarServerMode(policies, port).mode,
  );
}

interface PoliciesCase {
  workloadNamespace: string;
  workloadLabels?: StringMap;
  isWaypoint?: boolean;
  withService?: {
    attributes: {
      name: string;
      namespace: string;
      serviceRegistry?: 'Kubernetes' | 'External';
    };
  };
  wantRequestAuthn?: readonly RawObject[];
  wantPeerAuthn?: readonly RawObject[];
  wantNamespaceMutualTLS?: string;
}

const ROOT = 'istio-config';

function targetServices({ withService }: PoliciesCase): TargetService[] {
  if (withService === undefined) {
    return [];
  }
  const { name, namespace, serviceRegistry } = withService.attributes;
  return [
    {
      registry: serviceRegistry ?? 'Kubernetes',
      name,
      namespace,
    },
  ];
}

function refs(
  objects: readonly { metadata?: Readonly<Record<string, unknown>> }[],
) {
  return objects
    .map(
      ({ metadata }) =>
        `${String(metadata?.namespace)}/${String(metadata?.name)}`,
    )
    .sort();
}

function policiesForWorkload(selectorBasedGatewayPolicy: boolean) {
  return (
    raw: unknown,
    fixtures: Readonly<Record<string, unknown>>,
  ): string | undefined => {
    const testCase = raw as PoliciesCase;
    const snapshot = snapshotFor(
      (fixtures.configs ?? []) as readonly RawObject[],
      ROOT,
    );
    const labels = testCase.workloadLabels ?? {};
    const namespace = testCase.workloadNamespace;
    const scopes = peerAuthenticationScopes(snapshot, namespace);
    const peers = [
      ...scopes.mesh.slice(0, 1),
      ...scopes.namespace.slice(0, 1),
      ...[...scopes.workload, ...scopes.ignored].filter(({ spec }) =>
        isSubset(spec.selector?.matchLabels ?? {}, labels),
      ),
    ].sort(compareByAge);
    const byLabels =
      labels['gateway.networking.k8s.io/gateway-name'] === undefined
        ? 'sidecar'
        : 'gateway';
    const attached = policiesOf(
      snapshot,
      {
        proxy: testCase.isWaypoint === true ? 'waypoint' : byLabels,
        namespace,
        labels,
        services: targetServices(testCase),
      },
      {
        rootNamespace: ROOT,
        trustDomain: 'cluster.local',
        trustDomainAliases: [],
        selectorBasedGatewayPolicy,
      },
    );
    const differences = [
      testCase.wantNamespaceMutualTLS === undefined
        ? undefined
        : difference(
            testCase.wantNamespaceMutualTLS,
            modeSetBy(scopes.namespace[0]) ??
              modeSetBy(scopes.mesh[0]) ??
              (scopes.namespace.length + scopes.mesh.length > 0
                ? 'PERMISSIVE'
                : 'UNKNOWN'),
          ),
      testCase.wantPeerAuthn === undefined
        ? undefined
        : difference(
            refs(testCase.wantPeerAuthn),
            refs(peers.map(p => ({ metadata: { ...p.metadata } }))),
          ),
      testCase.wantRequestAuthn === undefined
        ? undefined
        : difference(
            refs(testCase.wantRequestAuthn),
            refs(
              attached.requestAuthentications.map(({ policy }) => ({
                metadata: { ...policy.metadata },
              })),
            ),
          ),
    ].filter((text): text is string => text !== undefined);
    return differences.length === 0 ? undefined : differences.join('; ');
  };
}

/** Which PeerAuthentications act, and the mode they give. */
export const peerAuthenticationTests: TableAdapter = {
  tests: {
    TestComposePeerAuthentication: compose,
    TestInboundMTLSSettings: inbound,
    TestGetPoliciesForWorkload: policiesForWorkload(true),
    TestGetPoliciesForGatewayPolicyAttachmentOnly: policiesForWorkload(false),
    TestGetPoliciesForWorkloadWithoutMeshPeerAuthn: policiesForWorkload(true),
  },
  excluded: {
    TestBestEffortInferServiceMTLSMode:
      'The PeerAuthentications it asks about are not in the table: its fixtures hold none',
  },
};
