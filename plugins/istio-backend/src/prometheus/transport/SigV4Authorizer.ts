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

import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { PrometheusAuthentication } from '../../config';
import { PrometheusError } from '../response';
import type { Authorizer, OutgoingRequest } from './Authorizer';

type SigV4 = Extract<PrometheusAuthentication, { type: 'sigv4' }>;

/** Credentials of an AWS account, as the SDK's providers give them. */
export type AwsCredentials = () => Promise<{
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}>;

/** Finds the credentials of an account; undefined: of the main one. */
export type AwsCredentialsOf = (
  accountId: string | undefined,
) => Promise<AwsCredentials>;

/** SHA-256 by Node.js, keyed where a secret is given. */
class Sha256 {
  #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {
    this.#hash = createHash('sha256');
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}

/** Signs requests for Amazon Managed Service for Prometheus, body and all. */
export function sigV4Authorizer(
  { region, service, accountId }: SigV4,
  credentialsOf: AwsCredentialsOf,
): Authorizer {
  const signer = new SignatureV4({
    region,
    service,
    sha256: Sha256,
    credentials: async () => (await credentialsOf(accountId))(),
  });
  return {
    async headersFor(request) {
      try {
        const { headers } = await signer.sign(signable(request));
        const { host, ...signed } = headers;
        return signed;
      } catch {
        throw new PrometheusError(
          'unauthorized',
          `there are no AWS credentials${
            accountId === undefined ? '' : ` of account ${accountId}`
          }: write them to "aws" of the configuration, or give the process a role`,
        );
      }
    },
  };
}

function signable({ method, url, headers, body }: OutgoingRequest) {
  return {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...headers, host: url.host },
    body,
  };
}
