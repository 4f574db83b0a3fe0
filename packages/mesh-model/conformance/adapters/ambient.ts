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

import { isDeepStrictEqual } from 'node:util';
import {
  ambientServiceOf,
  ambientServicesOfEntry,
  canaryWaypointOf,
  canaryWeightOf,
  ingressWaypointWish,
  owningWaypointsOf,
  selectServices,
  waypointConditionOf,
  ztunnelWorkloadOfEntry,
  ztunnelWorkloadOfPod,
  ztunnelWorkloadsOfServiceEntry,
  ztunnelWorkloadsOfSlice,
  type WaypointCondition,
  type ZtunnelService,
  type ZtunnelWorkload,
} from '../../src/ambient';
import { parseMeshConfig, serviceScopeOf } from '../../src/identity';
import {
  allowedNamespacesOf,
  bindWorkloadWaypoint,
} from '../../src/membership';
import { projectObject, type StringMap } from '../../src/objects';
import type { TableAdapter } from '../corpus';
import {
  environmentOf,
  objectsIn,
  serviceInfoIn,
  type AmbientInput,
} from './ambientInputs';
import {
  waypointPolicyStatus,
  ztunnelPolicyStatus,
} from './ambientPolicyStatus';
import { difference, projectedAs, type RawObject } from './routingCase';

/** Messages of the workload API leave fields with the default value out: so do we, on both sides. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutDefaults);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([, item]) =>
          item !== undefined &&
          item !== null &&
          item !== 0 &&
          item !== '' &&
          item !== false &&
          !isDeepStrictEqual(item, []),
      )
      .map(([name, item]) => [name, withoutDefaults(item)] as const)
      .filter(([, item]) => !isDeepStrictEqual(item, {})),
  );
}

function sameMessages(expected: unknown, actual: unknown): string | undefined {
  return difference(withoutDefaults(expected), withoutDefaults(actual));
}

interface AmbientCase<R> {
  inputs: readonly AmbientInput[];
  pod?: RawObject;
  we?: RawObject;
  se?: RawObject;
  slice?: RawObject;
  svc?: RawObject;
  result?: R | null;
}

/** The API server refuses containers without a name; the table leaves it out. */
function podIn(raw: RawObject | undefined) {
  const containers = (raw?.spec?.containers ?? []) as readonly object[];
  return projectedAs(
    'Pod',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      ...raw,
      spec: {
        ...raw?.spec,
        containers: containers.map((container, index) => ({
          name: `container-${index}`,
          ...container,
        })),
      },
    },
    'ns',
  );
}

function serviceIn(raw: RawObject | undefined) {
  return projectedAs(
    'Service',
    { apiVersion: 'v1', kind: 'Service', ...raw },
    'ns',
  );
}

function podWorkload(raw: unknown): string | undefined {
  const test = raw as AmbientCase<ZtunnelWorkload>;
  const pod = podIn(test.pod);
  const expected = test.result && {
    ...test.result,
    // The API server fills in the account that the table leaves out.
    serviceAccount: test.result.serviceAccount ?? 'default',
  };
  return sameMessages(
    expected ?? undefined,
    ztunnelWorkloadOfPod(environmentOf(test.inputs), pod),
  );
}

function entryWorkload(raw: unknown): string | undefined {
  const test = raw as AmbientCase<ZtunnelWorkload>;
  const entry = projectedAs(
    'WorkloadEntry',
    test.we ?? { kind: 'WorkloadEntry' },
    'ns',
  );
  return sameMessages(
    test.result ?? undefined,
    ztunnelWorkloadOfEntry(environmentOf(test.inputs), entry),
  );
}

function serviceEntryIn(raw: RawObject | undefined) {
  return projectedAs('ServiceEntry', raw ?? { kind: 'ServiceEntry' }, 'ns');
}

function serviceEntryWorkloads(raw: unknown): string | undefined {
  const test = raw as AmbientCase<readonly ZtunnelWorkload[]>;
  return sameMessages(
    test.result ?? [],
    ztunnelWorkloadsOfServiceEntry(
      environmentOf(test.inputs),
      serviceEntryIn(test.se),
    ),
  );
}

