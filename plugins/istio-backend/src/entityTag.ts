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

import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/** Ages tell the time, not a change. */
function withoutAges(key: string, value: unknown): unknown {
  return key === 'ageSeconds' ? undefined : value;
}

/** A weak tag of an answer: the version of the snapshot, and everything the answer says except how old it is. */
function entityTagOf(version: number, body: object): string {
  const hash = createHash('sha1')
    .update(JSON.stringify(body, withoutAges))
    .digest('base64url');
  return `W/"${version}-${hash}"`;
}

/** Sends an answer, or `304` when the client has it. */
export function sendTagged(
  request: Request,
  response: Response,
  version: number,
  body: object,
): void {
  const tag = entityTagOf(version, body);
  response.setHeader('ETag', tag);
  response.setHeader('Cache-Control', 'private, no-cache');
  const known = request.header('If-None-Match');
  if (known?.split(',').some(candidate => candidate.trim() === tag)) {
    response.status(304).end();
    return;
  }
  response.json(body);
}
