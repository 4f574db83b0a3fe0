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

import { readFile, stat } from 'node:fs/promises';
import { Agent } from 'undici';
import type { TlsFiles } from '../../config';
import { PrometheusError } from '../response';
import { guardedLookup } from './addressGuard';

const CHECK_EVERY_MS = 5_000;

export interface HttpAgentOptions {
  tls?: TlsFiles;
  allowedAddresses?: readonly string[];
  /** epoch milliseconds */
  now?: () => number;
}

const OPTIONS = { caFile: 'ca', certFile: 'cert', keyFile: 'key' } as const;

type FileName = keyof typeof OPTIONS;

/** Connections to a source, with certificates that are read again when their files change. */
export class HttpAgent {
  readonly #options: HttpAgentOptions;
  readonly #names: readonly FileName[];
  readonly #now: () => number;
  #agent: Agent | undefined;
  #refreshing: Promise<Agent> | undefined;
  #version = '';
  #checkedAt = -Infinity;

  constructor(options: HttpAgentOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { tls = {} } = options;
    this.#names = (['caFile', 'certFile', 'keyFile'] as const).filter(
      name => tls[name] !== undefined,
    );
  }

  /**
   * The agent to connect with.
   *
   * @throws PrometheusError when a file cannot be read and never could
   */
  async current(): Promise<Agent> {
    const now = this.#now();
    if (this.#agent && now - this.#checkedAt < CHECK_EVERY_MS) {
      return this.#agent;
    }
    // Those who come at the same moment share one agent: of two, one would be closed under its requests.
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<Agent> {
    this.#checkedAt = this.#now();
    try {
      const version = await this.#filesVersion();
      if (!this.#agent || version !== this.#version) {
        const next = await this.#create();
        void this.#agent?.close();
        this.#agent = next;
        this.#version = version;
      }
      return this.#agent;
    } catch (error) {
      // While a file is being replaced, the certificates of before serve.
      if (this.#agent) return this.#agent;
      throw error;
    }
  }

  async #filesVersion(): Promise<string> {
    const stats = await Promise.all(
      this.#names.map(name =>
        this.#read(name, async file => {
          const { mtimeMs, size, ino } = await stat(file);
          return `${mtimeMs} ${size} ${ino}`;
        }),
      ),
    );
    return stats.join(';');
  }

  async #create(): Promise<Agent> {
    const files = await Promise.all(
      this.#names.map(
        async name =>
          [
            OPTIONS[name],
            await this.#read(name, file => readFile(file, 'utf8')),
          ] as const,
      ),
    );
    return new Agent({
      connect: {
        ...Object.fromEntries(files),
        lookup: guardedLookup(this.#options.allowedAddresses ?? []),
      },
    });
  }

  async #read(
    name: FileName,
    read: (file: string) => Promise<string>,
  ): Promise<string> {
    try {
      return await read(this.#options.tls?.[name] ?? '');
    } catch {
      throw new PrometheusError(
        'unreachable',
        `the configured ${name} cannot be read`,
      );
    }
  }
}
