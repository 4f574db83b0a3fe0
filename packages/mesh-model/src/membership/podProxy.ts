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

/** The container that carries a sidecar or gateway, by its fixed name. R2.1 */
const PROXY_CONTAINER = 'istio-proxy';

/** What carries a pod's traffic now, as its containers, labels and annotations show. */
export interface PodProxy {
  proxy: ProxyType;
  /** one sentence */
  says: string;
  /** Does it accept HBONE? R2.8 */
  hbone: boolean;
  /** revision of the control plane that injected or configures it, when known */
  revision?: string;
  /** tag of the proxy's image, for example `1.27.1` */
  version?: string;
}

/** The tag of a proxy's image without its variant, for example `1.27.1`. */
export function imageTag(image: string): string | undefined {
  const name = image.split('@')[0];
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/')
    ? name.slice(colon + 1).replace(/-(distroless|debug)$/, '')
    : undefined;
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

const detected = new WeakMap<Pod, PodProxy>();

/**
 * Detects the proxy of a live pod: a container (or an init container that stays) named `istio-proxy`; the annotation of
 * ambient capture; labels of managed gateways and waypoints. R2.1, R2.8, R2.9, R2.14
 *
 * Kept with the object: a pod that changes is another object, and every answer about a workload asks all its pods.
 */
export function proxyOfPod(pod: Pod): PodProxy {
  const known = detected.get(pod);
  if (known !== undefined) {
    return known;
  }
  const proxy = detectProxy(pod);
  detected.set(pod, proxy);
  return proxy;
}

function detectProxy(pod: Pod): PodProxy {
  const { labels, annotations } = pod.metadata;
  const container = pod.spec.containers.find(
    ({ name }) => name === PROXY_CONTAINER,
  );
  const native = pod.spec.initContainers.find(
    ({ name, restartPolicy }) =>
      name === PROXY_CONTAINER && restartPolicy === 'Always',
  );
  const image = (container ?? native)?.image;
  const base = {
    revision:
      annotations['istio.io/rev'] ??
      revisionFromStatus(annotations) ??
      labels['istio.io/rev'],
    version: image === undefined ? undefined : imageTag(image),
  };
  const nativeHbone = (labels['networking.istio.io/tunnel'] ?? '')
    .split(',')
    .includes('http');

  if (container && /(^|\/)ztunnel([:@]|$)/.test(container.image)) {
    return { ...base, proxy: 'ztunnel', says: 'It is ztunnel', hbone: false };
  }
  if (labels['gateway.istio.io/managed'] === 'istio.io-mesh-controller') {
    return {
      ...base,
      proxy: 'waypoint',
      says: 'It is a waypoint',
      hbone: true,
    };
  }
  const isRouter =
    labels['gateway.networking.k8s.io/gateway-name'] !== undefined ||
    (container !== undefined && pod.spec.containers.length === 1);
  if (container && isRouter) {
    return {
      ...base,
      proxy: 'gateway',
      says: 'It is a gateway',
      hbone: nativeHbone,
    };
  }
  if (native) {
    return {
      ...base,
      proxy: 'native-sidecar',
      says: 'An init container istio-proxy stays beside the application',
      hbone: nativeHbone,
    };
  }
  if (container) {
    return {
      ...base,
      proxy: 'sidecar',
      says: 'A container istio-proxy runs beside the application',
      hbone: nativeHbone,
    };
  }
  const redirection = annotations['ambient.istio.io/redirection'];
  if (redirection === 'enabled') {
    return {
      ...base,
      proxy: 'ambient',
      says: 'Its traffic is redirected to ztunnel',
      hbone: true,
    };
  }
  return {
    ...base,
    proxy: 'none',
    says:
      redirection === 'pending'
        ? 'Redirection to ztunnel is only pending'
        : 'It has no istio-proxy container and is not redirected to ztunnel',
    hbone: nativeHbone,
  };
}

/** Does the control plane take the pod for able to speak mesh mTLS? Label `security.istio.io/tlsMode`. R2.3 */
export function acceptsMeshMtls(pod: Pod): boolean {
  return pod.metadata.labels['security.istio.io/tlsMode'] === 'istio';
}
