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
  canonicalServiceOf,
  hostsForNamespace,
  hostsMatch,
  intersectHosts,
  isHostWithin,
  isMoreSpecificHost,
  isScopedHostVisible,
  namespacesOfExportTo,
} from '../../src/identity';
import { isInjectionRequired, type InjectorConfig } from '../../src/membership';
import type { StringMap } from '../../src/objects';
import type { TableAdapter } from '../corpus';
import { mergedGateways } from './mergeGateways';
import { istioProtocol } from './protocolName';
import { difference } from './routingCase';

/** An empty list of the table stands as `{}`. */
function listOf(value: readonly string[] | object): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** A text, or a constant of Kubernetes or Istio whose name ends with it: `corev1.ProtocolUDP`. */
type Named = string | { $ref: string };

function nameOf(value: Named | undefined): string {
  return typeof value === 'object'
    ? value.$ref.replace(/^.*\./, '').replace(/^Protocol/, '')
    : value ?? '';
}

interface InjectCase {
  config: InjectorConfig;
  podSpec: { hostNetwork?: boolean };
  meta: { namespace: string; labels?: StringMap; annotations?: StringMap };
  want: boolean;
}

/** Host names, protocols, canonical names, scopes and the injector's choice. */
export const primitivesTests: TableAdapter = {
  tests: {
    TestNameMatches: raw => {
      const { a, b, out } = raw as { a: string; b: string; out: boolean };
      return difference(out, hostsMatch(a, b));
    },
    TestNameSubsetOf: raw => {
      const { a, b, out } = raw as { a: string; b: string; out: boolean };
      return difference(out, isHostWithin(a, b));
    },
    TestNamesIntersection: raw => {
      const { a, b, intersection } = raw as Record<string, string[]>;
      return difference(
        [...listOf(intersection)].sort(),
        intersectHosts(listOf(a), listOf(b)).sort(),
      );
    },
    TestNamesForNamespace: raw => {
      const { hosts, namespace, want } = raw as {
        hosts: string[];
        namespace: string;
        want: string[];
      };
      return difference(
        listOf(want),
        hostsForNamespace(listOf(hosts), namespace),
      );
    },
    TestMoreSpecific: raw => {
      const { host1, host2, expected } = raw as {
        host1: string;
        host2: string;
        expected: boolean;
      };
      return difference(expected, isMoreSpecificHost(host1, host2));
    },
    TestConvertProtocol: raw => {
      const { portName, appProto, port, proto, protocol, expectedProto } =
        raw as Record<string, Named | undefined>;
      return difference(
        nameOf(expectedProto),
        istioProtocol({
          name: nameOf(portName),
          appProtocol: nameOf(appProto),
          port: Number(port ?? 0),
          protocol: nameOf(proto ?? protocol ?? 'TCP').toUpperCase(),
        }),
      );
    },
    TestCanonicalService: raw => {
      const { labels, workloadName, expectedName, expectedRevision } =
        raw as Record<string, string> & { labels?: StringMap };
      const labelMap = typeof labels === 'object' ? (labels as StringMap) : {};
      return difference(
        { name: expectedName, revision: expectedRevision },
        canonicalServiceOf(labelMap, workloadName),
      );
    },
    TestScopedFqdn_InScopeOf: raw => {
      const { scFqdn, namespace, want } = raw as {
        scFqdn: string;
        namespace: string;
        want: boolean;
      };
      return difference(want, isScopedHostVisible(scFqdn, namespace));
    },
    TestGetVisibleNamespacesFromExportToAnno: raw => {
      const { annotation, resourceNamespace, want } = raw as {
        annotation: string;
        resourceNamespace: string;
        want: string[];
      };
      return difference(
        listOf(want),
        namespacesOfExportTo(annotation, resourceNamespace),
      );
    },
    TestMergeGateways: mergedGateways,
    TestInjectRequired: raw => {
      const { config, podSpec, meta, want } = raw as InjectCase;
      return difference(
        want,
        isInjectionRequired(config, {
          namespace: meta.namespace,
          labels: meta.labels ?? {},
          annotations: meta.annotations ?? {},
          hostNetwork: podSpec.hostNetwork ?? false,
        }),
      );
    },
  },
};
