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

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './portal.mjs';

// Runs every test that needs no browser. Arguments go to Jest, for example: npm test -- authorization

const cli = join(root, 'node_modules/@backstage/cli/bin/backstage-cli');
const own = process.argv.slice(2);
const has = name => own.some(argument => argument.startsWith(name));
const defaults = [
  ...(has('--watch') ? [] : ['--watchAll=false']),
  ...(has('--maxWorkers') ? [] : ['--maxWorkers=2']),
];

const jest = spawnSync(
  process.execPath,
  [cli, 'repo', 'test', ...defaults, ...own],
  { cwd: root, stdio: 'inherit', env: { ...process.env, CI: 'true' } },
);
if (jest.status !== 0) process.exit(jest.status ?? 1);

const corpus = join(root, '..', 'shared', 'conformance');
if (own.length === 0 && existsSync(corpus)) {
  const conformance = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'packages/mesh-model/conformance/run.ts', corpus],
    { cwd: root, stdio: 'inherit' },
  );
  process.exit(conformance.status ?? 1);
}
