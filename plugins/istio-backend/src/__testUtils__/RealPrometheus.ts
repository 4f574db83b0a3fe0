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

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SERVER = '/usr/bin/prometheus';
const TOOL = '/usr/bin/promtool';

/** Why no real Prometheus can be started here; undefined where one can. */
export function realPrometheusMissing(): string | undefined {
  const missing = [SERVER, TOOL].filter(path => !existsSync(path));
  return missing.length > 0
    ? `${missing.join(
        ' and ',
      )} absent: install Debian's prometheus package to compare with a real Prometheus`
    : undefined;
}

/** A real Prometheus that holds the samples it was started with. */
export interface RealPrometheus {
  url: string;
  stop(): Promise<void>;
}

/** Starts one on a free port, with the samples of an OpenMetrics text that ends in `# EOF`. */
export async function startRealPrometheus(
  openMetrics: string,
): Promise<RealPrometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'real-prometheus-'));
  const [samples, config, data] = ['samples.txt', 'config.yml', 'data'].map(
    name => join(directory, name),
  );
  writeFileSync(samples, openMetrics);
  writeFileSync(config, 'global: {}\n');
  execFileSync(
    TOOL,
    ['tsdb', 'create-blocks-from', 'openmetrics', samples, data],
    { stdio: 'ignore' },
  );
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const child = spawn(
    SERVER,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>(done => child.once('exit', () => done()));
  const stop = async () => {
    child.kill();
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return { url, stop };
    await new Promise(done => setTimeout(done, 200));
  }
  await stop();
  throw new Error('Prometheus did not become ready within 20 s');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise(done => server.close(done));
  return port;
}
