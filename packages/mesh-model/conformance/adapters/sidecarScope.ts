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

import { compareByAge, snapshotOf } from '../../src/snapshot';
import { inboundConnectionPoolOf } from '../../src/destinations';
import { indexDestinationRules } from '../../src/destinations/destinationRuleIndex';
import {
  destinationRuleForLabels,
  visibleDestinationRules,
} from '../../src/destinations/destinationRuleLookup';
import type { RoutableService } from '../../src/routing';
import { isServiceVisible } from '../../src/routing/serviceRegistry';
import { routingConfigOfVirtualService } from '../../src/routing/virtualServiceConfig';
import { scopeOf } from '../../src/scoping';
import { servicesOfListener } from '../../src/scoping/scopedServices';
import { sidecarScope } from '../../src/scoping/sidecarScope';
import type { StringMap } from '../../src/objects';
import { listenerHosts, type RawHosts } from './virtualService';
import {
  difference,
  inOrder,
  meshConfigMap,
  projectedAs,
  routable,
  sidecarClient,
  type CaseJudge,
  type RawMeshConfig,
  type RawObject,
  type RawService,
} from './routingCase';
import { qualified } from './simulatedMesh';

const DEFAULT_NAMESPACE = 'mynamespace';

interface ScopeCase {
  sidecarConfig?: RawObject;
  services?: readonly RawService[];
  virtualServices?: readonly RawObject[];
  expectedServices?: readonly RawService[] | null;
  expectedDr?: RawObject;
}

function shown(service: RoutableService): unknown {
  return [
    service.hostname,
    service.namespace,
    service.ports.map(port => port.number).sort((a, b) => a - b),
  ];
}

function sorted(services: readonly RoutableService[]): string[] {
  return services.map(service => JSON.stringify(shown(service))).sort();
}

/** Upstream's unit tests resolve short names without a DNS domain: `name.namespace`. */
function withoutDomain(raw: RawObject): RawObject {
  const namespace = String(raw.metadata?.namespace ?? '');
  const spec = (qualified(raw.spec, namespace) ?? {}) as RawObject['spec'];
  const hosts = (raw.spec?.hosts ?? []) as readonly string[];
  return {
    ...raw,
    spec: {
      ...spec,
      hosts: hosts.map(host =>
        /[.*:]/.test(host) ? host : `${host}.${namespace}`,
      ),
    },
  };
}

const createScope: CaseJudge = (testCase, fixtures) => {
  const {
    sidecarConfig,
    services,
    virtualServices,
    expectedServices,
    expectedDr,
  } = testCase as ScopeCase;
  const sidecar =
    sidecarConfig === undefined
      ? undefined
      : projectedAs('Sidecar', sidecarConfig, DEFAULT_NAMESPACE);
  const clientNamespace = sidecar?.metadata.namespace ?? DEFAULT_NAMESPACE;
  const visible = inOrder(services ?? [])
    .map(routable)
    .filter(service => isServiceVisible(service, clientNamespace));
  const scope = sidecarScope<RoutableService>({
    clientNamespace,
    ...(sidecar === undefined ? {} : { sidecar }),
    services: visible,
    servicesOfHost: host =>
      visible.filter(service => service.hostname === host),
    configs: (virtualServices ?? []).map(raw =>
      routingConfigOfVirtualService(
        projectedAs('VirtualService', withoutDomain(raw), ''),
        () => undefined,
        { clusterDomain: 'cluster.local', defaultExportTo: ['*'] },
      ),
    ),
  });
  const services_ = difference(
    sorted((expectedServices ?? []).map(routable)),
    sorted([...scope.services.values()]),
  );
  if (services_ !== undefined || expectedDr === undefined) {
    return services_;
  }
  return destinationRule(fixtures, sidecarConfig, expectedDr);
};

/**
 * The rules of the table. Where it has the result of a merge, and not what was merged, the result is taken apart: the
 * first with all but its last subset, the second with that one.
 */
function rulesOfTable(
  fixtures: Readonly<Record<string, unknown>>,
): readonly RawObject[] {
  return Object.entries(fixtures).flatMap(([name, value]) => {
    const raw = value as RawObject;
    if (raw.kind !== 'DestinationRule') {
      return [];
    }
    const { subsets, trafficPolicy: _, ...rest } = raw.spec ?? {};
    if (!name.startsWith('merged') || !Array.isArray(subsets)) {
      return [raw];
    }
    return [
      { ...raw, spec: { ...raw.spec, subsets: subsets.slice(0, -1) } },
      {
        ...raw,
        metadata: { ...raw.metadata, name: `${String(raw.metadata?.name)}-2` },
        spec: { ...rest, subsets: subsets.slice(-1) },
      },
    ];
  });
}

