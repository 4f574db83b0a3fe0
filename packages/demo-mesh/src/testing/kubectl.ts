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

import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one run of kubectl left. */
export interface KubectlRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kubectl that keeps running, for example `get -w`. */
export interface RunningKubectl {
  /** everything it printed so far */
  output(): string;
  stop(): Promise<void>;
}

/** The real kubectl against one server, with a cache of its own. */
export interface Kubectl {
  run(args: readonly string[], manifest?: string): Promise<KubectlRun>;
  start(args: readonly string[]): RunningKubectl;
  close(): void;
}

/** Whether a program is on the PATH. */
export function isInstalled(
  program: string,
  versionArguments: readonly string[],
): boolean {
  try {
    execFileSync(program, [...versionArguments], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A kubectl that talks to the server at `url` and reads nobody's kubeconfig. */
export function kubectlFor(url: string): Kubectl {
  const home = mkdtempSync(join(tmpdir(), 'demo-mesh-kubectl-'));
  const base = [`--server=${url}`, `--cache-dir=${join(home, 'cache')}`];
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: '' };
  return {
    run: (args, manifest) =>
      new Promise(resolve => {
        const child = execFile(
          'kubectl',
          [...base, ...args],
          { env, timeout: 20_000, maxBuffer: 64 * 1024 * 1024 },
          (error, stdout, stderr) => {
            const code = typeof error?.code === 'number' ? error.code : 1;
            resolve({ code: error ? code : 0, stdout, stderr });
          },
        );
        child.stdin?.end(manifest ?? '');
      }),
    start: args => {
      const child = spawn('kubectl', [...base, ...args], { env });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      const ended = new Promise<void>(resolve =>
        child.once('close', () => resolve()),
      );
      return {
        output: () => text,
        stop: async () => {
          child.kill();
          await ended;
        },
      };
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
