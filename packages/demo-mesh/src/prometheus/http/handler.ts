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

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SeriesSource } from '../series';
import { ApiError } from './apiError';
import {
  instantQuery,
  listLabels,
  listLabelValues,
  listMetadata,
  listSeries,
  Parameters,
  rangeQuery,
} from './queries';

/** Credentials that every request must carry; none are asked for when absent. */
export type RequiredAuth =
  | { readonly type: 'bearer'; readonly token: string }
  | {
      readonly type: 'basic';
      readonly username: string;
      readonly password: string;
    };

/** What the handler serves. */
export interface PrometheusHandlerOptions {
  readonly seriesSource: SeriesSource;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly auth?: RequiredAuth;
  /** What `/api/v1/status/config` says of the scrape interval. */
  readonly scrapeIntervalSeconds?: number;
  /** Plain-text answers for paths outside `/api`, such as the exposition endpoints. */
  readonly extraPaths?: (
    path: string,
  ) => { contentType: string; body: string } | undefined;
  /** Longest accepted form body in bytes; 16 MiB unless told. */
  readonly maxBodyBytes?: number;
}

/** A handler for `node:http`. */
export type HttpHandler = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * The HTTP API of Prometheus over a series source: queries by GET and by POST form, the statuses and error bodies of
 * Prometheus 2.x (400 `bad_data`, 422 `execution`, 404 in plain text).
 */
export function createPrometheusHandler(
  options: PrometheusHandlerOptions,
): HttpHandler {
  return (req, res) => {
    respond(options, req, res).catch((error: unknown) => {
      const failure =
        error instanceof ApiError
          ? error
          : new ApiError(
              500,
              'internal',
              error instanceof Error ? error.message : String(error),
            );
      sendJson(res, failure.status, {
        status: 'error',
        errorType: failure.errorType,
        error: failure.message,
      });
    });
  };
}

async function respond(
  options: PrometheusHandlerOptions,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://prometheus');
  if (url.pathname === '/-/healthy' || url.pathname === '/-/ready') {
    const state = url.pathname === '/-/healthy' ? 'Healthy' : 'Ready';
    sendText(res, 200, `Prometheus Server is ${state}.\n`);
    return;
  }
  if (!authorized(options.auth, req.headers.authorization)) {
    res.setHeader(
      'WWW-Authenticate',
      options.auth?.type === 'basic' ? 'Basic' : 'Bearer',
    );
    sendText(res, 401, 'Unauthorized\n');
    return;
  }
  const extra = options.extraPaths?.(url.pathname);
  if (extra) {
    sendText(res, 200, extra.body, extra.contentType);
    return;
  }
  const parameters = url.searchParams;
  const route = routeOf(options, url.pathname);
  if (!route) {
    sendText(res, 404, '404 page not found\n');
    return;
  }
  if (req.method === 'POST' && route.post) {
    const body = await readBody(req, options.maxBodyBytes ?? 16 * 1024 * 1024);
    for (const [name, value] of new URLSearchParams(body)) {
      parameters.append(name, value);
    }
  } else if (req.method !== 'GET') {
    res.setHeader('Allow', route.post ? 'GET, POST' : 'GET');
    sendText(res, 405, 'Method Not Allowed\n');
    return;
  }
  sendJson(res, 200, { status: 'success', data: route.answer(parameters) });
}

interface Route {
  readonly post: boolean;
  readonly answer: (parameters: Parameters) => unknown;
}

function routeOf(
  options: PrometheusHandlerOptions,
  path: string,
): Route | undefined {
  const { seriesSource: source, now } = options;
  const queryable = (answer: Route['answer']) => ({ post: true, answer });
  const readOnly = (answer: Route['answer']) => ({ post: false, answer });
  switch (path) {
    case '/api/v1/query':
      return queryable(parameters => instantQuery(source, parameters, now()));
    case '/api/v1/query_range':
      return queryable(parameters => rangeQuery(source, parameters));
    case '/api/v1/series':
      return queryable(parameters => listSeries(source, parameters, now()));
    case '/api/v1/labels':
      return queryable(parameters => listLabels(source, parameters, now()));
    case '/api/v1/metadata':
      return readOnly(parameters => listMetadata(source, parameters));
    case '/api/v1/targets':
      return readOnly(() => ({ activeTargets: [], droppedTargets: [] }));
    case '/api/v1/status/buildinfo':
      return readOnly(() => ({
        version: '2.42.0',
        revision: 'embedded',
        branch: 'demo-mesh',
        buildUser: '',
        buildDate: '',
        goVersion: '',
      }));
    case '/api/v1/status/config': {
      const interval = options.scrapeIntervalSeconds ?? 15;
      return readOnly(() => ({
        yaml: `global:\n  scrape_interval: ${interval}s\n  evaluation_interval: 1m\n`,
      }));
    }
    default: {
      const values = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path);
      return values
        ? readOnly(parameters =>
            listLabelValues(
              source,
              parameters,
              now(),
              decodeURIComponent(values[1]),
            ),
          )
        : undefined;
    }
  }
}

function authorized(
  auth: RequiredAuth | undefined,
  header: string | undefined,
): boolean {
  if (!auth) {
    return true;
  }
  const expected =
    auth.type === 'bearer'
      ? `Bearer ${auth.token}`
      : `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString(
          'base64',
        )}`;
  return header === expected;
}

async function readBody(req: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > most) {
      throw new ApiError(
        400,
        'bad_data',
        'error parsing form values: http: POST too large',
      );
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sendText(
  res: ServerResponse,
  status: number,
  body: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  res.writeHead(status, { 'Content-Type': contentType });
  res.end(body);
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
}
