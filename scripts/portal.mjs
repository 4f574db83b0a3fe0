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
import { createServer } from 'node:net';
import { isAbsolute, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ConfigSources } from '@backstage/config-loader';

/** Folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The entity whose page a newcomer should see first; it is part of the example catalog. */
const EXAMPLE_ENTITY = 'component/default/reviews';

/**
 * Makes the files after `--config` absolute: the Backstage command line reads them from other folders than this one.
 *
 * @param {string[]} argv
 */
export function absoluteConfigs(argv) {
  const isAddress = value => /^https?:/.test(value);
  return argv.map((value, index) =>
    argv[index - 1] === '--config' && !isAbsolute(value) && !isAddress(value)
      ? resolve(root, value)
      : value,
  );
}

/**
 * Reads the configuration as the back end will, with the same files and environment variables.
 *
 * @param {string[]} argv - arguments of the command line, for example `['--config', 'app-config.yaml']`
 */
export async function readConfig(argv) {
  const config = await ConfigSources.toConfig(
    ConfigSources.default({ argv, rootDir: root }),
  );
  const demo = config.getOptionalConfig('demoMesh');
  const demoEnabled = demo?.getOptionalBoolean('enabled') ?? Boolean(demo);
  const values = {
    appUrl: config.getString('app.baseUrl').replace(/\/$/, ''),
    backendUrl: config.getString('backend.baseUrl').replace(/\/$/, ''),
    demo: demoEnabled
      ? {
          kubernetesPort: demo.getNumber('kubernetesPort'),
          prometheusPort: demo.getNumber('prometheusPort'),
        }
      : undefined,
  };
  config.close();
  return values;
}

/**
 * Address of the page that shows the portal at work.
 *
 * @param {{ appUrl: string, demo?: object }} config
 */
export function firstPage(config) {
  return config.demo
    ? `${config.appUrl}/catalog/${EXAMPLE_ENTITY.replace(
        /(.*)\/(.*)\/(.*)/,
        '$2/$1/$3',
      )}`
    : config.appUrl;
}

function portOf(url) {
  const { port, protocol } = new URL(url);
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

/** Whether something listens on the port, on any address that the portal would use. */
async function isBusy(port) {
  for (const host of ['127.0.0.1', '::']) {
    const busy = await new Promise(resolve => {
      const server = createServer();
      server.once('error', error => resolve(error.code === 'EADDRINUSE'));
      server.listen({ port, host }, () => server.close(() => resolve(false)));
    });
    if (busy) return true;
  }
  return false;
}

/**
 * The ports that are taken, each as a sentence that says what to do.
 *
 * @param {Awaited<ReturnType<typeof readConfig>>} config
 */
export async function busyPorts(config) {
  const wanted = [
    { port: portOf(config.appUrl), what: 'front end', variable: 'PORTAL_PORT' },
    {
      port: portOf(config.backendUrl),
      what: 'back end',
      variable: 'BACKEND_PORT',
    },
  ];
  if (config.demo) {
    wanted.push(
      {
        port: config.demo.kubernetesPort,
        what: "demo mesh's Kubernetes API",
        variable: 'DEMO_KUBERNETES_PORT',
      },
      {
        port: config.demo.prometheusPort,
        what: "demo mesh's Prometheus API",
        variable: 'DEMO_PROMETHEUS_PORT',
      },
    );
  }
  const messages = [];
  for (const { port, what, variable } of wanted) {
    if (await isBusy(port)) {
      messages.push(
        `Port ${port}, meant for the ${what}, is in use. Stop what listens there, or choose another: ${variable}=${
          port + 100
        } npm start`,
      );
    }
  }
  return messages;
}

/**
 * Starts front end and back end in a process group of their own.
 *
 * @param {{ argv: string[], env?: Record<string, string>, stdio?: import('node:child_process').StdioOptions }} options
 */
export function startPortal({ argv, env = {}, stdio = 'inherit' }) {
  const cli = join(root, 'node_modules/@backstage/cli/bin/backstage-cli');
  const child = spawn(process.execPath, [cli, 'repo', 'start', ...argv], {
    cwd: root,
    env: { BROWSER: 'none', ...process.env, ...env },
    stdio,
    detached: true,
  });
  return { child, stop: () => stopGroup(child) };
}

/** Ends a process and its children: first asks, after five seconds insists. */
async function stopGroup(child) {
  if (child.pid === undefined) return;
  const signal = name => {
    try {
      process.kill(-child.pid, name);
      return true;
    } catch {
      return false;
    }
  };
  signal('SIGTERM');
  for (let waited = 0; waited < 5000; waited += 100) {
    if (!signal(0)) return;
    await sleep(100);
  }
  signal('SIGKILL');
}

async function answers(url, init) {
  try {
    const response = await fetch(url, {
      ...init,
      signal: AbortSignal.timeout(30_000),
    });
    return response.ok ? response : undefined;
  } catch {
    return undefined;
  }
}

async function exampleIsInCatalog(backendUrl) {
  const signIn = await answers(`${backendUrl}/api/auth/guest/refresh`, {
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
  });
  const token = (await signIn?.json())?.backstageIdentity?.token;
  if (!token) return false;
  const entity = await answers(
    `${backendUrl}/api/catalog/entities/by-name/${EXAMPLE_ENTITY}`,
    { headers: { Authorization: `Bearer ${token}` } },
  );
  return entity !== undefined;
}

/**
 * Resolves when a person can open the first page: both ends answer and, in the demo, the example is in the catalog.
 *
 * @param {Awaited<ReturnType<typeof readConfig>>} config
 * @param {{ timeoutMs?: number, gaveUp?: () => boolean }} options
 * @returns {Promise<boolean>} false when it gave up or the time ran out
 */
export async function portalReady(
  config,
  { timeoutMs = 600_000, gaveUp = () => false } = {},
) {
  const end = Date.now() + timeoutMs;
  const checks = [
    () => answers(`${config.backendUrl}/.backstage/health/v1/readiness`),
    () => answers(config.appUrl),
    () => !config.demo || exampleIsInCatalog(config.backendUrl),
  ];
  for (const check of checks) {
    while (!(await check())) {
      if (gaveUp() || Date.now() > end) return false;
      await sleep(500);
    }
  }
  return true;
}
