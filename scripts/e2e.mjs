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

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  busyPorts,
  portalReady,
  readConfig,
  root,
  startPortal,
} from './portal.mjs';
import { startPrometheusSwitch } from './prometheusSwitch.mjs';

// Starts the portal on ports of its own, with a switch between it and Prometheus, and runs the browser tests against
// it. Arguments are parts of names of test files, for example: npm run test:e2e -- mesh

const PORTS = {
  PORTAL_PORT: '3180',
  BACKEND_PORT: '7187',
  DEMO_KUBERNETES_PORT: '7190',
  DEMO_PROMETHEUS_PORT: '7191',
};
const FOLDER = 'packages/app/e2e-tests';

/** Path of a Chromium, or undefined. */
function findChromium() {
  return [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find(path => path && existsSync(path));
}

/** Runs the test files one after the other and gives the counts of their closing lines. */
async function runTests(files, env) {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--test',
      '--test-concurrency=1',
      '--test-reporter=spec',
      ...files,
    ],
    {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', chunk => {
    output += chunk;
    process.stdout.write(chunk);
  });
  const status = await new Promise(resolve => child.on('close', resolve));
  const number = word =>
    Number(output.match(new RegExp(`^\\W*${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  const failed = number('fail') + number('cancelled');
  return {
    passed: number('pass'),
    skipped: number('skipped'),
    failed: failed === 0 && status !== 0 ? 1 : failed,
  };
}

const chromium = findChromium();
if (!chromium) {
  console.error(
    'The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
  );
  process.exit(1);
}

const wanted = process.argv.slice(2);
const files = readdirSync(join(root, FOLDER))
  .filter(name => name.endsWith('.test.ts'))
  .filter(name => wanted.length === 0 || wanted.some(w => name.includes(w)))
  .sort()
  .map(name => join(FOLDER, name));
if (files.length === 0) {
  console.error(`No test file in ${FOLDER} matches ${wanted.join(', ')}`);
  process.exit(1);
}

Object.assign(process.env, PORTS);
const prometheusUrl = `http://127.0.0.1:${PORTS.DEMO_PROMETHEUS_PORT}`;
const prometheusSwitch = await startPrometheusSwitch(prometheusUrl);
process.env.APP_CONFIG_istio_prometheus_url = JSON.stringify(
  prometheusSwitch.url,
);

const config = await readConfig([]);
const busy = await busyPorts(config);
if (busy.length > 0) {
  console.error(busy.join('\n'));
  process.exit(1);
}

const portal = startPortal({
  argv: [],
  stdio: process.env.E2E_LOGS ? 'inherit' : 'ignore',
});
let exited = false;
portal.child.on('exit', () => {
  exited = true;
});
const stop = async () => {
  await portal.stop();
  await prometheusSwitch.stop();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    await stop();
    process.exit(1);
  });
}

let result = { passed: 0, failed: 1, skipped: 0 };
try {
  if (await portalReady(config, { timeoutMs: 300_000, gaveUp: () => exited })) {
    console.log(`Portal under test: ${config.appUrl}`);
    result = await runTests(files, {
      CHROMIUM_PATH: chromium,
      E2E_PORTAL_URL: config.appUrl,
      E2E_BACKEND_URL: config.backendUrl,
      E2E_KUBERNETES_URL: `http://127.0.0.1:${PORTS.DEMO_KUBERNETES_PORT}`,
      E2E_PROMETHEUS_URL: prometheusUrl,
      E2E_PROMETHEUS_SWITCH: prometheusSwitch.url,
    });
  } else {
    console.error(
      'The portal did not start; run again with E2E_LOGS=1 to see its output.',
    );
  }
} finally {
  await stop();
}
console.log(
  `Browser tests: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`,
);
process.exit(result.failed > 0 || result.passed === 0 ? 1 : 0);