function destinationRule(
  fixtures: Readonly<Record<string, unknown>>,
  sidecarConfig: RawObject | undefined,
  expected: RawObject,
): string | undefined {
  const rules = rulesOfTable(fixtures)
    .map(raw => projectedAs('DestinationRule', raw, DEFAULT_NAMESPACE))
    .sort(compareByAge);
  const labels = (sidecarConfig?.metadata?.labels ?? {}) as StringMap;
  const visible = visibleDestinationRules(
    {
      host: String(expected.spec?.host),
      clientNamespace: DEFAULT_NAMESPACE,
      serviceNamespace: DEFAULT_NAMESPACE,
      rootNamespace: 'istio-system',
    },
    namespace =>
      indexDestinationRules(
        rules.filter(rule => rule.metadata.namespace === namespace),
        namespace,
        {
          rootNamespace: 'istio-system',
          clusterDomain: 'cluster.local',
          defaultExportTo: ['*'],
        },
      ),
  );
  const chosen = destinationRuleForLabels(
    visible.rules,
    DEFAULT_NAMESPACE,
    labels,
  );
  return difference(
    [
      expected.metadata?.name,
      expected.spec?.trafficPolicy,
      expected.spec?.subsets ?? [],
    ],
    [
      chosen?.from[0]?.metadata.name,
      chosen?.trafficPolicy?.value,
      (chosen?.subsets ?? []).map(subset => subset.value),
    ],
  );
}

const egressListener: CaseJudge = testCase => {
  const {
    listenerHosts: raw,
    namespace,
    services,
    expected,
  } = testCase as {
    listenerHosts: RawHosts;
    namespace: string;
    services: readonly RawService[];
    expected?: readonly RawService[] | null;
  };
  return difference(
    sorted((expected ?? []).map(routable)),
    sorted(
      servicesOfListener(
        services.map(routable),
        namespace,
        listenerHosts(raw),
        undefined,
      ),
    ),
  );
};

interface PolicyCase {
  meshConfig?: RawMeshConfig;
  sidecar?: RawObject;
  outboundTrafficPolicy?: { mode?: string };
  expectedMode?: string;
}

const outboundPolicy: CaseJudge = testCase => {
  const { meshConfig, sidecar, outboundTrafficPolicy, expectedMode } =
    testCase as PolicyCase;
  const snapshot = snapshotOf([
    ...meshConfigMap(meshConfig),
    ...(sidecar === undefined
      ? []
      : [projectedAs('Sidecar', sidecar, 'not-default')]),
  ]);
  const scope = scopeOf(snapshot, sidecarClient('not-default'));
  return difference(
    expectedMode ?? outboundTrafficPolicy?.mode,
    scope.outbound.mode,
  );
};

/** `Sidecar.ingress[].connectionPool` by port, over `inboundConnectionPool`. */
const inboundPool: CaseJudge = testCase => {
  const { sidecar, want } = testCase as {
    sidecar?: Readonly<Record<string, unknown>> | null;
    want: Readonly<Record<string, unknown>>;
  };
  const raw =
    sidecar === undefined || sidecar === null
      ? undefined
      : {
          kind: 'Sidecar',
          ...('spec' in sidecar ? sidecar : { spec: sidecar }),
        };
  const snapshot = snapshotOf(
    raw === undefined ? [] : [projectedAs('Sidecar', raw, DEFAULT_NAMESPACE)],
  );
  return difference(
    Object.entries(want ?? {}).map(([port, pool]) => [port, pool ?? undefined]),
    Object.keys(want ?? {}).map(port => {
      const { settings } = inboundConnectionPoolOf(snapshot, {
        namespace: DEFAULT_NAMESPACE,
        labels: {},
        targetPort: Number(port),
        services: [],
      });
      return [port, settings];
    }),
  );
};

/** Judges the cases of `tables/sidecar-scope.json`, by test. */
export const sidecarScopeTests: Readonly<Record<string, CaseJudge>> = {
  TestCreateSidecarScope: createScope,
  TestIstioEgressListenerWrapper: egressListener,
  TestSidecarOutboundTrafficPolicy: outboundPolicy,
  TestSidecarOutboundTrafficPolicyAllowAnyDynamicDNS: outboundPolicy,
  TestInboundConnectionPoolForPort: inboundPool,
};
