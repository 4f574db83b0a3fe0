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
  controlPlaneFlagsOf,
  controlPlaneView,
  meshConfigOf,
  serviceHostname,
  systemNamespaceOf,
} from '../identity';
import type { MeshSnapshot } from '../snapshot';
import { serviceRegistryOf } from './serviceRegistry';

/** Why Istio finds no service under what an extension provider names. */
export interface ProviderServiceProblem {
  says: string;
  /** istiod may read other clusters, where a Service of this name may be */
  perhapsElsewhere: boolean;
}

/** The name that istiod has where nobody gave one to its cluster. */
const DEFAULT_CLUSTER = 'Kubernetes';

/** May a Service of this name be in another cluster that istiod reads? Only Services are read there. R1.19 */
function perhapsElsewhere(
  snapshot: MeshSnapshot,
  host: string,
  namespace: string,
): boolean {
  const { CLUSTER_ID: id = '' } = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
  ).values;
  const [name = '', ofHost = ''] = host.split('.');
  const { clusterDomain } = meshConfigOf(snapshot);
  return (
    id !== '' &&
    id !== DEFAULT_CLUSTER &&
    serviceHostname(name, ofHost, clusterDomain) === host &&
    (namespace === '' || namespace === ofHost)
  );
}

/**
 * Why Istio finds no service under what an extension provider names, host or `namespace/host`; `undefined` where it finds
 * one. Hosts are compared as they are written: a short name is none. Whom the service is exported to does not matter. R1.15
 */
export function providerServiceProblem(
  snapshot: MeshSnapshot,
  written: string,
): ProviderServiceProblem | undefined {
  const { byHost } = serviceRegistryOf(controlPlaneView(snapshot));
  const parts = written.split('/');
  const [namespace, host] = parts.length === 2 ? parts : ['', written];
  const namespaces = new Set(
    byHost.get(host)?.map(service => service.namespace),
  );
  if (namespace === '' && namespaces.size > 1) {
    return {
      says: `its service ${written} exists in several namespaces (${[
        ...namespaces,
      ].join(', ')}); write it as namespace/host`,
      perhapsElsewhere: false,
    };
  }
  if (namespaces.size > 0 && (namespace === '' || namespaces.has(namespace))) {
    return undefined;
  }
  return perhapsElsewhere(snapshot, host, namespace)
    ? {
        says: `this cluster has no service ${written}; istiod finds it only if it reads another cluster that has it, which stands in Secrets and is not seen`,
        perhapsElsewhere: true,
      }
    : {
        says: `Istio knows no service ${written}; write the full host of a Service or ServiceEntry, such as name.namespace.svc.${
          meshConfigOf(snapshot).clusterDomain
        }`,
        perhapsElsewhere: false,
      };
}
