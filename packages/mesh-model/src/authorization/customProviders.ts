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

import { groupedBy } from '../grouping';
import { derivation } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import type { AttachedPolicy } from './attachment';
import type {
  AuthorizationMesh,
  AuthorizationPolicy,
  ExternalAuthorizer,
} from './policyTarget';

/** Does any policy of the mesh hand requests to an external authorizer? */
export const hasCustomPolicies = derivation(
  () => [{ kind: 'AuthorizationPolicy' }],
  snapshot =>
    snapshot
      .list('AuthorizationPolicy')
      .some(({ spec }) => spec.action === 'CUSTOM'),
);

type CustomPolicy = AttachedPolicy<AuthorizationPolicy>;

/** A provider that CUSTOM policies of one workload name. */
export interface CustomProvider {
  name: string;
  policies: readonly CustomPolicy[];
  protocol?: ExternalAuthorizer['protocol'];
  /** why the requests that they select are denied without asking it */
  broken?: string;
  /** what defines it, or should, where that is why it is broken */
  brokenBy?: Provenance;
  /** why it is not known whether it can be used */
  unknown?: string;
}

/** How the mesh configuration defines a provider, and why it cannot be used, if so. R1.15 */
function definitionOf(
  name: string,
  { externalAuthorizers, source }: AuthorizationMesh,
): Pick<CustomProvider, 'protocol' | 'broken' | 'brokenBy' | 'unknown'> {
  if (externalAuthorizers === undefined) {
    return {
      unknown: 'the mesh configuration that defines it was not read',
    };
  }
  const known = externalAuthorizers.find(each => each.name === name);
  const protocol = known && { protocol: known.protocol };
  const broken =
    known === undefined
      ? `the mesh configuration has no extension provider named "${name}"`
      : known.invalid;
  if (broken === undefined) {
    const unknown = known?.uncertain;
    return { ...protocol, ...(unknown !== undefined && { unknown }) };
  }
  const says = `Provider "${name}" cannot be used: ${broken}`;
  return {
    ...protocol,
    broken,
    ...(source && {
      brokenBy: provenanceOf(source, 'data.mesh: extensionProviders', says),
    }),
  };
}

/** The providers of the CUSTOM policies that act on one workload; more than one is none, unless istiod is told so. R4.25 */
export function customProvidersOf(
  policies: readonly CustomPolicy[],
  mesh: AuthorizationMesh,
): CustomProvider[] {
  const byName = groupedBy(
    policies,
    ({ policy }) => policy.spec.provider?.name ?? '',
  );
  const conflict =
    byName.size > 1 && !mesh.multipleCustomProviders
      ? `the workload has CUSTOM policies of ${byName.size} providers (${[
          ...byName.keys(),
        ].join(', ')}), one is supported`
      : undefined;
  return [...byName].map(([name, of]) => ({
    name,
    policies: of,
    ...(conflict === undefined
      ? definitionOf(name, mesh)
      : { broken: conflict }),
  }));
}
