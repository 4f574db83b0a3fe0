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

import { provenanceOf } from '../verdict';
import type { AttachedPolicies } from './attachment';
import { authenticate } from './authentication';
import type { AuthorizationRequest, ResolvedRequest } from './request';
import type { RuleSearch, SearchContext } from './ruleSearch';
import { searchRules } from './ruleSearch';
import type { StageOutcome } from './stage';
import { PASSED } from './stage';
import { isUndecided } from './ternary';

function malformedStage(search: RuleSearch): StageOutcome | undefined {
  return search.malformed.length > 0 && search.match !== true
    ? {
        outcome: 'unknown',
        reason:
          'A policy is malformed, so what it does to this request is not known.',
        decidedBy: search.malformed,
        dependsOn: isUndecided(search.match) ? search.match.on : [],
      }
    : undefined;
}

function waiting(search: RuleSearch, reason: string): StageOutcome {
  return {
    outcome: 'depends',
    reason,
    decidedBy: search.possible,
    dependsOn: isUndecided(search.match) ? search.match.on : [],
  };
}

/** Does a DENY policy refuse the request? R4.13 */
export function denyStage(
  attached: AttachedPolicies,
  request: ResolvedRequest,
  context: SearchContext,
): StageOutcome {
  const search = searchRules(
    attached.deny.filter(policy => !policy.dryRun),
    request,
    context,
  );
  if (search.match === true && search.hit) {
    const { object, path } = search.hit;
    return {
      outcome: 'deny',
      reason: `DENY policy ${object.namespace}/${object.name} matches (${path}).`,
      decidedBy: [search.hit],
      dependsOn: [],
      remedies: [
        `Narrow ${path} of AuthorizationPolicy ${object.namespace}/${object.name} so that it does not match this request.`,
      ],
    };
  }
  const malformed = malformedStage(search);
  if (malformed) {
    return malformed;
  }
  return isUndecided(search.match)
    ? waiting(search, 'A DENY policy may match.')
    : PASSED;
}

/** Does an ALLOW policy let the request in, where any acts? R4.13 */
export function allowStage(
  attached: AttachedPolicies,
  request: ResolvedRequest,
  context: SearchContext,
): StageOutcome {
  const enforcing = attached.allow.filter(policy => !policy.dryRun);
  if (enforcing.length === 0) {
    return {
      ...PASSED,
      reason: 'No ALLOW policy acts here, so what is not denied passes.',
    };
  }
  const search = searchRules(enforcing, request, context);
  if (search.match === true && search.hit) {
    const { object, path } = search.hit;
    return {
      ...PASSED,
      reason: `ALLOW policy ${object.namespace}/${object.name} matches (${path}).`,
      decidedBy: [search.hit],
    };
  }
  const malformed = malformedStage(search);
  if (malformed) {
    return malformed;
  }
  if (isUndecided(search.match)) {
    return waiting(search, 'ALLOW policies act here and one may match.');
  }
  return {
    outcome: 'deny',
    reason: `${
      enforcing.length === 1
        ? 'An ALLOW policy acts'
        : `${enforcing.length} ALLOW policies act`
    } here and no rule matches.`,
    decidedBy: enforcing.map(({ policy }) =>
      provenanceOf(
        policy,
        'spec.rules',
        policy.spec.rules?.length
          ? 'None of its rules matches.'
          : 'It is an ALLOW policy without rules, so it allows nothing.',
      ),
    ),
    dependsOn: [],
    remedies:
      search.missing.length > 0
        ? search.missing.map(
            missing => `Would be allowed if it matched ${missing}`,
          )
        : ['Add an ALLOW rule that matches this request.'],
  };
}

/** What RequestAuthentications make of the token of a request. R4.6 – R4.9 */
export function authenticationStage(
  attached: AttachedPolicies,
  request: AuthorizationRequest,
): { stage: StageOutcome; token: ResolvedRequest['token'] } {
  const result = authenticate(attached.requestAuthentications, request);
  const decidedBy = result.decidedBy
    ? [provenanceOf(result.decidedBy.policy, result.path, result.reason)]
    : [];
  switch (result.outcome) {
    case 'reject':
      return {
        token: result.token,
        stage: {
          outcome: 'deny',
          reason: result.reason,
          decidedBy,
          dependsOn: [],
          remedies: ['Send a valid token of a configured issuer, or none.'],
          refusal: '401',
        },
      };
    case 'depends':
      return {
        token: result.token,
        stage: {
          outcome: 'depends',
          reason: result.reason,
          decidedBy: attached.requestAuthentications.map(
            ({ provenance }) => provenance,
          ),
          dependsOn: ['token'],
        },
      };
    default:
      return { token: result.token, stage: PASSED };
  }
}
