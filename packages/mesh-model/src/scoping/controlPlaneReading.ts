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
  isNamespaceDiscovered,
  isReadByRevision,
  meshConfigOf,
  revisionTagsOf,
} from '../identity';
import type { MeshObject } from '../objects';
import type { MeshSnapshot } from '../snapshot';

/** Why a control plane does not read an object at all. */
export interface NotRead {
  cause: 'other-revision' | 'undiscovered-namespace';
  path: string;
  says: string;
}

/**
 * Why the control plane of a revision does not read an object: it carries another revision's label (R1.16), or stands in
 * a namespace that `discoverySelectors` leave out (R1.18).
 *
 * @param revision - of the control plane that configures the proxy; left out, labels of every revision are read
 * @returns `undefined` when it reads it
 */
export function whyNotRead(
  snapshot: MeshSnapshot,
  object: MeshObject,
  revision = '',
): NotRead | undefined {
  const { namespace, labels } = object.metadata;
  if (!isReadByRevision(object, revision, revisionTagsOf(snapshot))) {
    return {
      cause: 'other-revision',
      path: 'metadata.labels[istio.io/rev]',
      says: `It belongs to revision ${labels['istio.io/rev']}, which does not serve this proxy.`,
    };
  }
  const ofRevision = meshConfigOf(snapshot, revision);
  const config = ofRevision.source ? ofRevision : meshConfigOf(snapshot);
  return isNamespaceDiscovered(snapshot, config, namespace)
    ? undefined
    : {
        cause: 'undiscovered-namespace',
        path: 'metadata.namespace',
        says: `The control plane does not read namespace ${namespace}: its labels match none of meshConfig.discoverySelectors.`,
      };
}