function sliceWorkloads(raw: unknown): string | undefined {
  const test = raw as AmbientCase<readonly ZtunnelWorkload[]>;
  const slice = projectedAs(
    'EndpointSlice',
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      ...test.slice,
    },
    'ns',
  );
  return sameMessages(
    test.result ?? [],
    ztunnelWorkloadsOfSlice(environmentOf(test.inputs), slice),
  );
}

function serviceEntryServices(raw: unknown): string | undefined {
  const test = raw as AmbientCase<readonly ZtunnelService[]>;
  return sameMessages(
    test.result ?? [],
    ambientServicesOfEntry(
      environmentOf(test.inputs),
      serviceEntryIn(test.se),
    ).map(({ service }) => service),
  );
}

/** The API server fills in the target port that the table leaves out. */
function withTargetPorts(
  service: ZtunnelService,
  raw: RawObject | undefined,
): ZtunnelService {
  const written = (raw?.spec?.ports ?? []) as {
    port: number;
    targetPort?: unknown;
  }[];
  return {
    ...service,
    ports: (service.ports ?? []).map(port => ({
      ...port,
      targetPort: written.some(
        ({ port: number, targetPort }) =>
          number === port.servicePort && targetPort === undefined,
      )
        ? port.servicePort
        : port.targetPort,
    })),
  };
}

function serviceServices(raw: unknown): string | undefined {
  const test = raw as AmbientCase<ZtunnelService>;
  return sameMessages(
    test.result ? withTargetPorts(test.result, test.svc) : undefined,
    ambientServiceOf(environmentOf(test.inputs), serviceIn(test.svc))?.service,
  );
}

interface RawCondition {
  status: boolean;
  reason: string;
  message: string;
}

