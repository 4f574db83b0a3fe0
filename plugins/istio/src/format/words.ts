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

import type {
  MtlsPath,
  ObjectRef,
  ProxyType,
  ServerMode,
  Transport,
  VerdictState,
} from '@mesh-portal/backstage-plugin-istio-common';

/** States of a verdict as one word each, so that colour is never alone. */
export const VERDICT_WORDS: Record<VerdictState, string> = {
  pass: 'OK',
  fail: 'Problem',
  unknown: 'Unknown',
  'not-applicable': 'Not applicable',
};

/** What a server port accepts, after the mode's own name. */
export const SERVER_MODE_WORDS: Record<ServerMode, string> = {
  STRICT: 'accepts mutual TLS only',
  PERMISSIVE: 'accepts mutual TLS and plaintext',
  DISABLE: 'accepts plaintext only',
  MIXED: 'differs between workloads',
  NONE: 'no proxy: the mesh does not decide',
  UNKNOWN: 'not known',
};

export const TRANSPORT_WORDS: Record<Transport, string> = {
  'mutual-tls': 'mutual TLS',
  hbone: 'mutual TLS (HBONE)',
  plaintext: 'plaintext',
  tls: 'TLS without mesh identity',
  mixed: 'mutual TLS and plaintext',
  none: 'nothing',
  unknown: 'unknown',
};

export const PATH_OUTCOME_WORDS: Record<MtlsPath['outcome'], string> = {
  encrypted: 'encrypted',
  unencrypted: 'not encrypted',
  mixed: 'partly encrypted',
  broken: 'refused',
  unknown: 'unknown',
};

export const PROXY_WORDS: Record<ProxyType, string> = {
  sidecar: 'sidecar',
  'native-sidecar': 'native sidecar',
  ambient: 'ambient',
  waypoint: 'waypoint',
  gateway: 'gateway',
  ztunnel: 'ztunnel',
  vm: 'virtual machine',
  none: 'no proxy',
  mixed: 'mixed',
};

/** `VirtualService bookinfo/reviews`. */
export function nameOfObject(object: ObjectRef): string {
  const place =
    object.namespace === undefined
      ? object.name
      : `${object.namespace}/${object.name}`;
  return `${object.kind} ${place}`;
}

/** `1 pod`, `3 pods`. */
export function counted(count: number, singular: string, plural?: string) {
  return `${count.toLocaleString('en-US')} ${
    count === 1 ? singular : plural ?? `${singular}s`
  }`;
}
