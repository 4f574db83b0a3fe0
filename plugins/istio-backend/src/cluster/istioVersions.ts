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

import type { MeshSnapshot } from '@mesh-portal/mesh-model';

/** Images of the control plane end in `/pilot:<version>[-variant]`. */
const PILOT_IMAGE = /\/pilot:(\d[^@-]*)/;

const kept = new WeakMap<
  MeshSnapshot,
  { podVersion: number; versions: string[] }
>();

/** Versions of the control planes that run in the cluster, by the images of istiod's pods. */
export function istioVersionsOf(snapshot: MeshSnapshot): string[] {
  const podVersion = snapshot.versionOf('Pod');
  const before = kept.get(snapshot);
  if (before && before.podVersion === podVersion) {
    return before.versions;
  }
  const versions = new Set<string>();
  for (const pod of snapshot.podsBySelector(undefined, { app: 'istiod' })) {
    for (const { image } of pod.spec.containers) {
      const version = PILOT_IMAGE.exec(image)?.[1];
      if (version !== undefined) {
        versions.add(version);
      }
    }
  }
  const sorted = [...versions].sort();
  kept.set(snapshot, { podVersion, versions: sorted });
  return sorted;
}
