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

import { deadline } from '../cluster';
import { parseResponse, PrometheusError, type QueryResult } from './response';
import { Slots, type SlotOptions } from './Slots';

/** Sends one request of the HTTP API. Adds address and credentials; never follows redirects. */
export interface PrometheusTransport {
  /** Name of the source for people, for example `prometheus (cluster demo)`. */
  readonly name: string;
  /** Longest query that can be sent, encoded; absent: any. Where a query is part of an address, addresses are cut. */
  readonly maxQueryBytes?: number;
  request(options: {
    method: 'GET' | 'POST';
    /** below `/api/v1/` */
    path: ApiPath;
    form: URLSearchParams;
    signal: AbortSignal;
  }): Promise<Response>;
}

/** The closed list of paths that are ever asked for. */
export type ApiPath = 'query' | 'query_range';

export interface InstantQuery {
  expression: string;
  /** epoch seconds */
  time: number;
}

export interface RangeQuery {
  expression: string;
  /** epoch seconds */
  start: number;
  end: number;
  step: number;
}

export interface PrometheusClientOptions {
  transport: PrometheusTransport;
  /** per query; default 10 s */
  timeoutSeconds?: number;
  /** how much longer than the source itself the request may take; default 2 s */
  graceSeconds?: number;
  /** largest body that is read; default 8 MiB */
  maxBytes?: number;
  /** largest number of series; default 10,000 */
  maxSeries?: number;
  /** requests under way at once; default 6 */
  maxConcurrent?: number;
  /** requests waiting for a place; default 100 */
  maxQueued?: number;
  /** of one user at once; default 3 */
  maxPerUser?: number;
  /** told how long each request waited for its place, in seconds */
  onWaited?: (seconds: number) => void;
}

/** What nobody waits for may take 30 s where a page waits 10. */
const BACKGROUND_FACTOR = 3;

/**
 * Asks one Prometheus-compatible source (golden-signals §3): POST form, GET where POST is refused, a timeout for the
 * server and one for the socket, limits on size and concurrency.
 */
export class PrometheusClient {
  readonly #transport: PrometheusTransport;
  readonly #timeoutSeconds: number;
  readonly #graceSeconds: number;
  readonly #maxBytes: number;
  readonly #maxSeries: number;
  readonly #slots: Slots;
  #method: 'GET' | 'POST' = 'POST';

  constructor(options: PrometheusClientOptions) {
    this.#transport = options.transport;
    this.#timeoutSeconds = options.timeoutSeconds ?? 10;
    this.#graceSeconds = options.graceSeconds ?? 2;
    this.#maxBytes = options.maxBytes ?? 8 * 1024 * 1024;
    this.#maxSeries = options.maxSeries ?? 10_000;
    this.#slots = new Slots({
      size: options.maxConcurrent ?? 6,
      maxQueued: options.maxQueued ?? 100,
      maxPerUser: options.maxPerUser ?? 3,
      onWaited: options.onWaited,
    });
  }

  get name(): string {
    return this.#transport.name;
  }

  /** Evaluates an expression at one instant. Throws `PrometheusError`. */
  query(query: InstantQuery, slot?: SlotOptions): Promise<QueryResult> {
    const form = new URLSearchParams({
      query: query.expression,
      time: String(query.time),
    });
    return this.#ask('query', form, slot);
  }

  /** Evaluates an expression over a range. Throws `PrometheusError`. */
  queryRange(query: RangeQuery, slot?: SlotOptions): Promise<QueryResult> {
    const form = new URLSearchParams({
      query: query.expression,
      start: String(query.start),
      end: String(query.end),
      step: String(query.step),
    });
    return this.#ask('query_range', form, slot);
  }

  async #ask(
    path: ApiPath,
    form: URLSearchParams,
    slot: SlotOptions = {},
  ): Promise<QueryResult> {
    const seconds =
      slot.priority === 'background'
        ? this.#timeoutSeconds * BACKGROUND_FACTOR
        : this.#timeoutSeconds;
    form.set('timeout', `${seconds}s`);
    // Of Thanos only, others take no notice: what two replicas scraped is counted once.
    form.set('dedup', 'true');
    const { maxQueryBytes = Infinity } = this.#transport;
    if (form.toString().length > maxQueryBytes) {
      throw new PrometheusError(
        'too-long',
        `the query is longer than ${maxQueryBytes} bytes, which is all that an address can hold`,
      );
    }
    return this.#slots.run(slot, async () => {
      const limit = deadline(undefined, (seconds + this.#graceSeconds) * 1000);
      try {
        return await this.#exchange(path, form, limit.signal);
      } finally {
        limit.release();
      }
    });
  }

  /** One query, with the second attempt where POST is refused; `signal` bounds it with the bodies it reads. */
  async #exchange(
    path: ApiPath,
    form: URLSearchParams,
    signal: AbortSignal,
  ): Promise<QueryResult> {
    const first = this.#method;
    const answer = await this.#send(first, path, form, signal);
    if (first === 'POST' && (answer.status === 405 || answer.status === 403)) {
      await answer.body?.cancel();
      const again = await this.#send('GET', path, form, signal);
      const result = await parseResponse(again, this.#limits(), signal);
      this.#method = 'GET';
      return result;
    }
    return parseResponse(answer, this.#limits(), signal);
  }

  #limits() {
    return { maxBytes: this.#maxBytes, maxSeries: this.#maxSeries };
  }

  async #send(
    method: 'GET' | 'POST',
    path: ApiPath,
    form: URLSearchParams,
    signal: AbortSignal,
  ): Promise<Response> {
    let answer: Response;
    try {
      answer = await this.#transport.request({ method, path, form, signal });
    } catch (error) {
      if (error instanceof PrometheusError) throw error;
      throw signal.aborted
        ? new PrometheusError('timeout', 'no answer in time')
        : new PrometheusError('unreachable', connectionProblem(error));
    }
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      throw new PrometheusError(
        'redirect',
        'it answers with a redirect, which is not followed; configure the address it redirects to',
      );
    }
    return answer;
  }
}

/** The reason of a failed fetch without addresses or credentials. */
function connectionProblem(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code =
    cause && typeof cause === 'object' && 'code' in cause
      ? String(cause.code)
      : undefined;
  return code ? `connection failed (${code})` : 'connection failed';
}
