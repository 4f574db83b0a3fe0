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

import express from 'express';
import request from 'supertest';
import { retryAfterHandler, TooManyQueriesError } from './TooManyQueriesError';

describe('TooManyQueriesError', () => {
  it('is answered with 429 and Retry-After', async () => {
    const app = express();
    app.get('/', (_request, _response, next) =>
      next(new TooManyQueriesError('Prometheus at prom.example')),
    );
    app.use(retryAfterHandler);
    const { status, headers } = await request(app).get('/');
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('5');
  });

  it('says nothing of other errors', async () => {
    const app = express();
    app.get('/', (_request, _response, next) => next(new Error('no')));
    app.use(retryAfterHandler);
    const { status, headers } = await request(app).get('/');
    expect(status).toBe(500);
    expect(headers['retry-after']).toBeUndefined();
  });
});
