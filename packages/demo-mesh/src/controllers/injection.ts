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
  asString,
  fieldAt,
  type JsonObject,
  type KubernetesObject,
} from '../kubernetes';

type Labels = { readonly [key: string]: string };

/** Which data plane a new pod gets, and of which revision. */
export type DataPlane =
  | { readonly proxy: 'sidecar'; readonly revision: string }
  | { readonly proxy: 'ambient' }
  | { readonly proxy: 'none' };

/**
 * The revision whose webhook is called for a new pod (R2.4), `undefined` when none is.
 */
function injectionRevision(namespace: Labels, pod: Labels): string | undefined {
  if (pod['sidecar.istio.io/inject'] === 'false') {
    return undefined;
  }
  const switched = namespace['istio-injection'];
  if (switched !== undefined) {
    return switched === 'enabled' ? 'default' : undefined;
  }
  const revision = namespace['istio.io/rev'] ?? pod['istio.io/rev'];
  if (revision !== undefined) {
    return revision;
  }
  return pod['sidecar.istio.io/inject'] === 'true' ? 'default' : undefined;
}

/**
 * The data plane of a new pod (R2.4, R2.5, R2.7, R2.9): a sidecar beats ambient, the host network gets neither.
 *
 * @param revisions - revisions that an installed webhook serves
 */
export function dataPlaneOf(
  namespace: Labels,
  pod: Labels,
  podSpec: JsonObject,
  revisions: ReadonlySet<string>,
): DataPlane {
  if (podSpec.hostNetwork === true) {
    return { proxy: 'none' };
  }
  const revision = injectionRevision(namespace, pod);
  if (revision !== undefined && revisions.has(revision)) {
    return { proxy: 'sidecar', revision };
  }
  const own = pod['istio.io/dataplane-mode'];
  const mode = own ?? namespace['istio.io/dataplane-mode'];
  return mode === 'ambient' ? { proxy: 'ambient' } : { proxy: 'none' };
}

/** The revisions and tags that the installed webhooks serve. */
export function servedRevisions(
  webhooks: readonly KubernetesObject[],
): ReadonlySet<string> {
  const revisions = new Set<string>();
  for (const webhook of webhooks) {
    const labels = webhook.metadata.labels ?? {};
    const served = labels['istio.io/tag'] ?? labels['istio.io/rev'];
    if (served) {
      revisions.add(served);
    }
  }
  return revisions;
}

/** The proxy container that injection adds; its version is the revision's. */
export function proxyContainer(image: string, native: boolean): JsonObject {
  return {
    name: 'istio-proxy',
    image,
    args: ['proxy', 'sidecar'],
    ports: [{ containerPort: 15090, protocol: 'TCP', name: 'http-envoy-prom' }],
    ...(native ? { restartPolicy: 'Always' } : {}),
  };
}

/** Image tag of the proxy for a revision, read from its istiod Deployment. */
export function proxyImage(
  istiods: readonly KubernetesObject[],
  revision: string,
): string {
  const istiod = istiods.find(
    object =>
      object.metadata.labels?.app === 'istiod' &&
      (object.metadata.labels['istio.io/rev'] ?? 'default') === revision,
  );
  const containers = fieldAt(istiod, 'spec', 'template', 'spec', 'containers');
  const image = Array.isArray(containers)
    ? asString(fieldAt(containers[0], 'image'))
    : '';
  const tag = image.includes(':')
    ? image.slice(image.lastIndexOf(':') + 1)
    : '1.30.1';
  return `docker.io/istio/proxyv2:${tag}`;
}
