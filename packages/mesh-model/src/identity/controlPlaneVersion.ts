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
import { derivation } from '../snapshot/derivation';
import type { MeshSnapshot } from '../snapshot/types';
import { controlPlaneDeployment } from './controlPlaneFlags';
import { wholeMesh } from './controlPlaneView';
import { systemNamespaceOf } from './network';

/** A version as `major.minor`. */
export interface Version {
  readonly major: number;
  readonly minor: number;
}

const VERSIONS = new Map<string, Version>();

/**
 * Reads `1.27.1`, `1.28-alpha…`; `undefined` for tags that are no version, as `latest`. Equal versions are the same object:
 * what is computed from one can be kept when it is read again.
 */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor] = /^v?(\d{1,4})\.(\d{1,4})([.-]|$)/.exec(text) ?? [];
  if (major === undefined || minor === undefined) {
    return undefined;
  }
  const version = { major: Number(major), minor: Number(minor) };
  const key = `${version.major}.${version.minor}`;
  const known = VERSIONS.get(key) ?? version;
  VERSIONS.set(key, known);
  return known;
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

/** The version that an image and the labels of what runs it tell: an image may be named by its digest only. */
export function versionOfControlPlane(
  image: string,
  labels: Readonly<Record<string, string>>,
): Version | undefined {
  return (
    parseVersion(tagOf(image)) ??
    parseVersion(labels['app.kubernetes.io/version'] ?? '')
  );
}

function versionOfPod({
  metadata,
  spec,
}: SlimObjectByKind['Pod']): (Version | undefined)[] {
  return spec.containers
    .filter(({ name }) => name === 'discovery')
    .map(({ image }) => versionOfControlPlane(image, metadata.labels));
}

const versionOf: (snapshot: MeshSnapshot, key?: string) => Version | undefined =
  derivation(
    key => {
      const [namespace] = key.split('/');
      return [
        { kind: 'Pod', namespace },
        { kind: 'Deployment', namespace },
      ];
    },
    (snapshot, key) => {
      const [namespace, revision] = key.split('/');
      const wanted = revision === '' ? 'default' : revision;
      const versions = snapshot
        .podsBySelector(namespace, { app: 'istiod' })
        .filter(
          ({ metadata }) =>
            (metadata.labels['istio.io/rev'] ?? 'default') === wanted,
        )
        .flatMap(versionOfPod);
      if (versions.length === 0) {
        const { spec } =
          controlPlaneDeployment(snapshot, namespace, revision) ?? {};
        return spec?.controlPlaneImage === undefined
          ? undefined
          : versionOfControlPlane(spec.controlPlaneImage, spec.templateLabels);
      }
      const known = versions.filter(version => version !== undefined);
      return known.length === versions.length
        ? known.sort((a, b) => (isOlder(a, b) ? -1 : 1))[0]
        : undefined;
    },
  );

/**
 * The version of a control plane by the image of its running pods, else of its Deployment; the oldest while several run.
 *
 * @param revision - of the control plane; `''` for the default one. Left out: the one whose view the snapshot is
 * @returns `undefined` when neither can be seen, or their image names no version
 */
export function controlPlaneVersionOf(
  snapshot: MeshSnapshot,
  revision = snapshot.revision ?? '',
): Version | undefined {
  // A control plane may not discover its own namespace: its pods are there nevertheless.
  return versionOf(
    wholeMesh(snapshot),
    `${systemNamespaceOf(snapshot)}/${revision}`,
  );
}
