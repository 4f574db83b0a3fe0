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

import {
  realPrometheusMissing,
  startRealPrometheus,
  type RealPrometheus,
} from '../RealPrometheus';
import { CHECKOUT_FLOWS } from './checkout';
import { type FixtureSeries, openMetrics } from './FixtureSeries';
import { NEIGHBOUR_FLOWS, NEIGHBOUR_SERIES } from './neighbours';
import { seriesOfFlow } from './traffic';

/** All series of the fixture of golden-signals §8. */
export function goldenSignalsSeries(): FixtureSeries[] {
  return [
    ...[...CHECKOUT_FLOWS, ...NEIGHBOUR_FLOWS].flatMap(seriesOfFlow),
    ...NEIGHBOUR_SERIES,
  ];
}

/** A real Prometheus that holds the fixture; ask it about `END`. */
export function startGoldenSignals(): Promise<RealPrometheus> {
  return startRealPrometheus(openMetrics(goldenSignalsSeries()));
}

const missing = realPrometheusMissing();
if (missing) process.stderr.write(`${missing}\n`);

/** `describe` where a real Prometheus is installed (CI installs it); elsewhere it says so and leaves the block out. */
export const describeWithGoldenSignals = missing ? describe.skip : describe;
