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

import { indexDestinationRules } from '../../src/destinations/destinationRuleIndex';
import { visibleDestinationRules } from '../../src/destinations/destinationRuleLookup';
import type { SlimObjectByKind, StringMap } from '../../src/objects';
import { indexRouting, visibleConfigs } from '../../src/routing/routingIndex';
import {
  isServiceVisible,
  registryOf,
} from '../../src/routing/serviceRegistry';
import { routingConfigOfVirtualService } from '../../src/routing/virtualServiceConfig';
import { narrowedExportTo } from '../../src/routing/writtenServices';
import { chooseSidecar } from '../../src/scoping/sidecarSelection';
import { compareByAge } from '../../src/snapshot';
import {
  difference,
  projectedAs,
  routable,
  sidecarClient,
  type CaseJudge,
  type RawObject,
} from './routingCase';

const ROOT = 'istio-system';

interface VisibleCase {
  pushContext: {
    exportToDefaults?: { service?: readonly string[] };
    mesh?: { serviceEntryVisibility?: { applyToSidecars?: boolean } };
  };
  service: {
    attributes: {
      namespace: string;
      exportTo?: readonly string[];
      visibility?: { $ref: string };
    };
  };
  expect: boolean;
}

function scopeOfRef(ref: string): 'PUBLIC' | 'NAMESPACE' | 'NONE' {
  if (ref.endsWith('None')) {
    return 'NONE';
  }
  return ref.endsWith('Namespace') ? 'NAMESPACE' : 'PUBLIC';
}

const serviceVisible: CaseJudge = testCase => {
  const { pushContext, service, expect } = testCase as VisibleCase;
  const { namespace, exportTo, visibility } = service.attributes;
  const written =
    exportTo !== undefined && exportTo.length > 0
      ? exportTo
      : pushContext.exportToDefaults?.service ?? ['*'];
  const applies =
    pushContext.mesh?.serviceEntryVisibility?.applyToSidecars === true &&
    visibility !== undefined;
  return difference(
    expect,
    isServiceVisible(
      {
        namespace,
        exportTo: applies
          ? narrowedExportTo(written, namespace, scopeOfRef(visibility.$ref))
          : written,
      },
      'foo',
    ),
  );
};

const sidecarScope: CaseJudge = (testCase, fixtures) => {
  const { proxy, labels, sidecar } = testCase as {
    proxy: { type: string; configNamespace: string };
    labels: StringMap;
    sidecar: string;
  };
  const configured = Object.values(fixtures)
    .map(value => value as RawObject)
    .filter(value => value.kind === 'Sidecar')
    .map(raw => projectedAs('Sidecar', raw, 'default'));
  const choice = chooseSidecar(
    {
      ...sidecarClient(proxy.configNamespace, labels),
      proxy: proxy.type === 'router' ? 'gateway' : 'sidecar',
    },
    configured.filter(
      item => item.metadata.namespace === proxy.configNamespace,
    ),
    configured.filter(item => item.metadata.namespace === ROOT),
  );
  return difference(
    sidecar,
    `${proxy.configNamespace}/${
      choice.sidecar?.metadata.name ?? 'default-sidecar'
    }`,
  );
};

function rulesOf(
  fixtures: Readonly<Record<string, unknown>>,
  added: readonly RawObject[],
): SlimObjectByKind['DestinationRule'][] {
  return [
    ...added,
    ...Object.values(fixtures)
      .map(value => value as RawObject)
      .filter(value => value.kind === 'DestinationRule'),
  ]
    .map(raw => projectedAs('DestinationRule', raw, 'default'))
    .sort(compareByAge);
}

function lookUp(
  rules: readonly SlimObjectByKind['DestinationRule'][],
  clientNamespace: string,
  serviceNamespace: string,
  host: string,
) {
  return visibleDestinationRules(
    { host, clientNamespace, serviceNamespace, rootNamespace: ROOT },
    namespace =>
      indexDestinationRules(
        rules.filter(rule => rule.metadata.namespace === namespace),
        namespace,
        {
          rootNamespace: ROOT,
          clusterDomain: 'cluster.local',
          defaultExportTo: ['*'],
        },
      ),
  ).rules;
}

/** The rule that the table's fixtures lost; scenario S99 describes it. */
const SELECTOR_RULE: RawObject = {
  kind: 'DestinationRule',
  metadata: {
    name: 'nsRule1',
    namespace: 'test',
    creationTimestamp: '2020-01-01T00:00:01Z',
  },
  spec: {
    host: 'httpbin.org',
    exportTo: ['test2', '.'],
    workloadSelector: { matchLabels: { app: 'app1' } },
    trafficPolicy: { connectionPool: { http: { maxRetries: 33 } } },
  },
};

