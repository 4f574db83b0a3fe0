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

import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { adapters } from './adapters';
import { runConformance, summarize, THRESHOLD } from './runner';

/** What the command line asks for. */
function parseArguments(args: readonly string[]): {
  directory: string;
  json?: string;
} {
  const at = args.indexOf('--json');
  const positional = args.filter(
    (arg, index) => !arg.startsWith('--') && (at < 0 || index !== at + 1),
  );
  return {
    directory: resolve(positional[0] ?? '../shared/conformance'),
    ...(at >= 0 && args[at + 1] !== undefined
      ? { json: resolve(args[at + 1]) }
      : {}),
  };
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

function main(): void {
  const { directory, json } = parseArguments(process.argv.slice(2));
  if (!existsSync(directory)) {
    write(
      `No conformance cases at ${directory}: skipped. Give their directory: npm run conformance -- <dir>`,
    );
    return;
  }
  const results = runConformance(directory, adapters);
  const summary = summarize(results);
  for (const result of results) {
    write(
      `${result.corpus} ${result.test}: ${result.passed} passed, ${result.failed} failed, ${result.excluded} excluded` +
        `${result.reason === undefined ? '' : ` (${result.reason})`}`,
    );
    for (const { name, difference } of result.failures) {
      write(`    FAILED ${name}: ${difference.slice(0, 400)}`);
    }
  }
  write('');
  for (const { corpus, passed, failed, excluded, rate } of summary) {
    write(
      `${corpus}: ${passed} passed, ${failed} failed, ${excluded} excluded` +
        `${rate === undefined ? '' : `, ${(rate * 100).toFixed(1)} %`}`,
    );
  }
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify({ summary, results }, null, 2)}\n`);
  }
  if (summary.some(({ rate }) => rate !== undefined && rate < THRESHOLD)) {
    process.exitCode = 1;
  }
}

main();
