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

import type {
  AuthorizationWorkload,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';

/** Postures that let callers in. */
const OPENLY: ReadonlySet<AuthorizationWorkload['posture']> = new Set([
  'open',
  'allow-all',
  'deny-list',
  'not-enforced',
] as const);

/**
 * The verdict of a workload as the card shows it. That anybody may call is a posture and no malfunction, so it is neither
 * green nor red; a caller who is refused is a malfunction in any posture. The summary and the Mesh page say the same.
 */
export function shownVerdict(answer: AuthorizationWorkload): Verdict {
  const { posture, sentence, verdict } = answer;
  const isPosture = verdict.reason === sentence;
  return verdict.state === 'fail' && isPosture && OPENLY.has(posture)
    ? { ...verdict, state: 'not-applicable' }
    : verdict;
}
