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

import type { SlimObjectByKind, WorkloadEntrySpec } from '../objects';
import type { AmbientService } from './environment';
import type { ZtunnelPort, ZtunnelWorkload } from './ztunnelTypes';

type Pod = SlimObjectByKind['Pod'];
type Services = ZtunnelWorkload['services'];

function containerPortNamed(pod: Pod, name: string): number | undefined {
  const containers = [
    ...pod.spec.containers,
    ...pod.spec.initContainers.filter(
      ({ restartPolicy }) => restartPolicy === 'Always',
    ),
  ];
  for (const { ports } of containers) {
    const found = ports.find(
      port => port.name === name && port.protocol === 'TCP',
    );
    if (found) {
      return found.containerPort;
    }
  }
  return undefined;
}

/**
 * The target port at a pod; `undefined` when the pod has no port of that name. A Service names a port of the container; a
 * ServiceEntry's port goes to the container port of the same name, if there is one.
 */
function targetPortAtPod(
  pod: Pod,
  { source, portNames }: AmbientService,
  port: ZtunnelPort,
): number | undefined {
  const names = portNames.get(port.servicePort);
  if (names?.targetPortName) {
    return containerPortNamed(pod, names.targetPortName);
  }
  return source.kind === 'ServiceEntry' && names?.portName
    ? containerPortNamed(pod, names.portName) ??
        (port.targetPort || port.servicePort)
    : port.targetPort;
}

/** The target port at a machine: its own port of that name, else the number. R8.16 */
function targetPortAtEntry(
  entry: WorkloadEntrySpec,
  { source, portNames }: AmbientService,
  port: ZtunnelPort,
): number | undefined {
  const names = portNames.get(port.servicePort);
  if (names === undefined) {
    return port.targetPort;
  }
  const own = entry.ports?.[names.targetPortName || names.portName];
  if (source.kind === 'Service') {
    return names.targetPortName ? own : own ?? port.targetPort;
  }
  return own ?? (port.targetPort || port.servicePort);
}

function servicesWith(
  services: readonly AmbientService[],
  targetPort: (
    service: AmbientService,
    port: ZtunnelPort,
  ) => number | undefined,
): Services {
  return Object.fromEntries(
    services.map(service => {
      const { namespace, hostname, ports } = service.service;
      return [
        `${namespace}/${hostname}`,
        {
          ports: ports.flatMap(port => {
            const target = targetPort(service, port);
            return target === undefined
              ? []
              : [{ servicePort: port.servicePort, targetPort: target }];
          }),
        },
      ];
    }),
  );
}

/** The services of a pod, each with the ports that the pod really has. */
export function servicesAtPod(
  pod: Pod,
  services: readonly AmbientService[],
): Services {
  return servicesWith(services, (service, port) =>
    targetPortAtPod(pod, service, port),
  );
}

/** The services of a machine or of an endpoint of a ServiceEntry, each with its ports. */
export function servicesAtEntry(
  entry: WorkloadEntrySpec,
  services: readonly AmbientService[],
): Services {
  return servicesWith(services, (service, port) =>
    targetPortAtEntry(entry, service, port),
  );
}
