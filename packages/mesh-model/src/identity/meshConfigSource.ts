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
import type { MeshSnapshot } from '../snapshot';
import { controlPlaneFlagsOf } from './controlPlaneFlags';
import {
  DEFAULT_MESH_CONFIG,
  parseMeshConfig,
  type MeshConfig,
} from './meshConfig';

type ConfigMap = SlimObjectByKind['ConfigMap'];

/** The ConfigMap that a control plane reads. */
const sourceOf: (
  snapshot: MeshSnapshot,
  revision?: string,
) => ConfigMap | undefined = derivation(
  () => [{ kind: 'ConfigMap' }],
  (snapshot, revision) => {
    const name =
      revision === '' || revision === 'default' ? 'istio' : `istio-${revision}`;
    const withMesh = snapshot
      .list('ConfigMap')
      .filter(({ spec }) => spec.data.mesh !== undefined);
    const named = withMesh.filter(({ metadata }) => metadata.name === name);
    return (
      named.find(({ metadata }) => metadata.namespace === 'istio-system') ??
      named[0] ??
      (revision === ''
        ? withMesh.find(({ metadata }) => /^istio-/.test(metadata.name))
        : undefined)
    );
  },
);

function withShared(
  snapshot: MeshSnapshot,
  source: ConfigMap,
  sharedName: string,
): MeshConfig {
  const shared = snapshot.get(
    'ConfigMap',
    source.metadata.namespace,
    sharedName,
  );
  const yaml = shared?.spec.data.mesh;
  const config = parseMeshConfig(source.spec.data.mesh, yaml);
  return yaml === undefined
    ? {
        ...config,
        source,
        problems: [
          ...config.problems,
          {
            path: 'data.mesh',
            message: `The control plane also reads ConfigMap ${source.metadata.namespace}/${sharedName} (SHARED_MESH_CONFIG), which cannot be seen here: its settings are missing. Give it a name that begins with "istio" and a key "mesh".`,
          },
        ],
      }
    : { ...config, source, sharedSource: shared };
}

const configOf: (snapshot: MeshSnapshot, key?: string) => MeshConfig =
  derivation(
    () => [{ kind: 'ConfigMap' }],
    (snapshot, key) => {
      const [revision, sharedName, clusterDomain] = key.split('/');
      const domain = clusterDomain === '' ? {} : { clusterDomain };
      const source = sourceOf(snapshot, revision);
      if (source === undefined) {
        return { ...DEFAULT_MESH_CONFIG, ...domain };
      }
      return sharedName === ''
        ? { ...parseMeshConfig(source.spec.data.mesh), ...domain, source }
        : { ...withShared(snapshot, source, sharedName), ...domain };
    },
  );

/**
 * The mesh configuration of a control plane: ConfigMap `istio` (or `istio-<revision>`), key `mesh`, over the ConfigMap that
 * `SHARED_MESH_CONFIG` names, over the defaults; the domain of the cluster from istiod's `--domain`. R1.1, R1.11
 *
 * @param revision - of the control plane; `''` for the default one, or the only one there is. Left out: the one whose view
 * the snapshot is, if it is one
 */
export function meshConfigOf(
  snapshot: MeshSnapshot,
  revision?: string,
): MeshConfig {
  const ofView = snapshot.revision ?? '';
  // A control plane whose own ConfigMap cannot be seen is taken to read that of the default one.
  const name =
    revision ?? (sourceOf(snapshot, ofView) === undefined ? '' : ofView);
  const source = sourceOf(snapshot, name);
  const { values, clusterDomain = '' } = controlPlaneFlagsOf(
    snapshot,
    source?.metadata.namespace,
    name,
  );
  const shared = source && values.SHARED_MESH_CONFIG;
  return configOf(snapshot, `${name}/${shared ?? ''}/${clusterDomain}`);
}
