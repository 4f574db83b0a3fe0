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

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDemoMesh } from '../packages/demo-mesh/src';

// Starts the built back end as a server would: the bundle of `npm run build:all`, app-config.production.yaml, a
// PostgreSQL of its own and a cluster that asks for a token (the demo mesh). Then asks what an operator would ask.
//
//   npm run build:all && npm run test:production

const root = dirname(__dirname);
const folder = mkdtempSync(join(tmpdir(), 'portal-production-'));
const started: (() => Promise<unknown>)[] = [];

const SECRETS = {
  POSTGRES_PASSWORD: randomBytes(12).toString('hex'),
  CLUSTER_TOKEN: randomBytes(12).toString('hex'),
  PORTAL_TOKEN: randomBytes(12).toString('hex'),
};

/** The end of a check that cannot even begin. */
class Missing extends Error {}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Runs a program to its end and gives what it prints. */
function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')}: ${stderr || error}`);
  }
  return stdout;
}

/** Folder of PostgreSQL's programs: Debian keeps those of the server out of PATH. */
function postgresPrograms(): string {
  const debian = '/usr/lib/postgresql';
  const folders = [
    ...(existsSync(debian)
      ? readdirSync(debian).map(version => join(debian, version, 'bin'))
      : []),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const found = folders.find(each => existsSync(join(each, 'initdb')));
  if (found === undefined) {
    throw new Missing(
      'PostgreSQL is missing: install it (Debian: apt-get install postgresql)',
    );
  }
  return found;
}

interface Postgres {
  readonly port: number;
  /** names of the databases, asked as the portal asks: with its password */
  databases(): string[];
}

/** A database server on a port of its own, which asks for the password. It refuses to run as root. */
async function startPostgres(): Promise<Postgres> {
  const programs = postgresPrograms();
  const port = await freePort();
  const home = join(folder, 'postgres');
  mkdirSync(home);
  const asUser = (program: string, ...args: string[]) => {
    const command = [join(programs, program), ...args];
    if (process.getuid?.() === 0) {
      run('setpriv', [
        '--reuid=postgres',
        '--regid=postgres',
        '--clear-groups',
        ...command,
      ]);
    } else {
      run(command[0], command.slice(1));
    }
  };
  const password = join(home, 'password');
  writeFileSync(password, SECRETS.POSTGRES_PASSWORD);
  if (process.getuid?.() === 0) {
    chmodSync(folder, 0o755);
    run('chown', ['-R', 'postgres:postgres', home]);
  }
  const data = join(home, 'data');
  asUser(
    'initdb',
    `--pgdata=${data}`,
    '--username=portal',
    '--auth=scram-sha-256',
    `--pwfile=${password}`,
  );
  asUser(
    'pg_ctl',
    `--pgdata=${data}`,
    `--options=-p ${port} -k ${home} -c listen_addresses=127.0.0.1`,
    `--log=${join(home, 'log')}`,
    '--wait',
    'start',
  );
  started.push(async () =>
    asUser('pg_ctl', `--pgdata=${data}`, '--mode=fast', '--wait', 'stop'),
  );
  const url = `postgresql://portal@127.0.0.1:${port}/postgres`;
  return {
    port,
    databases: () =>
      run(
        join(programs, 'psql'),
        [url, '--tuples-only', '--command', 'select datname from pg_database'],
        { PGPASSWORD: SECRETS.POSTGRES_PASSWORD },
      ).split(/\s+/),
  };
}

/**
 * Unpacks the bundle. Dependencies are those of the workspace, but our own packages are those of the bundle: only they
 * are compiled.
 */
function unpack(): void {
  const bundle = join(root, 'packages/backend/dist/bundle.tar.gz');
  if (!existsSync(bundle)) {
    throw new Missing('The bundle is missing: npm run build:all makes it');
  }
  run('tar', ['-xzf', bundle]);
  const modules = join(folder, 'node_modules');
  const own = '@mesh-portal';
  mkdirSync(join(modules, own), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== own && name !== 'app' && name !== 'backend') {
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
  }
  symlinkSync(join(folder, 'packages/app'), join(modules, 'app'));
  for (const parent of ['packages', 'plugins']) {
    for (const name of readdirSync(join(folder, parent))) {
      const target = join(folder, parent, name);
      const manifest = JSON.parse(
        readFileSync(join(target, 'package.json'), 'utf8'),
      ) as { name: string };
      if (manifest.name.startsWith(`${own}/`)) {
        symlinkSync(target, join(modules, manifest.name));
      }
    }
  }
}

/** What a server adds to app-config.production.yaml: entities, and a credential for this check in place of a sign-in. */
const OF_THIS_CHECK = {
  backend: {
    auth: {
      externalAccess: [
        {
          type: 'static',
          options: { token: '${PORTAL_TOKEN}', subject: 'production-check' },
        },
      ],
    },
  },
  catalog: {
    locations: [{ type: 'file', target: join(root, 'examples/*.yaml') }],
  },
};

interface Portal {
  readonly url: string;
  readonly child: ChildProcess;
  log(): string;
}

async function startPortal(
  postgresPort: number,
  cluster: { kubernetesUrl: string; prometheusUrl: string },
): Promise<Portal> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const more = join(folder, 'app-config.check.yaml');
  writeFileSync(more, JSON.stringify(OF_THIS_CHECK));
  const configs = [
    join(root, 'app-config.yaml'),
    join(root, 'app-config.production.yaml'),
    more,
  ];
  let log = '';
  const child = spawn(
    process.execPath,
    ['packages/backend', ...configs.flatMap(file => ['--config', file])],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...SECRETS,
        NODE_ENV: 'production',
        PORTAL_URL: url,
        POSTGRES_HOST: '127.0.0.1',
        POSTGRES_PORT: String(postgresPort),
        POSTGRES_USER: 'portal',
        CLUSTER_NAME: 'production',
        CLUSTER_URL: cluster.kubernetesUrl,
        // Read, and not used: the demo mesh speaks plain HTTP.
        CLUSTER_CA_DATA: Buffer.from('no authority').toString('base64'),
        PROMETHEUS_URL: cluster.prometheusUrl,
        APP_CONFIG_backend_listen: JSON.stringify(`:${port}`),
      },
    },
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      log += chunk;
    });
  }
  started.push(async () => child.kill('SIGKILL'));
  return { url, child, log: () => log };
}

