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

import { groupedBy } from '../grouping';
import { meshConfigOf, serviceHostname } from '../identity';
import { controlPlaneOfPod } from '../membership';
import { targetPortOf } from '../mtls';
import type { SlimObjectByKind } from '../objects';
import { compareByAge, type MeshSnapshot } from '../snapshot';
import type { GatewayProxy } from './gatewayServers';

type Pod = SlimObjectByKind['Pod'];

const NO_TRANSLATION = 'experimental.istio.io/disable-gateway-port-translation';

/** A pod as the proxy of gateways: its labels, and the ports of the Services that select it. R7.4 */
export function gatewayProxyOf(snapshot: MeshSnapshot, pod: Pod): GatewayProxy {
  const { clusterDomain } = meshConfigOf(snapshot);
  const { namespace, labels } = pod.metadata;
  const revision = controlPlaneOfPod(snapshot, pod);
  return {
    namespace,
    labels,
    ...(revision === undefined ? {} : { revision }),
    ...(pod.spec.containers.some(({ unprivileged }) => unprivileged)
      ? { unprivileged: true as const }
      : {}),
    servicePorts: [...snapshot.servicesOfPod(pod)]
      .sort(compareByAge)
      .flatMap(({ metadata, spec }) =>
        spec.ports.flatMap(port => {
          const targetPort = targetPortOf(port, pod);
          return targetPort === undefined
            ? []
            : [
                {
                  hostname: serviceHostname(
                    metadata.name,
                    metadata.namespace,
                    clusterDomain,
                  ),
                  port: port.port,
                  targetPort,
                  translationDisabled: NO_TRANSLATION in metadata.labels,
                },
              ];
        }),
      ),
  };
}

/** Pods of a gateway that are configured alike: one proxy stands for all of them. */
export interface GatewayProxyGroup {
  proxy: GatewayProxy;
  pods: readonly Pod[];
}

/** Labels that differ from pod to pod of one template, and that no Gateway selects by. */
const OF_ONE_POD: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
]);

/**
 * The proxies of a gateway: pods of other labels, another control plane or other privileges may serve other Gateways,
 * as during an upgrade, or where two gateways have a selector in common.
 */
export function gatewayProxyGroupsOf(
  snapshot: MeshSnapshot,
  pods: readonly Pod[],
): GatewayProxyGroup[] {
  const groups = groupedBy(pods, pod => {
    const { namespace, labels } = pod.metadata;
    return JSON.stringify([
      namespace,
      Object.entries(labels)
        .filter(([key]) => !OF_ONE_POD.has(key))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
      controlPlaneOfPod(snapshot, pod),
      pod.spec.containers.map(({ unprivileged }) => unprivileged === true),
    ]);
  });
  return [...groups.values()].map(group => ({
    proxy: gatewayProxyOf(snapshot, group[0]),
    pods: group,
  }));
}
