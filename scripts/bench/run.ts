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

import { writeFileSync } from 'node:fs';
import { CHANGES, measure, VIEWS } from './measure';

// Measures the targets of docs/architecture.md: `npm run bench -- [--scale 0.1] [--json file]`.
// The API server is a process of its own. Figures depend on the machine; ratios do so less.

interface Figure {
  what: string;
  value: number;
  unit: string;
  target: number | undefined;
}

function argument(name: string): string | undefined {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? undefined : process.argv[index + 1];
}

async function main() {
  const scale = Number(argument('scale') ?? 1);
  // The first run warms the compiler up: its figures would flatter the larger mesh.
  await measure(scale / 50);
  const small = await measure(scale / 10);
  const large = await measure(scale);
  const figures: Figure[] = [
    {
      what: 'cold sync / JSON.parse of the same bytes',
      value: large.syncMs / large.parseMs,
      unit: '×',
      target: 15,
    },
    {
      what: 'cold sync, CPU / JSON.parse',
      value: large.syncCpuMs / large.parseMs,
      unit: '×',
      target: undefined,
    },
    { what: 'resident memory', value: large.rssMiB, unit: 'MiB', target: 1024 },
    ...VIEWS.flatMap(view => [
      {
        what: `view ${view}, warm, p99`,
        value: large.warm[view],
        unit: 'ms',
        target: 10,
      },
      {
        // Each service's best round: a pause of the machine in one of the two runs would decide the ratio.
        what: `view ${view}, p99 / p99 at a tenth of the size`,
        value: large.undisturbed[view] / small.undisturbed[view],
        unit: '×',
        target: 1.5,
      },
    ]),
    {
      what: 'way of a request from another namespace, warm, p99',
      value: large.way,
      unit: 'ms',
      target: 10,
    },
    {
      what: 'way of a request, p99 / p99 at a tenth of the size',
      value: large.undisturbedWay / small.undisturbedWay,
      unit: '×',
      target: 1.5,
    },
    {
      what: 'list of all services, nothing changed',
      value: large.listMs,
      unit: 'ms',
      target: undefined,
    },
    ...CHANGES.map(([kind]) => ({
      what: `one ${kind} changes: CPU until all views are correct`,
      value: large.changeMs[kind],
      unit: 'ms',
      target: 50,
    })),
  ];
  console.log(
    `${large.pods} pods, ${Math.round(
      large.bytes / 1e6,
    )} MB of JSON (${Math.round(large.parseMs)} ms to parse), Node ${
      process.version
    }`,
  );
  for (const { what, value, unit, target } of figures) {
    const verdict =
      target === undefined
        ? ''
        : value <= target
        ? `  meets ≤ ${target}`
        : `  MISSES ≤ ${target}`;
    console.log(
      `${what.padEnd(58)} ${value.toFixed(2).padStart(10)} ${unit}${verdict}`,
    );
  }
  const file = argument('json');
  if (file) {
    writeFileSync(
      file,
      `${JSON.stringify(
        { node: process.version, scale, figures },
        undefined,
        2,
      )}\n`,
    );
  }
}

main().then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
