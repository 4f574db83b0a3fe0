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

import type { AuthorizationDecision } from '../../authorization';

/**
 * Decides for requests without a token; where those are refused, for requests that may carry one. An invalid token is
 * refused anyhow, so it says nothing about who may come. R4.6, R4.7
 *
 * @param decide - for a request without a token, or one of which it is not known
 */
export function decidedForTokens(
  decide: (token: 'none' | undefined) => AuthorizationDecision,
): AuthorizationDecision {
  const without = decide('none');
  return without.decision === 'deny' ? decide(undefined) : without;
}
