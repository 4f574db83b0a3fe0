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

/** What a request says, or what is taken for it and in which words. */
interface Taken<T> {
  value: T;
  assumed?: string;
}

function saidOr<T>(
  said: T | undefined,
  otherwise: T,
  assumed: string,
): Taken<T> {
  return said === undefined ? { value: otherwise, assumed } : { value: said };
}

function protocolOf(
  { protocol }: WayRequest,
  declared: PortClass | undefined,
): Taken<TravellingRequest['protocol']> {
  return declared === 'tcp' || declared === 'udp'
    ? saidOr(
        protocol,
        'tcp',
        'The port is declared as TCP: the request is taken for bytes',
      )
    : saidOr(protocol, 'http', 'The request is HTTP');
}

function tlsOf(
  { tls, sni }: WayRequest,
  declared: PortClass | undefined,
): Taken<boolean> {
  if (tls !== undefined) {
    return { value: tls };
  }
  if (sni !== undefined) {
    return {
      value: true,
      assumed: 'A server name is given: the caller speaks TLS itself',
    };
  }
  return declared === 'tls'
    ? {
        value: true,
        assumed: 'The port takes TLS: the caller speaks TLS itself',
      }
    : { value: false };
}

function tokenOf(
  { token }: WayRequest,
  headers: StringMap,
): Taken<TravellingRequest['token']> {
  return headers.authorization === undefined
    ? saidOr(token, 'none', 'No JSON Web Token is sent')
    : saidOr(
        token,
        undefined,
        'Whether the header authorization carries a valid token is not known',
      );
}

/** Names of headers are the same in upper and in lower case. */
function lowerCased(headers: StringMap): StringMap {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** What is assumed of a request that does not say it, and in which words. */
export function assumedRequest(
  request: WayRequest,
  declared: PortClass | undefined,
): { request: TravellingRequest; assumed: string[] } {
  const protocol = protocolOf(request, declared);
  const tls = tlsOf(request, declared);
  const headers = lowerCased(request.headers ?? {});
  const token = tokenOf(request, headers);
  const http = protocol.value === 'http';
  const path = saidOr(request.path, '/', 'The path is /');
  const method = saidOr(request.method, 'GET', 'The method is GET');
  const noHeaders =
    request.headers === undefined ? 'No headers are sent' : undefined;
  const assumed = [
    protocol.assumed,
    tls.assumed,
    ...(http ? [token.assumed, path.assumed, method.assumed, noHeaders] : []),
  ];
  return {
    assumed: assumed.filter((says): says is string => says !== undefined),
    request: {
      protocol: protocol.value,
      host: request.host,
      port: request.port,
      path: http ? path.value : '/',
      method: http ? method.value : 'GET',
      headers,
      ...(tls.value ? { sni: request.sni ?? request.host } : {}),
      tls: tls.value,
      ...(token.value === undefined ? {} : { token: token.value }),
    },
  };
}

/** Can a proxy of the mesh read the request's HTTP? Not when the application encrypts it itself. */
export function isReadable(request: TravellingRequest): boolean {
  return request.protocol === 'http' && !request.tls;
}
