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

import type { AuthorizationRequest } from '../../authorization';
import type { StringMap } from '../../objects';
import type { PortClass } from '../routableService';
import type { WayRequest } from './way';

/** A request on its way: what it has become after the proxies it has passed. */
export interface TravellingRequest {
  /** what the bytes are once the application's TLS is off */
  protocol: 'http' | 'tcp';
  host: string;
  port: number;
  path: string;
  method: string;
  /** absent: a proxy set a header to what cannot be told */
  headers?: StringMap;
  sni?: string;
  /** the application speaks TLS itself */
  tls: boolean;
  token?: AuthorizationRequest['token'];
}

/** What is assumed of a request that does not say it, and in which words. */
export function assumedRequest(
  request: WayRequest,
  declared: PortClass | undefined,
): { request: TravellingRequest; assumed: string[] } {
  const assumed: string[] = [];
  const orAssume = <T>(value: T | undefined, otherwise: T, says: string): T => {
    if (value === undefined) {
      assumed.push(says);
    }
    return value ?? otherwise;
  };
  const declaredTls = declared === 'tls';
  const protocol = orAssume(
    request.protocol,
    declared === 'tcp' || declared === 'udp' ? 'tcp' : 'http',
    declared === 'tcp' || declared === 'udp'
      ? 'The port is declared as TCP: the request is taken for bytes'
      : 'The request is HTTP',
  );
  const tls =
    request.tls ??
    (declaredTls || request.sni !== undefined ? true : undefined) ??
    false;
  if (request.tls === undefined && tls) {
    assumed.push(
      request.sni === undefined
        ? 'The port takes TLS: the caller speaks TLS itself'
        : 'A server name is given: the caller speaks TLS itself',
    );
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  );
  const http = protocol === 'http';
  const bearer = headers.authorization !== undefined;
  const token = request.token ?? (bearer ? undefined : ('none' as const));
  if (http && request.token === undefined) {
    assumed.push(
      bearer
        ? 'Whether the header authorization carries a valid token is not known'
        : 'No JSON Web Token is sent',
    );
  }
  return {
    assumed,
    request: {
      protocol,
      host: request.host,
      port: request.port,
      path: http ? orAssume(request.path, '/', 'The path is /') : '/',
      method: http
        ? orAssume(request.method, 'GET', 'The method is GET')
        : 'GET',
      headers: http
        ? orAssume(
            request.headers === undefined ? undefined : headers,
            headers,
            'No headers are sent',
          )
        : headers,
      ...(tls ? { sni: request.sni ?? request.host } : {}),
      tls,
      ...(token === undefined ? {} : { token }),
    },
  };
}

/** Can a proxy of the mesh read the request's HTTP? Not when the application encrypts it itself. */
export function isReadable(request: TravellingRequest): boolean {
  return request.protocol === 'http' && !request.tls;
}
