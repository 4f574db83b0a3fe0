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

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Installs the workspace with the committed yarn when the lock file is newer than the last install.
// Native modules compile from source where no prebuilt binary is found: node-gyp then needs the headers of the
// running Node. The archives of nodejs.org, nvm and NodeSource have them beside the binary, Debian in /usr/include/node.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const state = join(root, 'node_modules', '.yarn-state.yml');
const lock = join(root, 'yarn.lock');

const [major, minor] = process.versions.node.split('.').map(Number);
const supported = major === 22 || major === 24 || (major === 20 && minor >= 20);
if (!supported) {
  console.error(
    `Node ${process.versions.node} is not supported: use Node 22 or 24 (20.20 works too).`,
  );
  process.exit(1);
}

/** The folder under which `include/node` holds the headers of exactly the Node that runs this. */
function prefixWithHeaders() {
  const besideBinary = dirname(dirname(process.execPath));
  return [besideBinary, '/usr'].find(prefix => {
    const header = join(prefix, 'include', 'node', 'node_version.h');
    if (!existsSync(header)) return false;
    const text = readFileSync(header, 'utf8');
    const part = name => text.match(new RegExp(`#define ${name} (\\d+)`))?.[1];
    const version = ['MAJOR', 'MINOR', 'PATCH']
      .map(each => part(`NODE_${each}_VERSION`))
      .join('.');
    return version === process.versions.node;
  });
}

const upToDate =
  existsSync(state) && statSync(state).mtimeMs >= statSync(lock).mtimeMs;

if (!upToDate) {
  const releases = join(root, '.yarn', 'releases');
  const yarn = join(
    releases,
    readdirSync(releases).find(name => name.endsWith('.cjs')),
  );
  const env = { ...process.env };
  const headers = prefixWithHeaders();
  if (!env.npm_config_nodedir && headers) env.npm_config_nodedir = headers;
  console.log('Installing dependencies …');
  const result = spawnSync(process.execPath, [yarn, 'install', '--immutable'], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
  // The lock file may be newer than the state file even though nothing had to be done.
  execFileSync('touch', [state]);
}
