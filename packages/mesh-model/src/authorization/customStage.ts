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
import type { AttachedPolicy } from './attachment';
import type { AuthorizationMesh, AuthorizationPolicy } from './policyTarget';
import type { ResolvedRequest } from './request';
import type { SearchContext } from './ruleSearch';
import { searchRules } from './ruleSearch';
import type { StageOutcome } from './stage';
import { PASSED } from './stage';
import { isUndecided } from './ternary';

type CustomPolicy = AttachedPolicy<AuthorizationPolicy>;

interface Provider {
  name: string;
  policies: CustomPolicy[];
  /** why requests it selects are denied without asking it */
  broken?: string;
  /** it cannot act on this chain */
  skipped: boolean;
  /** the mesh configuration is not known */
  unread: boolean;
}

function providersOf(
  policies: readonly CustomPolicy[],
  context: SearchContext,
  mesh: AuthorizationMesh,
): Provider[] {
  const byName = groupedBy(
    policies,
    ({ policy }) => policy.spec.provider?.name ?? '',
  );
  const conflict = byName.size > 1 && !mesh.multipleCustomProviders;
  return [...byName].map(([name, of]) => {
    const known = mesh.externalAuthorizers?.find(
      authorizer => authorizer.name === name,
    );
    const unread = mesh.externalAuthorizers === undefined;
    let broken = known?.invalid;
    if (conflict) {
      broken = `the workload has CUSTOM policies of ${
        byName.size
      } providers (${[...byName.keys()].join(', ')}), one is supported`;
    } else if (!known && !unread) {
      broken = `the mesh configuration has no extension provider named "${name}"`;
    }
    return {
      name,
      policies: of,
      broken,
      unread,
      skipped:
        broken === undefined &&
        context.reading === 'tcp' &&
        known?.protocol === 'http',
    };
  });
}

function stageOf(
  provider: Provider,
  request: ResolvedRequest,
  context: SearchContext,
): StageOutcome {
  const search = searchRules(provider.policies, request, context);
  if (
    provider.skipped ||
    (search.match === false && search.malformed.length === 0)
  ) {
    return PASSED;
  }
  const decidedBy = search.hit
    ? [search.hit]
    : [...search.possible, ...search.malformed];
  const dependsOn = isUndecided(search.match) ? search.match.on : [];
  if (provider.broken !== undefined && search.match === true) {
    return {
      outcome: 'deny',
      reason: `A CUSTOM policy selects the request and its provider cannot be used: ${provider.broken}.`,
      decidedBy,
      dependsOn: [],
      remedies: [
        `Name one working extension provider in the CUSTOM policies of this workload.`,
      ],
    };
  }
  if (provider.broken !== undefined && search.malformed.length === 0) {
    return {
      outcome: 'depends',
      reason:
        'A CUSTOM policy with an unusable provider may select the request; then it is denied.',
      decidedBy,
      dependsOn,
    };
  }
  return {
    outcome: 'unknown',
    reason: provider.unread
      ? `A CUSTOM policy hands the request to provider "${provider.name}", and the mesh configuration that defines it was not read.`
      : `A CUSTOM policy ${
          search.match === true ? 'hands' : 'may hand'
        } the request to the external authorizer "${
          provider.name
        }", whose answer is not known here.`,
    decidedBy,
    dependsOn,
  };
}

/** CUSTOM: rules select which requests an external authorizer sees; a broken provider denies them. R4.25 */
export function customStage(
  policies: readonly CustomPolicy[],
  request: ResolvedRequest,
  context: SearchContext,
  mesh: AuthorizationMesh,
): { stage: StageOutcome; asked: readonly string[] } {
  const providers = providersOf(policies, context, mesh);
  const stages = providers.map(provider => ({
    provider,
    stage: stageOf(provider, request, context),
  }));
  const deciding =
    stages.find(({ stage }) => stage.outcome === 'deny') ??
    stages.find(({ stage }) => stage.outcome === 'unknown') ??
    stages.find(({ stage }) => stage.outcome === 'depends');
  return {
    stage: deciding?.stage ?? PASSED,
    asked: stages
      .filter(({ stage }) => stage.outcome === 'unknown')
      .map(({ provider }) => provider.name),
  };
}
