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

import type { IncomingMessage } from 'node:http';
import type { Json } from './object';
import { decodeKubernetesProtobuf } from './protobuf';
import { badRequest, StatusError } from './statusError';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

function fromProtobuf(body: Buffer): Json {
  let decoded: Json;
  try {
    decoded = decodeKubernetesProtobuf(body);
  } catch (error) {
    throw badRequest(
      `the body of the request is not Kubernetes protobuf: ${
        error instanceof Error ? error.message : String(error)
      }; send application/json`,
    );
  }
  if (decoded === undefined) {
    throw new StatusError(
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json',
    );
  }
  return decoded;
}

/**
 * Reads the body of a request, `{}` when there is none.
 *
 * @throws StatusError 400 for a body that cannot be read, 415 for protobuf of a kind that is read as JSON only
 */
export async function readRequestBody(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  const body = Buffer.concat(chunks);
  if (body.length === 0) {
    return {};
  }
  if ((request.headers['content-type'] ?? '').startsWith(PROTOBUF)) {
    return fromProtobuf(body);
  }
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch {
    throw badRequest(
      'the body of the request is not JSON; send application/json',
    );
  }
}
