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

import type { EntitySlo } from './entitySlo';

/** Bucket boundaries of Envoy's histograms where nothing else is configured, milliseconds (golden-signals §2). */
const DEFAULT_BOUNDARIES: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
  60_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** The boundary that stands for a threshold. */
export interface LatencyThreshold {
  /** milliseconds; undefined when the threshold lies below every boundary */
  boundary: number | undefined;
  /** what differs from what was asked for */
  note: string | undefined;
}

/**
 * The greatest bucket boundary not above a threshold: answers are only counted by bucket, so a threshold between two
 * boundaries is rounded down, the stricter way, and that is said.
 *
 * @param boundaries - of the service's histograms, in any order
 */
export function latencyThreshold(
  thresholdMs: number,
  boundaries: readonly number[] = DEFAULT_BOUNDARIES,
): LatencyThreshold {
  const below = boundaries.filter(
    boundary => Number.isFinite(boundary) && boundary <= thresholdMs,
  );
  if (below.length === 0) {
    return {
      boundary: undefined,
      note: `${thresholdMs} ms lies below every bucket boundary (the lowest is ${Math.min(
        ...boundaries,
      )} ms)`,
    };
  }
  const boundary = Math.max(...below);
  return {
    boundary,
    note:
      boundary === thresholdMs
        ? undefined
        : `${thresholdMs} ms is no bucket boundary: answers within ${boundary} ms count as fast`,
  };
}

/** Milliseconds above which answers are called slow where nothing else is promised. */
const SLOW_MS = 500;

/** The bucket boundary above which an entity's answers are slow: that of its latency objective, else 500 ms. */
export function slowThreshold({ definition }: EntitySlo): number {
  const promised = definition?.latency?.thresholdMs;
  const boundary =
    promised === undefined ? undefined : latencyThreshold(promised).boundary;
  return boundary ?? SLOW_MS;
}
