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

import type { PolicyTarget } from '../authorization/policyTarget';
import type { MeshObject } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { whyNotRead, type NotRead } from './controlPlaneReading';
import {
  attachPolicy,
  type AttachablePolicy,
  type AttachmentScope,
  type AttachmentSettings,
  type DetachmentCause,
} from './policyAttachment';

/** An object that acts on a proxy, and how it came to. */
export interface ActingObject<O extends MeshObject> {
  object: O;
  scope: AttachmentScope;
  provenance: Provenance;
}

/** An object in reach of a proxy that does not act on it, and why. */
export interface IdleObject<O extends MeshObject> {
  object: O;
  cause: DetachmentCause | NotRead['cause'] | 'ztunnel-http-only' | 'no-proxy';
  provenance: Provenance;
}

/** The candidates of a proxy by whether they act. */
export interface SortedCandidates<O extends MeshObject> {
  acting: readonly ActingObject<O>[];
  idle: readonly IdleObject<O>[];
}

/** Why no object that configures Envoy acts where there is no Envoy. R8.24 */
function whyNoEnvoy(
  target: PolicyTarget,
): { cause: 'ztunnel-http-only' | 'no-proxy'; says: string } | undefined {
  switch (target.proxy) {
    case 'ambient':
      return {
        cause: 'ztunnel-http-only',
        says: 'The workload is in ambient mode: ztunnel ignores this kind. It acts at a waypoint, by targetRefs.',
      };
    case 'none':
      return {
        cause: 'no-proxy',
        says: 'The workload has no proxy, so nothing applies it.',
      };
    default:
      return undefined;
  }
}

/**
 * Sorts candidates of a kind that configures Envoy (Telemetry, EnvoyFilter, WasmPlugin, TrafficExtension) into those
 * that act on a proxy and those that do not, each with the field at fault. R1.16, R1.18, R4.2, R8.24
 *
 * @param revision - of the control plane that configures the proxy
 */
export function sortCandidates<O extends MeshObject>(
  snapshot: MeshSnapshot,
  candidates: Iterable<O>,
  attachable: (object: O) => AttachablePolicy,
  proxy: { target: PolicyTarget; revision?: string },
  settings: AttachmentSettings,
): SortedCandidates<O> {
  const acting: ActingObject<O>[] = [];
  const idle: IdleObject<O>[] = [];
  const withoutEnvoy = whyNoEnvoy(proxy.target);
  for (const object of candidates) {
    const notRead = whyNotRead(snapshot, object, proxy.revision);
    const attachment = attachPolicy(attachable(object), proxy.target, settings);
    if (notRead !== undefined) {
      const { cause, path, says } = notRead;
      idle.push({
        object,
        cause,
        provenance: provenanceOf(object, path, says),
      });
    } else if ('cause' in attachment) {
      const { cause, path, says } = attachment;
      idle.push({
        object,
        cause,
        provenance: provenanceOf(object, path, says),
      });
    } else if (withoutEnvoy !== undefined) {
      const { cause, says } = withoutEnvoy;
      idle.push({
        object,
        cause,
        provenance: provenanceOf(object, 'spec', says),
      });
    } else {
      const { scope, path, says } = attachment;
      acting.push({
        object,
        scope,
        provenance: provenanceOf(object, path, says),
      });
    }
  }
  return { acting, idle };
}
