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

type Container = Pod['spec']['containers'][number];

/** What a pod can show; that a machine has a proxy, only the control plane knows. */
type PodProxyType = Exclude<ProxyType, 'vm'>;

const SAYS: Readonly<Record<PodProxyType, string>> = {
  ztunnel: 'It is ztunnel',
  waypoint: 'It is a waypoint',
  gateway: 'It is a gateway',
  'native-sidecar':
    'An init container istio-proxy stays beside the application',
  sidecar: 'A container istio-proxy runs beside the application',
  ambient: 'Its traffic is redirected to ztunnel',
  none: 'It has no istio-proxy container and is not redirected to ztunnel',
};

const REDIRECTION = 'ambient.istio.io/redirection';

const ZTUNNEL_IMAGE = /(^|\/)ztunnel([:@]|$)/;

/** Of a gateway that istiod deploys, or alone in its pod: no application is beside it. R2.14 */
function isRouter({ metadata, spec }: Pod): boolean {
  return (
    metadata.labels['gateway.networking.k8s.io/gateway-name'] !== undefined ||
    spec.containers.length === 1
  );
}

/** A sidecar beats capture by ztunnel. R2.1, R2.8, R2.9, R2.14 */
function proxyTypeOf(
  pod: Pod,
  container: Container | undefined,
  native: Container | undefined,
): PodProxyType {
  const { labels, annotations } = pod.metadata;
  if (container && ZTUNNEL_IMAGE.test(container.image)) {
    return 'ztunnel';
  }
  if (labels['gateway.istio.io/managed'] === 'istio.io-mesh-controller') {
    return 'waypoint';
  }
  if (container && isRouter(pod)) {
    return 'gateway';
  }
  if (native) {
    return 'native-sidecar';
  }
  if (container) {
    return 'sidecar';
  }
  return annotations[REDIRECTION] === 'enabled' ? 'ambient' : 'none';
}

/** Waypoints do, and ztunnel for the pods it captures; other proxies where a label says so. R2.8 */
function acceptsHbone(
  proxy: PodProxyType,
  labels: Readonly<Record<string, string>>,
): boolean {
  switch (proxy) {
    case 'ztunnel':
      return false;
    case 'waypoint':
    case 'ambient':
      return true;
    default:
      return (labels['networking.istio.io/tunnel'] ?? '')
        .split(',')
        .includes('http');
  }
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
  const proxy = proxyTypeOf(pod, container, native);
  return {
    revision:
      annotations['istio.io/rev'] ??
      revisionFromStatus(annotations) ??
      labels['istio.io/rev'],
    version: image === undefined ? undefined : imageTag(image),
    proxy,
    says:
      proxy === 'none' && annotations[REDIRECTION] === 'pending'
        ? 'Redirection to ztunnel is only pending'
        : SAYS[proxy],
    hbone: acceptsHbone(proxy, labels),
  };
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

/** Does the control plane take the pod for able to speak mesh mTLS? Label `security.istio.io/tlsMode`. R2.3 */
export function acceptsMeshMtls(pod: Pod): boolean {
  return pod.metadata.labels['security.istio.io/tlsMode'] === 'istio';
}
