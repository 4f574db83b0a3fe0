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
  hasEffectiveRules,
  policyStatusSourcesOf,
  waypointPolicyStatusOf,
  ztunnelPolicyStatusOf,
} from '../../src/ambient';
import { ztunnelAuthorizationOf } from '../../src/authorization';
import { projectObject, type MeshObject } from '../../src/objects';
import { snapshotOf } from '../../src/snapshot';
import { difference, projectedAs, type RawObject } from './routingCase';

interface Ancestor {
  ancestor: string;
  status: { reason: string; message: string };
  bound: boolean;
}

interface PolicyCase {
  services?: readonly RawObject[];
  serviceEntries?: readonly RawObject[];
  gatewayClasses?: readonly RawObject[];
  policy: RawObject;
  expect: readonly Ancestor[];
}

/** What stands in the cluster of this test before its cases begin. */
const WORLD = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'ns1', labels: { 'istio.io/use-waypoint': 'waypoint' } },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'waypoint', namespace: 'ns1' },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
    },
    status: { addresses: [{ type: 'IPAddress', value: '1.2.3.4' }] },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'istio-waypoint' },
    spec: { controllerName: 'istio.io/mesh-controller' },
  },
];

function objectsOf(test: PolicyCase): MeshObject[] {
  const versioned = (apiVersion: string, raws: readonly RawObject[] = []) =>
    raws.map(raw => ({ apiVersion, ...raw }));
  return [
    ...WORLD,
    ...versioned('v1', test.services),
    ...versioned('networking.istio.io/v1', test.serviceEntries),
    ...versioned('gateway.networking.k8s.io/v1', test.gatewayClasses),
  ].flatMap(raw => projectObject(raw) ?? []);
}

/**
 * Cases of this test share one cluster, and each leaves its services there; the data of a case names its own only. So a
 * target that an earlier case made cannot be known here, and only its absence could be judged wrongly.
 */
function isKnown(
  { reason }: Ancestor['status'],
  ancestor: string,
  objects: readonly MeshObject[],
): boolean {
  const [, key] = ancestor.split(':');
  return (
    reason === 'TargetNotFound' ||
    !/^Service(Entry)?\./.test(ancestor) ||
    objects.some(
      ({ kind, metadata }) =>
        ancestor.startsWith(`${kind}.`) &&
        key === `${metadata.namespace}/${metadata.name}`,
    )
  );
}

/** TestWaypointPolicyStatusCollection: which targets of a policy are bound to a waypoint. */
export function waypointPolicyStatus(raw: unknown): string | undefined {
  const test = raw as PolicyCase;
  const objects = objectsOf(test);
  const policy = projectedAs(
    'AuthorizationPolicy',
    { apiVersion: 'security.istio.io/v1', ...test.policy },
    'ns1',
  );
  const known = test.expect.filter(({ status, ancestor }) =>
    isKnown(status, ancestor, objects),
  );
  const found = waypointPolicyStatusOf(
    policyStatusSourcesOf(snapshotOf(objects)),
    policy,
  );
  return difference(
    known.map(({ ancestor, bound, status }) => ({
      ancestor,
      bound,
      reason: status.reason,
    })),
    known.map(({ ancestor }) => {
      const status = found.find(item => item.ancestor === ancestor);
      return status && { ancestor, bound: status.bound, reason: status.reason };
    }),
  );
}

interface ZtunnelCase {
  inputAuthzPol: Partial<RawObject>;
  expectStatusMessage?: { reason: string; message: string };
  checkEffectiveRules?: boolean;
  expectEffectiveRules?: boolean;
}

/** The HTTP attributes that istiod's message lists. */
function attributesIn(message: string): string[] {
  const list = /\(found: ([^)]*)\)/.exec(message)?.[1] ?? '';
  return list === '' ? [] : list.split(', ');
}

/** TestConvertAuthorizationPolicyStatus: what istiod warns of when ztunnel gets a policy. */
export function ztunnelPolicyStatus(raw: unknown): string | undefined {
  const test = raw as ZtunnelCase;
  const policy = projectedAs(
    'AuthorizationPolicy',
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      ...test.inputAuthzPol,
    },
    'ns1',
  );
  const { reason, unsupported } = ztunnelPolicyStatusOf(policy, 'istio-system');
  const converted = ztunnelAuthorizationOf(policy, 'istio-system');
  const message = test.expectStatusMessage;
  return difference(
    {
      reason: message?.reason,
      unsupported: attributesIn(message?.message ?? ''),
      ...(test.checkEffectiveRules && {
        effective: test.expectEffectiveRules ?? false,
      }),
    },
    {
      reason,
      unsupported,
      ...(test.checkEffectiveRules && {
        effective: converted !== undefined && hasEffectiveRules(converted),
      }),
    },
  );
}
