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

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ArraySeries,
  createPrometheusHandler,
  seriesSourceOf,
} from '@mesh-portal/demo-mesh';
import type { RealPrometheus } from '../RealPrometheus';
import { END, scrapeTimes, type FixtureSeries } from './FixtureSeries';
import { goldenSignalsSeries } from './goldenSignals';

function arraySeries({ name, labels, valueAt }: FixtureSeries): ArraySeries {
  const samples = scrapeTimes().flatMap(time => {
    const value = valueAt(time);
    return value === undefined ? [] : [{ time, value }];
  });
  return new ArraySeries(
    { ...labels, __name__: name },
    samples.map(({ time }) => time * 1000),
    samples.map(({ value }) => value),
  );
}

/** The fixture behind the API of the demo mesh: no process to start, and the same answers. */
export async function startEmbeddedGoldenSignals(): Promise<RealPrometheus> {
  const server = createServer(
    createPrometheusHandler({
      seriesSource: seriesSourceOf(goldenSignalsSeries().map(arraySeries)),
      now: () => END * 1000,
    }),
  );
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}
