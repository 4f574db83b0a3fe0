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

import type { MeshObject, SlimObjectByKind } from '../objects';
import {
  derivation,
  matchesLabelSelector,
  type MeshSnapshot,
} from '../snapshot';
import type { MeshConfig } from './meshConfig';
import { systemNamespaceOf } from './network';

/** A revision tag: a name that points to a revision. R1.17 */
export interface RevisionTag {
  tag: string;
  revision: string;
}

type TagObject = SlimObjectByKind['MutatingWebhookConfiguration' | 'Service'];

const TAG = 'istio.io/tag';

const tagServices = derivation(
  namespace => [{ kind: 'Service', namespace }],
  (snapshot, namespace) =>
    snapshot
      .list('Service', namespace)
      .filter(({ metadata }) => metadata.labels[TAG] !== undefined),
);

/**
 * Tags of the mesh, from the webhooks and the Services beside istiod that carry labels `istio.io/tag` and `istio.io/rev`: a
 * mesh without injection needs no webhook. R1.17, change notes of 1.28
 */
export function revisionTagsOf(snapshot: MeshSnapshot): RevisionTag[] {
  const objects: readonly TagObject[] = [
    ...snapshot.list('MutatingWebhookConfiguration'),
    ...tagServices(snapshot, systemNamespaceOf(snapshot)),
  ];
  return objects.flatMap(({ metadata }) => {
    const tag = metadata.labels[TAG];
    const revision = metadata.labels['istio.io/rev'];
    return tag === undefined || revision === undefined
      ? []
      : [{ tag, revision }];
  });
}

/** The revision that a revision or tag name stands for. */
export function resolveRevision(snapshot: MeshSnapshot, name: string): string {
  return (
    revisionTagsOf(snapshot).find(({ tag }) => tag === name)?.revision ?? name
  );
}

/** Does a control plane of this revision read the object? Objects without `istio.io/rev` are read by all. R1.16 */
export function isReadByRevision(
  object: MeshObject,
  revision: string,
  tags: readonly RevisionTag[],
): boolean {
  const wanted = object.metadata.labels['istio.io/rev'];
  return (
    wanted === undefined ||
    revision === '' ||
    wanted === revision ||
    tags.some(
      ({ tag, revision: target }) => tag === wanted && target === revision,
    )
  );
}

/** Does the control plane see this namespace at all? No selectors: every namespace; else any one of them. R1.18 */
export function isNamespaceDiscovered(
  snapshot: MeshSnapshot,
  config: Pick<MeshConfig, 'discoverySelectors'>,
  namespace: string,
): boolean {
  if (config.discoverySelectors.length === 0) {
    return true;
  }
  const labels = snapshot.get('Namespace', '', namespace)?.metadata.labels;
  return (
    labels !== undefined &&
    config.discoverySelectors.some(selector =>
      matchesLabelSelector(selector, labels),
    )
  );
}
