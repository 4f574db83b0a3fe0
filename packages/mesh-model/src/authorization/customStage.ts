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

import type { AttachedPolicy } from './attachment';
import { customProvidersOf, type CustomProvider } from './customProviders';
import type { AuthorizationMesh, AuthorizationPolicy } from './policyTarget';
import type { ResolvedRequest } from './request';
import type { SearchContext } from './ruleSearch';
import { searchRules } from './ruleSearch';
import type { StageOutcome } from './stage';
import { PASSED } from './stage';
import { isUndecided } from './ternary';

type CustomPolicy = AttachedPolicy<AuthorizationPolicy>;

function stageOf(
  provider: CustomProvider,
  request: ResolvedRequest,
  context: SearchContext,
): StageOutcome {
  const search = searchRules(provider.policies, request, context);
  // What speaks HTTP cannot act on a TCP chain, and is left out there.
  const skipped =
    provider.broken === undefined &&
    context.reading === 'tcp' &&
    provider.protocol === 'http';
  if (skipped || (search.match === false && search.malformed.length === 0)) {
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
      decidedBy: [
        ...decidedBy,
        ...(provider.brokenBy ? [provider.brokenBy] : []),
      ],
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
    reason: provider.unknown
      ? `A CUSTOM policy hands the request to provider "${provider.name}", and ${provider.unknown}.`
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
  const stages = customProvidersOf(policies, mesh).map(provider => ({
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
