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

import type { SlimObjectByKind, StringMap } from '../objects';
import { derivation } from '../snapshot/derivation';
import type { MeshSnapshot } from '../snapshot/types';
import { parseGoBool } from './goBool';

/** The Deployment of a control plane, by the namespace it runs in and its revision. */
const controlPlanesOf: (
  snapshot: MeshSnapshot,
  namespace?: string,
) => readonly SlimObjectByKind['Deployment'][] = derivation(
  namespace => [{ kind: 'Deployment', namespace }],
  (snapshot, namespace) =>
    snapshot
      .list('Deployment', namespace)
      .filter(({ spec }) => spec.controlPlaneEnvironment !== undefined),
);

/** The istiod of a revision; `''` and `default` stand for the default one. */
export function controlPlaneDeployment(
  snapshot: MeshSnapshot,
  namespace: string,
  revision: string,
): SlimObjectByKind['Deployment'] | undefined {
  const wanted = revision === '' ? 'default' : revision;
  const found = controlPlanesOf(snapshot, namespace);
  return (
    found.find(
      ({ metadata, spec }) =>
        (spec.templateLabels['istio.io/rev'] ??
          metadata.labels['istio.io/rev'] ??
          'default') === wanted,
    ) ?? (revision === '' && found.length === 1 ? found[0] : undefined)
  );
}

/** Settings of a control plane that stand in its environment (istiod flags), as far as the cluster shows them. */
export interface ControlPlaneFlags {
  /** Was the Deployment of this control plane seen? When not, flags have their assumed defaults. */
  seen: boolean;
  values: StringMap;
  /** the domain of its services' names, where its Deployment says so. R1.1 */
  clusterDomain?: string;
}

/**
 * The environment variables of the istiod of a revision. Only literal values are known; a variable taken from a Secret or
 * ConfigMap is not.
 *
 * @param namespace - that istiod runs in
 */
export function controlPlaneFlagsOf(
  snapshot: MeshSnapshot,
  namespace = 'istio-system',
  revision = '',
): ControlPlaneFlags {
  const deployment = controlPlaneDeployment(snapshot, namespace, revision);
  return {
    seen: deployment !== undefined,
    values: deployment?.spec.controlPlaneEnvironment ?? {},
    ...(deployment?.spec.clusterDomain && {
      clusterDomain: deployment.spec.clusterDomain,
    }),
  };
}

/** A boolean flag as istiod reads it: `true` or `1`…; anything it cannot read is the default. */
export function booleanFlag(
  flags: ControlPlaneFlags,
  name: string,
  fallback: boolean,
): boolean {
  const value = flags.values[name];
  return value === undefined ? fallback : parseGoBool(value) ?? fallback;
}