/** What a condition of istiod says, its wording aside. */
function said(condition: RawCondition | null | undefined) {
  if (!condition) {
    return undefined;
  }
  const { status, reason, message } = condition;
  const ingress = /traverse the waypoint/.test(message) ? 'through' : undefined;
  return {
    status,
    reason,
    waypoint: /[\w-]+\/[\w-]+(?=[".\s]|$)/.exec(
      message.replace(/istio\.io\/\S+/g, ''),
    )?.[0],
    ingress: /not using the waypoint/.test(message) ? 'past' : ingress,
  };
}

function withoutMessage(condition: WaypointCondition | undefined) {
  return (
    condition && {
      status: condition.status,
      reason: condition.reason,
      waypoint: condition.waypoint,
      ingress: condition.ingress,
    }
  );
}

interface ConditionCase extends AmbientCase<unknown> {
  conditions: Readonly<Record<string, RawCondition | null>>;
}

function serviceConditions(raw: unknown): string | undefined {
  const test = raw as ConditionCase;
  const found = ambientServiceOf(
    environmentOf(test.inputs),
    serviceIn(test.svc),
  );
  return difference(
    said(test.conditions['istio.io/WaypointBound']),
    withoutMessage(found && waypointConditionOf(found.binding, found.ingress)),
  );
}

function entryConditions(raw: unknown): string | undefined {
  const test = raw as ConditionCase;
  const object = projectedAs(
    'WorkloadEntry',
    test.we ?? { kind: 'WorkloadEntry' },
    'ns',
  );
  const { namespace, labels } = object.metadata;
  const { binding } = bindWorkloadWaypoint(environmentOf(test.inputs), {
    namespace,
    labels: { ...object.spec.labels, ...labels },
    object,
  });
  return difference(
    said(test.conditions['istio.io/WaypointBound']),
    withoutMessage(waypointConditionOf(binding)),
  );
}

function selectWorkloadServices(raw: unknown): string | undefined {
  const { inputs, wantWinners, wantCanonical } = raw as {
    inputs: readonly { serviceInfo: Parameters<typeof serviceInfoIn>[0] }[];
    wantWinners: StringMap;
    wantCanonical: string;
  };
  const selected = selectServices(
    inputs.map(({ serviceInfo }) => serviceInfoIn(serviceInfo)),
  );
  return difference(
    { winners: wantWinners, canonical: wantCanonical },
    {
      winners: Object.fromEntries(
        selected.map(({ service }) => [service.namespace, service.name]),
      ),
      canonical:
        selected.find(({ service }) => service.canonical)?.service.name ?? '',
    },
  );
}

function matchServiceScope(raw: unknown): string | undefined {
  const { inputs, meshCfg, svc, want } = raw as {
    inputs: readonly AmbientInput[];
    meshCfg: { meshConfig?: object };
    svc: RawObject;
    want: string;
  };
  const service = serviceIn(svc);
  const namespace = objectsIn(inputs).find(
    ({ kind, metadata }) =>
      kind === 'Namespace' && metadata.name === service.metadata.namespace,
  );
  return difference(
    want,
    serviceScopeOf(
      parseMeshConfig(JSON.stringify(meshCfg.meshConfig ?? {})),
      namespace?.metadata.labels,
      service.metadata.labels,
    ),
  );
}

function ingressUseWaypoint(raw: unknown): string | undefined {
  const { serviceLabels, namespaceLabels, wantPresent, wantUseWaypoint } =
    raw as {
      serviceLabels?: StringMap;
      namespaceLabels?: StringMap;
      wantPresent: boolean;
      wantUseWaypoint: boolean;
    };
  return difference(
    { present: wantPresent, use: wantUseWaypoint },
    ingressWaypointWish(serviceLabels ?? {}, namespaceLabels ?? {}),
  );
}

interface RawAllowedRoutes {
  fromNamespaces?: string;
  selector?: { matchLabels?: StringMap };
}

function allowedRoutes(raw: unknown): string | undefined {
  const { gateway, gatewayClass, expected } = raw as {
    gateway: RawObject;
    gatewayClass?: RawObject;
    expected: RawAllowedRoutes;
  };
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const projectedClass =
    gatewayClass && projectObject({ apiVersion, ...gatewayClass });
  const allowed = allowedNamespacesOf(
    projectedAs(
      'K8sGateway',
      { apiVersion, ...gateway, kind: 'Gateway' },
      'ns',
    ),
    projectedClass?.kind === 'GatewayClass' ? projectedClass : undefined,
  );
  return difference(
    {
      from: expected.fromNamespaces,
      labels: { ...expected.selector?.matchLabels },
    },
    { from: allowed.from, labels: { ...allowed.selector?.matchLabels } },
  );
}

function useWaypointCanary(raw: unknown): string | undefined {
  const { labels, nsLabels, defaultNS, want } = raw as {
    labels?: StringMap;
    nsLabels?: StringMap;
    defaultNS: string;
    want?: { name: string; namespace: string } | null;
  };
  return difference(
    want ?? undefined,
    canaryWaypointOf(labels ?? {}, nsLabels ?? {}, defaultNS),
  );
}

function canaryWeight(raw: unknown): string | undefined {
  const { anns, nsAnns, wantWeight, wantValid } = raw as {
    anns?: StringMap;
    nsAnns?: StringMap;
    wantWeight?: number;
    wantValid?: boolean;
  };
  const weight = canaryWeightOf(anns ?? {}, nsAnns ?? {});
  return difference(
    { valid: wantValid ?? false, weight: wantWeight ?? 0 },
    { valid: weight !== undefined, weight: weight ?? 0 },
  );
}

function owningWaypoints(raw: unknown): string | undefined {
  const { svc, want } = raw as {
    svc: Parameters<typeof owningWaypointsOf>[0];
    want?: readonly object[] | null;
  };
  return sameMessages(want ?? [], owningWaypointsOf(svc));
}

/** What istiod tells ztunnel about workloads and services; waypoints and their conditions; the status of policies. */
export const ambientTests: TableAdapter = {
  tests: {
    TestMakeAllowedRoutes: allowedRoutes,
    TestIngressUseWaypointFromLabels: ingressUseWaypoint,
    TestGetUseWaypointCanary: useWaypointCanary,
    TestGetCanaryWeight: canaryWeight,
    TestServiceOwningWaypoints: owningWaypoints,
    TestWorkloadEntryConditions: entryConditions,
    TestServiceConditions: serviceConditions,
    TestPodWorkloads: podWorkload,
    TestWorkloadEntryWorkloads: entryWorkload,
    TestServiceEntryWorkloads: serviceEntryWorkloads,
    TestEndpointSliceWorkloads: sliceWorkloads,
    TestServiceEntryServices: serviceEntryServices,
    TestServiceServices: serviceServices,
    TestSelectWorkloadServices: selectWorkloadServices,
    TestMatchServiceScope: matchServiceScope,
    TestConvertAuthorizationPolicyStatus: ztunnelPolicyStatus,
    TestWaypointPolicyStatusCollection: waypointPolicyStatus,
  },
};
