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

import type { HttpMatchRequest, HttpRoute } from '../../src/objects';
import {
  matchesConflict,
  mergeDelegateRoute,
  mergeMatches,
} from '../../src/routing/delegates';
import { resolveGatewayName } from '../../src/routing/names';
import { routingConfigOfVirtualService } from '../../src/routing/virtualServiceConfig';
import type { HostsByNamespace } from '../../src/scoping/egressHosts';
import { importsConfig } from '../../src/scoping/virtualServiceImports';
import {
  difference,
  projectedAs,
  type CaseJudge,
  type RawObject,
} from './routingCase';

interface MergeRoutesCase {
  root: HttpRoute;
  delegate: readonly HttpRoute[];
  expected?: readonly HttpRoute[] | null;
}

interface MergeMatchesCase {
  root?: readonly HttpMatchRequest[];
  delegate?: readonly HttpMatchRequest[];
  expected?: readonly HttpMatchRequest[] | null;
}

/** Listener hosts by namespace as upstream's tests write them. */
export type RawHosts = Readonly<
  Record<
    string,
    {
      allHosts?: readonly string[];
      exactHosts?: readonly string[] | Readonly<Record<string, unknown>>;
      excludedHosts?: readonly string[];
    }
  >
>;

/** Listener hosts in the model's form. */
export function listenerHosts(raw: RawHosts): HostsByNamespace {
  return new Map(
    Object.entries(raw).map(([namespace, hosts]) => {
      const all = hosts.allHosts ?? [];
      return [
        namespace,
        {
          all,
          exact: new Set(all.filter(host => !host.startsWith('*'))),
          excluded: hosts.excludedHosts ?? [],
        },
      ];
    }),
  );
}

const mergeRoutes: CaseJudge = testCase => {
  const { root, delegate, expected } = testCase as MergeRoutesCase;
  const { delegate: target, ...rest } = root;
  const merged = delegate.flatMap(leaf => mergeDelegateRoute(rest, leaf) ?? []);
  return difference(expected ?? [], merged);
};

const mergeRequests: CaseJudge = testCase => {
  const { root, delegate, expected } = testCase as MergeMatchesCase;
  return difference(
    expected ?? [],
    mergeMatches(root ?? [], delegate ?? []) ?? [],
  );
};

const conflict: CaseJudge = testCase => {
  const { root, leaf, expected } = testCase as {
    root: HttpMatchRequest;
    leaf: HttpMatchRequest;
    expected: boolean;
  };
  return difference(expected, matchesConflict(root, leaf));
};

const gatewayName: CaseJudge = testCase => {
  const { gateway, namespace, resolved } = testCase as {
    gateway: string;
    namespace: string;
    resolved: string;
  };
  return difference(resolved, resolveGatewayName(gateway, namespace));
};

const selectVirtualServices: CaseJudge = (testCase, fixtures) => {
  const { hostsByNS, expected } = testCase as {
    hostsByNS: RawHosts;
    expected: readonly string[] | null;
  };
  // By visibility, and then by gateway or namespace.
  const index = fixtures.index as Readonly<
    Record<string, Readonly<Record<string, readonly RawObject[]>>>
  >;
  const selected = Object.values(index)
    .flatMap(table => Object.values(table).flat())
    .map(raw =>
      routingConfigOfVirtualService(
        projectedAs('VirtualService', raw, 'default'),
        () => undefined,
        { clusterDomain: 'cluster.local', defaultExportTo: ['*'] },
      ),
    )
    .filter(config => importsConfig(config, listenerHosts(hostsByNS)))
    .map(config => config.name);
  return difference([...(expected ?? [])].sort(), selected.sort());
};

/** Judges the cases of `tables/virtual-service.json`, by test. */
export const virtualServiceTests: Readonly<Record<string, CaseJudge>> = {
  TestMergeHttpRoutes: mergeRoutes,
  TestMergeHTTPMatchRequests: mergeRequests,
  TestHasConflict: conflict,
  TestResolveGatewayName: gatewayName,
  TestSelectVirtualServicesExclusion: selectVirtualServices,
};
