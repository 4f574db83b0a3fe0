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

import type { ErrorRequestHandler } from 'express';

/** Too many questions wait for a source: HTTP 429, with the time after which asking again makes sense. */
export class TooManyQueriesError extends Error {
  readonly statusCode = 429;
  /** seconds */
  readonly retryAfter = 5;

  constructor(source: string) {
    super(`Too many queries are waiting for ${source}; try again in a moment`);
    this.name = 'TooManyQueriesError';
  }
}

/** Tells when to try again, and leaves the rest to the portal. */
export const retryAfterHandler: ErrorRequestHandler = (
  error,
  _request,
  response,
  next,
) => {
  if (error instanceof TooManyQueriesError && !response.headersSent) {
    response.setHeader('Retry-After', String(error.retryAfter));
  }
  next(error);
};
