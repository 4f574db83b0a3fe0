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

import { fetch } from 'undici';
import type { PrometheusAuthentication } from '../../config';
import { PrometheusError } from '../response';
import { checkAddress, hostOf } from './addressGuard';
import type { Authorizer } from './Authorizer';
import type { HttpAgent } from './HttpAgent';

type OAuth2 = Extract<PrometheusAuthentication, { type: 'oauth2' }>;

export interface OAuth2Options {
  agent: HttpAgent;
  allowedAddresses?: readonly string[];
  /** epoch milliseconds */
  now?: () => number;
}

/** A token is renewed this long before it ends. */
const MARGIN_MS = 30_000;
/** Where the server does not say how long a token lives. */
const DEFAULT_LIFE_MS = 5 * 60_000;
const MAX_ANSWER = 64 * 1024;

/** Gets tokens with the client credentials grant (RFC 6749 §4.4), one for all requests until it ends. */
export class OAuth2Authorizer implements Authorizer {
  readonly #config: OAuth2;
  readonly #options: OAuth2Options;
  readonly #now: () => number;
  #token: { value: string; until: number } | undefined;
  #running: Promise<string> | undefined;

  constructor(config: OAuth2, options: OAuth2Options) {
    this.#config = config;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async headersFor(_request: unknown, signal: AbortSignal) {
    return { authorization: `Bearer ${await this.#current(signal)}` };
  }

  refused(): void {
    this.#token = undefined;
  }

  #current(signal: AbortSignal): Promise<string> {
    if (this.#token && this.#now() < this.#token.until) {
      return Promise.resolve(this.#token.value);
    }
    this.#running ??= this.#fetch(signal).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #fetch(signal: AbortSignal): Promise<string> {
    const { tokenUrl, clientId, clientSecret, scopes, audience } = this.#config;
    checkAddress(hostOf(tokenUrl), this.#options.allowedAddresses ?? []);
    const pair = [clientId, clientSecret].map(encodeURIComponent).join(':');
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scopes.length > 0) form.set('scope', scopes.join(' '));
    if (audience !== undefined) form.set('audience', audience);
    const dispatcher = await this.#options.agent.current();
    let status = 0;
    let text = '';
    try {
      const answer = await fetch(tokenUrl, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: form.toString(),
        redirect: 'manual',
        dispatcher,
        signal,
      });
      status = answer.status;
      text = await answer.text();
    } catch {
      throw problem('cannot be reached');
    }
    if (status !== 200) throw problem(`answers ${status}`);
    return this.#keep(text.slice(0, MAX_ANSWER));
  }

  #keep(text: string): string {
    const answer = readAnswer(text);
    if (!answer) throw problem('answers without an access_token');
    const lifeMs = answer.seconds ? answer.seconds * 1000 : DEFAULT_LIFE_MS;
    this.#token = {
      value: answer.token,
      until: this.#now() + Math.max(0, lifeMs - MARGIN_MS),
    };
    return answer.token;
  }
}

function readAnswer(
  text: string,
): { token: string; seconds: number | undefined } | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return undefined;
    const token = 'access_token' in body ? body.access_token : undefined;
    const life = 'expires_in' in body ? Number(body.expires_in) : NaN;
    return typeof token === 'string' && token !== ''
      ? { token, seconds: life > 0 ? life : undefined }
      : undefined;
  } catch {
    return undefined;
  }
}

function problem(what: string): PrometheusError {
  return new PrometheusError(
    'unauthorized',
    `the configured oauth2.tokenUrl ${what}`,
  );
}
