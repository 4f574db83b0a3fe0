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

import type { ConfigApi } from '@backstage/core-plugin-api';

/** How often the browser asks again, in milliseconds. */
export interface RefreshIntervals {
  /** Views made of configuration: cheap, because an unchanged answer is a `304`. */
  configuration: number;
  /** Views made of metrics. */
  signals: number;
}

const DEFAULT_SECONDS = 30;
const CONFIGURATION_MS = 3_000;

/**
 * Reads `istio.refreshInterval` (seconds). Configuration is asked for every three seconds, so that a change is seen
 * within five, but never more often than a person who sets a shorter interval wants.
 *
 * @throws Error naming the key when it is not a number of at least one second
 */
export function readRefreshIntervals(config: ConfigApi): RefreshIntervals {
  const seconds =
    config.getOptionalNumber('istio.refreshInterval') ?? DEFAULT_SECONDS;
  if (!Number.isFinite(seconds) || seconds < 1) {
    throw new Error(
      `istio.refreshInterval must be a number of seconds, 1 or more; it is ${seconds}`,
    );
  }
  const signals = seconds * 1_000;
  return { configuration: Math.min(CONFIGURATION_MS, signals), signals };
}
