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

import type { PrometheusProblem } from '../response';

/** Where an answer came from. */
export type AnswerOrigin = 'memory' | 'shared' | 'source';

/** What the engine tells of its own work, for metrics. */
export interface QueryObserver {
  /** One request to the source ended. */
  sent(request: {
    template: string;
    seconds: number;
    rows: number;
    problem?: PrometheusProblem;
  }): void;
  /** Somebody was answered. */
  answered(template: string, origin: AnswerOrigin): void;
  /** A request waited this long for a place. */
  waited(seconds: number): void;
}

/** Tells nobody. */
export const SILENT: QueryObserver = {
  sent() {},
  answered() {},
  waited() {},
};
