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
