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
  asArray,
  asNumber,
  asObject,
  asString,
  asStringMap,
  fieldAt,
  matchesPlainSelector,
  type Json,
  type JsonObject,
  type KubernetesObject,
} from '../kubernetes';
import { isPodReady } from './pods';

function targetPort(port: Json, pods: readonly KubernetesObject[]): number {
  const target = fieldAt(port, 'targetPort') ?? fieldAt(port, 'port');
  if (typeof target === 'number') {
    return target;
  }
  for (const pod of pods) {
    for (const container of asArray(fieldAt(pod, 'spec', 'containers'))) {
      const named = asArray(fieldAt(container, 'ports')).find(
        entry => fieldAt(entry, 'name') === target,
      );
      if (named) {
        return asNumber(fieldAt(named, 'containerPort'), 0);
      }
    }
  }
  return 0;
}

/** The EndpointSlice of a Service with a selector; `undefined` for one without. */
export function endpointSliceOf(
  service: KubernetesObject,
  namespacePods: readonly KubernetesObject[],
): JsonObject | undefined {
  const selector = asStringMap(fieldAt(service, 'spec', 'selector'));
  if (Object.keys(selector).length === 0) {
    return undefined;
  }
  const { name, namespace } = service.metadata;
  const pods = namespacePods.filter(
    pod =>
      matchesPlainSelector(selector, pod.metadata.labels ?? {}) &&
      asString(fieldAt(pod, 'status', 'podIP')),
  );
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-slice`,
      namespace,
      labels: {
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by':
          'endpointslice-controller.k8s.io',
      },
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          name,
          uid: service.metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    addressType: 'IPv4',
    endpoints: pods.map(pod => ({
      addresses: [asString(fieldAt(pod, 'status', 'podIP'))],
      conditions: {
        ready: isPodReady(pod),
        serving: isPodReady(pod),
        terminating: false,
      },
      nodeName: asString(fieldAt(pod, 'spec', 'nodeName')),
      targetRef: {
        kind: 'Pod',
        namespace,
        name: pod.metadata.name,
        uid: pod.metadata.uid,
      },
    })),
    ports: asArray(fieldAt(service, 'spec', 'ports')).map(entry => {
      const port = asObject(entry);
      return {
        name: asString(port.name),
        port: targetPort(port, pods),
        protocol: asString(port.protocol) || 'TCP',
        appProtocol: port.appProtocol,
      };
    }),
  };
}

/** What the API server fills in of a Service's spec; `undefined` when nothing is missing. */
export function defaultedServiceSpec(
  service: KubernetesObject,
  clusterIP: () => string,
): JsonObject | undefined {
  const spec = asObject(service.spec);
  if (spec.type && (spec.clusterIP || spec.type === 'ExternalName')) {
    return undefined;
  }
  const type = asString(spec.type) || 'ClusterIP';
  const ip =
    asString(spec.clusterIP) || (type === 'ExternalName' ? '' : clusterIP());
  return {
    ...spec,
    type,
    ...(ip ? { clusterIP: ip, clusterIPs: [ip] } : {}),
    ports: asArray(spec.ports).map(entry => {
      const port = asObject(entry);
      return {
        ...port,
        protocol: asString(port.protocol) || 'TCP',
        targetPort: port.targetPort ?? port.port,
      };
    }),
  };
}
