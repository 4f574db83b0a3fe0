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

import type { MtlsPath } from '@mesh-portal/backstage-plugin-istio-common';

/** Clients whose traffic to a port is sent and ends alike. */
export interface MtlsPathGroup {
  sends: MtlsPath['sends'];
  outcome: MtlsPath['outcome'];
  paths: MtlsPath[];
}

const WORST_FIRST: Record<MtlsPath['outcome'], number> = {
  broken: 0,
  unencrypted: 1,
  mixed: 2,
  unknown: 3,
  encrypted: 4,
};

/** Puts together the clients that send the same and end the same, worst outcome first. */
export function groupPaths(paths: MtlsPath[]): MtlsPathGroup[] {
  const groups = new Map<string, MtlsPathGroup>();
  for (const path of paths) {
    const key = `${path.sends} ${path.outcome}`;
    const group = groups.get(key);
    if (group) {
      group.paths.push(path);
    } else {
      groups.set(key, {
        sends: path.sends,
        outcome: path.outcome,
        paths: [path],
      });
    }
  }
  return [...groups.values()].sort(
    (a, b) => WORST_FIRST[a.outcome] - WORST_FIRST[b.outcome],
  );
}
