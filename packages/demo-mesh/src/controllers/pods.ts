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
  type Json,
  type JsonObject,
  type KubernetesObject,
} from '../kubernetes';
import { proxyContainer, type DataPlane } from './injection';

/** Pods whose template has this annotation never start; its value is the waiting reason. */
const POD_FAILURE_ANNOTATION = 'demo.example/pod-failure';

/** Pods whose template has this annotation were injected before an upgrade, with a proxy of that version; a restart ends it. */
const INJECTED_VERSION_ANNOTATION = 'demo.example/injected-version';

const RESTARTED_ANNOTATION = 'kubectl.kubernetes.io/restartedAt';

/** The image of the proxy that is injected now, or the one of before the upgrade. */
function injectedImage(
  image: string,
  annotations: { readonly [key: string]: string },
): string {
  const version = annotations[INJECTED_VERSION_ANNOTATION];
  return version === undefined || annotations[RESTARTED_ANNOTATION]
    ? image
    : image.replace(/:[^:]*$/, `:${version}`);
}

/** Builds a pod of an owner's template, as admission leaves it. */
export function buildPod(
  owner: KubernetesObject,
  name: string,
  plane: DataPlane,
  currentImage: string,
  nodeName: string,
): JsonObject {
  const template = asObject(fieldAt(owner, 'spec', 'template'));
  const spec = asObject(template.spec);
  const labels = asStringMap(fieldAt(template, 'metadata', 'labels'));
  const annotations = asStringMap(fieldAt(template, 'metadata', 'annotations'));
  const image = injectedImage(currentImage, annotations);
  const native = annotations['sidecar.istio.io/nativeSidecar'] !== 'false';
  const containers = [...asArray(spec.containers)];
  const initContainers = [...asArray(spec.initContainers)];
  if (plane.proxy === 'sidecar') {
    if (containers.some(entry => fieldAt(entry, 'name') === 'istio-proxy')) {
      containers.forEach((entry, index) => {
        if (fieldAt(entry, 'name') === 'istio-proxy') {
          containers[index] = { ...asObject(entry), image };
        }
      });
    } else if (native) {
      initContainers.push(proxyContainer(image, true));
    } else {
      containers.push(proxyContainer(image, false));
    }
    labels['security.istio.io/tlsMode'] ??= 'istio';
    // As the injector does where ambient is installed too: ztunnel reaches sidecars by HBONE.
    labels['networking.istio.io/tunnel'] ??= 'http';
    labels['service.istio.io/canonical-name'] ??=
      labels['app.kubernetes.io/name'] ?? labels.app ?? owner.metadata.name;
    labels['service.istio.io/canonical-revision'] ??=
      labels['app.kubernetes.io/version'] ?? labels.version ?? 'latest';
    annotations['istio.io/rev'] = plane.revision;
    annotations['sidecar.istio.io/status'] = JSON.stringify({
      initContainers: native ? ['istio-init', 'istio-proxy'] : ['istio-init'],
      containers: native ? [] : ['istio-proxy'],
      revision: plane.revision,
    });
  }
  if (plane.proxy === 'ambient') {
    annotations['ambient.istio.io/redirection'] = 'enabled';
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: owner.metadata.namespace,
      labels,
      annotations,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: owner.kind,
          name: owner.metadata.name,
          uid: owner.metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      ...spec,
      containers,
      ...(initContainers.length > 0 ? { initContainers } : {}),
      serviceAccountName: asString(spec.serviceAccountName) || 'default',
      nodeName,
    },
    status: {
      phase: 'Pending',
      conditions: [condition('Ready', false)],
      containerStatuses: containers.map(entry =>
        containerStatus(entry, false, 'ContainerCreating'),
      ),
    },
  };
}

function condition(type: string, holds: boolean): JsonObject {
  return { type, status: holds ? 'True' : 'False' };
}

function containerStatus(
  container: Json,
  ready: boolean,
  reason: string,
  startedAt = '',
): JsonObject {
  return {
    name: asString(fieldAt(container, 'name')),
    image: asString(fieldAt(container, 'image')),
    imageID: '',
    ready,
    started: ready,
    restartCount: 0,
    state: ready ? { running: { startedAt } } : { waiting: { reason } },
  };
}

/** The status of a pod that runs, or that waits for the reason its template's annotation names. */
export function startedStatus(
  pod: KubernetesObject,
  ip: string,
  hostIP: string,
  at: string,
): JsonObject {
  const failure = pod.metadata.annotations?.[POD_FAILURE_ANNOTATION];
  const ready = failure === undefined;
  const containers = asArray(fieldAt(pod, 'spec', 'containers'));
  const sidecars = asArray(fieldAt(pod, 'spec', 'initContainers'));
  return {
    phase: ready ? 'Running' : 'Pending',
    hostIP,
    podIP: ip,
    podIPs: [{ ip }],
    startTime: at,
    conditions: [
      condition('PodScheduled', true),
      condition('Initialized', true),
      condition('ContainersReady', ready),
      condition('Ready', ready),
    ],
    containerStatuses: containers.map(entry =>
      containerStatus(entry, ready, failure ?? '', at),
    ),
    ...(sidecars.length > 0
      ? {
          initContainerStatuses: sidecars.map(entry =>
            containerStatus(entry, ready, failure ?? '', at),
          ),
        }
      : {}),
  };
}

/** Whether the pod's condition `Ready` is `True`. */
export function isPodReady(pod: KubernetesObject): boolean {
  return asArray(fieldAt(pod, 'status', 'conditions')).some(
    entry =>
      fieldAt(entry, 'type') === 'Ready' && fieldAt(entry, 'status') === 'True',
  );
}

/** `spec.replicas`, 1 when unset. */
export function wantedReplicas(owner: KubernetesObject): number {
  return asNumber(fieldAt(owner, 'spec', 'replicas'), 1);
}