const withSelector: CaseJudge = (testCase, fixtures) => {
  const {
    proxyNs,
    serviceNs,
    serviceHostname,
    expectedDrCount,
    expectedDrName,
    expectedNamespacedFrom,
  } = testCase as {
    proxyNs: string;
    serviceNs: string;
    serviceHostname: string;
    expectedDrCount: number;
    expectedDrName: readonly string[];
    expectedNamespacedFrom: Readonly<
      Record<string, readonly { namespace: string; name: string }[]>
    >;
  };
  const found = lookUp(
    rulesOf(fixtures, [SELECTOR_RULE]),
    proxyNs,
    serviceNs,
    serviceHostname,
  );
  const from = Object.fromEntries(
    found
      .map(
        rule =>
          [
            rule.from[0].metadata.name,
            rule.from.map(({ metadata }) => ({
              namespace: metadata.namespace,
              name: metadata.name,
            })),
          ] as const,
      )
      .filter(([name]) => name in expectedNamespacedFrom),
  );
  return (
    difference(expectedDrCount, found.length) ??
    difference(
      [...expectedDrName].sort(),
      found.map(rule => rule.from[0].metadata.name).sort(),
    ) ??
    difference(expectedNamespacedFrom, from)
  );
};

/** The rule that the table's fixtures lost; scenario S94 describes it. */
const OWN_RULE: RawObject = {
  kind: 'DestinationRule',
  metadata: { name: 'rule1', namespace: 'test1' },
  spec: {
    host: 'httpbin.org',
    exportTo: ['.', 'ns1'],
    subsets: [{ name: 'subset1' }, { name: 'subset2' }],
  },
};

const withExportTo: CaseJudge = (testCase, fixtures) => {
  const { proxyNs, serviceNs, host, wantSubsets } = testCase as {
    proxyNs: string;
    serviceNs: string;
    host: string;
    wantSubsets?: readonly string[] | null;
  };
  const found = lookUp(rulesOf(fixtures, [OWN_RULE]), proxyNs, serviceNs, host);
  return difference(
    wantSubsets ?? [],
    (found[0]?.subsets ?? []).map(subset => subset.value.name),
  );
};

const virtualServices: CaseJudge = (testCase, fixtures) => {
  const { proxyNs, gateway, wantHosts } = testCase as {
    proxyNs: string;
    gateway: string;
    wantHosts?: readonly string[] | null;
  };
  const defaults = (
    fixtures.m as
      | { defaultVirtualServiceExportTo?: readonly string[] }
      | undefined
  )?.defaultVirtualServiceExportTo;
  const configs = Object.values(fixtures)
    .map(value => value as RawObject)
    .filter(value => value.kind === 'VirtualService')
    .map(raw => projectedAs('VirtualService', raw, 'default'))
    .sort(compareByAge)
    .map(virtualService =>
      routingConfigOfVirtualService(virtualService, () => undefined, {
        clusterDomain: 'cluster.local',
        defaultExportTo: defaults ?? ['*'],
      }),
    );
  const visible = visibleConfigs(indexRouting(configs), gateway, proxyNs);
  return difference(
    [...(wantHosts ?? [])].sort(),
    visible.flatMap(config => [...config.hosts]).sort(),
  );
};

const aliases: CaseJudge = testCase => {
  const { input, output } = testCase as {
    input: readonly { name: string; externalName?: string }[];
    output: readonly { name: string; aliases?: readonly string[] }[];
  };
  const registry = registryOf(
    input.map(service => ({
      ...routable({
        hostname: service.name,
        attributes: { serviceRegistry: 'Kubernetes' },
      }),
      ...(service.externalName === undefined
        ? {}
        : { externalName: service.externalName }),
    })),
  );
  return difference(
    output.map(service => [service.name, [...(service.aliases ?? [])].sort()]),
    registry.all.map(service => [
      service.hostname,
      [...service.aliases].sort(),
    ]),
  );
};

/** Judges the cases of `tables/push-context.json`, by test. */
export const pushContextTests: Readonly<Record<string, CaseJudge>> = {
  TestIsServiceVisible: serviceVisible,
  TestSidecarScope: sidecarScope,
  TestSetDestinationRuleWithWorkloadSelector: withSelector,
  TestSetDestinationRuleWithExportTo: withExportTo,
  TestVirtualServiceWithExportTo: virtualServices,
  TestVirtualServiceWithDefaultExportTo: virtualServices,
  TestResolveServiceAliases: aliases,
};

/** Tests of the table that are not judged, each with the reason. */
export const pushContextExcluded: Readonly<Record<string, string>> = {
  TestEnvoyFilters:
    'The EnvoyFilters it asks about are not in the table: its fixtures are empty',
};
