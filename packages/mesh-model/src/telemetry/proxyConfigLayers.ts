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

import { meshConfigOf } from '../identity';
import type { Workload } from '../membership';
import type { SlimObjectByKind } from '../objects';
import { readYaml } from '../objects/yamlText';
import type { MeshSnapshot } from '../snapshot';
import {
  lastStatement,
  provenanceOf,
  type Decided,
  type Provenance,
  type Statement,
} from '../verdict';
import { leavesOf } from './leaves';

type ProxyConfig = SlimObjectByKind['ProxyConfig'];

const ANNOTATION = 'proxy.istio.io/config';

/** What one source sets of the configuration of proxies. */
interface Layer {
  /** values by path, for example `image.imageType` */
  leaves: ReadonlyMap<string, string>;
  says: string;
  provenanceAt: (path: string) => Provenance | undefined;
}

/** What a ProxyConfig sets. R8.17 */
export function layerOfObject(object: ProxyConfig): Layer {
  const { spec, metadata } = object;
  const says = `ProxyConfig ${metadata.namespace}/${metadata.name} sets it`;
  const leaves = new Map<string, string>();
  const fields = new Map<string, string>();
  const put = (path: string, field: string, value: string) => {
    leaves.set(path, value);
    fields.set(path, field);
  };
  if (spec.concurrency !== undefined) {
    put('concurrency', 'spec.concurrency', String(spec.concurrency));
  }
  if (spec.image?.imageType !== undefined) {
    put('image.imageType', 'spec.image.imageType', spec.image.imageType);
  }
  for (const [name, value] of Object.entries(spec.environmentVariables ?? {})) {
    put(`proxyMetadata[${name}]`, `spec.environmentVariables[${name}]`, value);
  }
  return {
    leaves,
    says,
    provenanceAt: path => provenanceOf(object, fields.get(path), says),
  };
}

/** What the annotation `proxy.istio.io/config` of the pods sets; none without it. R8.17 */
export function annotationLayer(workload: Workload): Layer[] {
  const text = workload.annotations[ANNOTATION];
  if (text === undefined) {
    return [];
  }
  const read = readYaml(text);
  const says = `Annotation ${ANNOTATION} of the pods sets it`;
  return [
    {
      leaves: leavesOf('value' in read ? read.value : undefined),
      says,
      provenanceAt: () => ({
        object: workload.ref,
        path: `spec.template.metadata.annotations[${ANNOTATION}]`,
        says,
      }),
    },
  ];
}

/** What `defaultConfig` of the mesh configuration sets. R8.17 */
export function meshLayer(snapshot: MeshSnapshot, revision: string): Layer {
  const { defaultConfig, source } = meshConfigOf(snapshot, revision);
  const says = 'The mesh configuration sets it for all proxies';
  return {
    leaves: leavesOf(defaultConfig),
    says,
    provenanceAt: path =>
      source && provenanceOf(source, `data.mesh: defaultConfig.${path}`, says),
  };
}

/** What layers set together: of a path that several set the last one counts. R8.17 */
export function settingsOf(
  layers: readonly Layer[],
): Map<string, Decided<string>> {
  const statements = new Map<string, Statement<string>[]>();
  for (const { leaves, says, provenanceAt } of layers) {
    for (const [path, value] of leaves) {
      const provenance = provenanceAt(path);
      statements.set(path, [
        ...(statements.get(path) ?? []),
        { value, says, ...(provenance && { provenance }) },
      ]);
    }
  }
  const settings = new Map<string, Decided<string>>();
  for (const [path, all] of statements) {
    const last = lastStatement(all);
    if (last !== undefined) {
      settings.set(path, last);
    }
  }
  return settings;
}
