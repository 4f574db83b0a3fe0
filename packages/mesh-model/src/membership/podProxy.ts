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

import type { SlimObjectByKind } from '../objects';
import type { ProxyType } from './client';

type Pod = SlimObjectByKind['Pod'];

const GATEWAY_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** The revision that injected a pod's sidecar: annotation `istio.io/rev`, else the status annotation. R2.1 */
export function revisionOfPod(pod: Pod): string | undefined {
  const { annotations } = pod.metadata;
  return annotations['istio.io/rev'] || revisionFromStatus(annotations);
}

/** The field `revision` of the annotation `sidecar.istio.io/status`. */
export function revisionFromStatus(
  annotations: Readonly<Record<string, string>>,
): string | undefined {
  const status = annotations['sidecar.istio.io/status'];
  if (status === undefined) {
    return undefined;
  }
  try {
    const parsed: unknown = JSON.parse(status);
    return typeof parsed === 'object' &&
      parsed !== null &&
      'revision' in parsed &&
      typeof parsed.revision === 'string'
      ? parsed.revision
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What carries this pod's traffic now. Containers decide (R2.1), then the capture annotation of ambient (R2.8); a
 * sidecar beats ambient (R2.9). Labels of gateways and waypoints come first (R2.14).
 */
export function proxyOfPod(pod: Pod): ProxyType {
  const { labels, annotations } = pod.metadata;
  const managed = labels['gateway.istio.io/managed'];
  if (managed !== undefined && managed.includes('mesh-controller')) {
    return 'waypoint';
  }
  if (labels[GATEWAY_LABEL] !== undefined) {
    return 'gateway';
  }
  if (
    labels.app === 'ztunnel' &&
    pod.spec.containers.some(({ name }) => name === 'istio-proxy')
  ) {
    return 'ztunnel';
  }
  const proxyContainer = pod.spec.containers.find(
    ({ name }) => name === 'istio-proxy',
  );
  if (proxyContainer) {
    return pod.spec.containers.length === 1 &&
      (labels.istio ?? '').includes('gateway')
      ? 'gateway'
      : 'sidecar';
  }
  if (
    pod.spec.initContainers.some(
      ({ name, restartPolicy }) =>
        name === 'istio-proxy' && restartPolicy === 'Always',
    )
  ) {
    return 'native-sidecar';
  }
  return annotations['ambient.istio.io/redirection'] === 'enabled'
    ? 'ambient'
    : 'none';
}

/** Can a client's proxy reach the pod by HBONE? R2.8 */
export function acceptsHbone(pod: Pod): boolean {
  return (
    pod.metadata.annotations['ambient.istio.io/redirection'] === 'enabled' ||
    (pod.metadata.labels['networking.istio.io/tunnel'] ?? '')
      .split(',')
      .includes('http')
  );
}

/** Does the control plane take the pod for able to speak mesh mTLS? Label `security.istio.io/tlsMode`. R2.3 */
export function acceptsMeshMtls(pod: Pod): boolean {
  const mode = pod.metadata.labels['security.istio.io/tlsMode'];
  return mode === 'istio';
}