/** Asks until the answer satisfies, for at most a minute; the last answer when none did. */
async function until<T>(
  ask: () => Promise<T>,
  satisfies: (answer: T) => boolean,
): Promise<T | undefined> {
  const end = Date.now() + 60_000;
  let last: T | undefined;
  while (Date.now() < end) {
    last = await ask().catch(() => undefined);
    if (last !== undefined && satisfies(last)) {
      return last;
    }
    await sleep(500);
  }
  return last;
}

let passed = 0;
let failed = 0;

function expectThat(sentence: string, holds: boolean, found?: unknown): void {
  if (holds) {
    passed++;
    console.log(`ok   ${sentence}`);
  } else {
    failed++;
    console.log(`FAIL ${sentence}; found: ${JSON.stringify(found)}`);
  }
}

interface Health {
  clusters?: { name: string; state: string }[];
}

interface MtlsEnvelope {
  view?: { services?: unknown[] };
}

async function check(portal: Portal, postgres: Postgres): Promise<void> {
  const { url } = portal;
  const credential = { Authorization: `Bearer ${SECRETS.PORTAL_TOKEN}` };
  const istio = `${url}/api/istio/v1`;

  const ready = await until(
    () => fetch(`${url}/.backstage/health/v1/readiness`),
    ({ ok }) => ok,
  );
  expectThat('the back end is ready', ready?.ok === true, ready?.status);
  if (!ready?.ok) {
    return;
  }

  const databases = postgres.databases();
  expectThat(
    'the catalog is kept in PostgreSQL',
    databases.includes('backstage_plugin_catalog'),
    databases,
  );

  const page = await (await fetch(url)).text();
  expectThat('the front end is served', page.includes('<div id="root">'));
  const inPage = Object.values(SECRETS).filter(each => page.includes(each));
  expectThat('the page holds no secret', inPage.length === 0, inPage.length);

  const guest = await fetch(`${url}/api/auth/guest/refresh`, {
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
  });
  expectThat('nobody signs in as guest', !guest.ok, guest.status);

  const anonymous = await fetch(`${istio}/health`);
  expectThat(
    'who is not signed in gets no answer',
    anonymous.status === 401,
    anonymous.status,
  );

  const health = await until(
    async () =>
      (await (
        await fetch(`${istio}/health`, { headers: credential })
      ).json()) as Health,
    ({ clusters = [] }) => clusters.some(({ state }) => state === 'synced'),
  );
  expectThat(
    'the cluster is read, with its token',
    health?.clusters?.some(
      ({ name, state }) => name === 'production' && state === 'synced',
    ) === true,
    health,
  );

  const mtls = await until(
    async () => {
      const response = await fetch(
        `${istio}/entities/component/default/reviews/mtls`,
        { headers: credential },
      );
      return (await response.json()) as MtlsEnvelope;
    },
    ({ view }) => (view?.services?.length ?? 0) > 0,
  );
  expectThat(
    'a service has its page',
    (mtls?.view?.services?.length ?? 0) > 0,
    mtls,
  );

  const exit = new Promise<number | null>(resolve =>
    portal.child.on('exit', code => resolve(code)),
  );
  portal.child.kill('SIGTERM');
  const code = await Promise.race([exit, sleep(30_000, 'still running')]);
  expectThat('it stops when it is told to', code === 0, code);

  const told = Object.entries(SECRETS)
    .filter(([, value]) => portal.log().includes(value))
    .map(([name]) => name);
  expectThat('the log holds no secret', told.length === 0, told);
}

async function main(): Promise<void> {
  let portal: Portal | undefined;
  try {
    unpack();
    const postgres = await startPostgres();
    const demo = await startDemoMesh({ token: SECRETS.CLUSTER_TOKEN });
    started.push(() => demo.stop());
    portal = await startPortal(postgres.port, demo);
    await check(portal, postgres);
  } catch (error) {
    failed++;
    console.error(error instanceof Missing ? error.message : error);
  } finally {
    for (const stop of started.reverse()) {
      await stop().catch(error => console.error(error));
    }
    if (failed > 0 && portal) {
      const file = join(tmpdir(), 'portal-production.log');
      writeFileSync(file, portal.log());
      console.log(`What the back end said: ${file}`);
    }
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`Production: ${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

void main();
