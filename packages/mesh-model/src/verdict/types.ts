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

import type { ObjectProblem } from '../objects';

/** Names one object of one cluster. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectRef {
  /** API group, `''` for the core group. */
  group: string;
  kind: string;
  namespace?: string;
  name: string;
}

/**
 * Says which object and field decided (a part of) an answer.
 *
 * `path` is the field inside the object, for example `spec.portLevelMtls[8080].mode`.
 * `says` is one sentence for a person. `overrides` are the losers, each with why it lost. `refusals` are fields of the object
 * for which istiod's admission would refuse it.
 */
export interface Provenance {
  object: ObjectRef;
  path?: string;
  says: string;
  overrides?: Provenance[];
  refusals?: ObjectProblem[];
}

/** The four states an answer can have. What is not certain is `unknown`, never `pass`. */
export type VerdictState = 'pass' | 'fail' | 'unknown' | 'not-applicable';

/** An answer with its reason (one sentence) and the objects that decided it. */
export interface Verdict {
  state: VerdictState;
  reason: string;
  facts: Provenance[];
}
