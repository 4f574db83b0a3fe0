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

import type { PrometheusClient } from '../PrometheusClient';
import type { AnswerCache } from './AnswerCache';
import type { Failures } from './Failures';
import type { QueryObserver } from './QueryObserver';
import type { SharedAnswers } from './SharedAnswers';

export interface QueryEngineOptions {
  client: PrometheusClient;
  /** matchers of the configuration that every selector gets */
  scope?: readonly string[];
  /** how often the source scrapes proxies; default 30 */
  scrapeSeconds?: number;
  /** answers of other replicas; absent: this process keeps its own only */
  shared?: SharedAnswers;
  /** answers of this process; may be shared by engines, which then need an `id` each */
  cache?: AnswerCache;
  failures?: Failures;
  id?: string;
  observer?: QueryObserver;
  /** epoch milliseconds */
  now?: () => number;
  /** how long those who ask are collected; default 25 ms */
  batchMs?: number;
}
