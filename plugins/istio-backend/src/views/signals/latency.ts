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

import type { Latency } from '@mesh-portal/backstage-plugin-istio-common';
import { type Bucket, bucketQuantile } from '../../prometheus/quantile';
import type { Series } from '../../prometheus/response';
import {
  type Reporter,
  reporterOf,
  serviceKeyOf,
} from '../../prometheus/trafficRows';

/** A bucket of the answer to `serviceWindow` or of one step of `serviceHistory`. */
export interface LatencyRow extends Bucket {
  part: string;
  reporter: Reporter;
  service: string;
  version: string;
}

/** Reads bucket rows; `at` chooses the step of a range, an instant has only one. */
export function latencyRow(
  labels: Series['labels'],
  value: number | undefined,
): LatencyRow | undefined {
  const reporter = reporterOf(labels);
  if (!reporter || value === undefined || labels.le === undefined) {
    return undefined;
  }
  return {
    part: labels.part ?? '',
    reporter,
    service: serviceKeyOf(labels),
    version: labels.destination_canonical_revision ?? 'unknown',
    le: labels.le === '+Inf' ? Infinity : Number(labels.le),
    count: value,
  };
}

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

type QuantileName = keyof typeof QUANTILES;

const NAMES = Object.keys(QUANTILES) as QuantileName[];

/**
 * Four quantiles in milliseconds from the buckets of ONE reporter, with the bucket each lies in.
 *
 * @returns undefined when there was no traffic or the bucket layouts are mixed
 */
export function latencyOf(buckets: readonly Bucket[]): Latency | undefined {
  const found = NAMES.map(
    name => [name, bucketQuantile(buckets, QUANTILES[name])] as const,
  );
  if (found.some(([, quantile]) => quantile === undefined)) return undefined;
  const latency: Latency = {};
  const bounds: Partial<Record<QuantileName, [number, number]>> = {};
  for (const [name, quantile] of found) {
    if (!quantile) continue;
    latency[name] = quantile.value;
    bounds[name] = quantile.bucket;
  }
  return {
    ...latency,
    buckets: bounds as Record<QuantileName, [number, number]>,
  };
}
