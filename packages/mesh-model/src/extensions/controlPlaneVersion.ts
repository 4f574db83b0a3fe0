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

import { systemNamespaceOf } from '../identity';
import type { MeshSnapshot } from '../snapshot';

/** A version as `major.minor`. */
export interface Version {
  major: number;
  minor: number;
}

/** Reads `1.27.1`, `1.28-alpha…`; `undefined` for tags that are no version, as `latest`. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)([.-]|$)/.exec(text) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor) };
}

/** Is a version older than another? */
export function isOlder(a: Version, b: Version): boolean {
  return a.major < b.major || (a.major === b.major && a.minor < b.minor);
}

function tagOf(image: string): string {
  const [name] = image.split('@');
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(colon + 1) : '';
}

/**
 * The version of a control plane by the image of its running pods; the oldest while several run.
 *
 * @param revision - of the control plane; `''` and left out stand for the default one
 * @returns `undefined` when no pod of it, or no version in its image, can be seen
 */
export function controlPlaneVersionOf(
  snapshot: MeshSnapshot,
  revision = '',
): Version | undefined {
  const wanted = revision === '' ? 'default' : revision;
  const versions = snapshot
    .podsBySelector(systemNamespaceOf(snapshot), { app: 'istiod' })
    .filter(
      ({ metadata }) =>
        (metadata.labels['istio.io/rev'] ?? 'default') === wanted,
    )
    .flatMap(
      ({ spec }) =>
        spec.containers.find(({ name }) => name === 'discovery') ?? [],
    )
    .map(({ image }) => parseVersion(tagOf(image)));
  const known = versions.filter(version => version !== undefined);
  return known.length === versions.length
    ? known.sort((a, b) => (isOlder(a, b) ? -1 : 1))[0]
    : undefined;
}
