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

import type { StringMap } from '../objects';
import { parseIpAddress } from './ipBlock';
import type { Match } from './ternary';
import { undecided } from './ternary';

/**
 * The caller's mesh identity. A part that is `undefined` is not known, except the trust domain, which then is the
 * mesh's own.
 */
export interface PeerIdentity {
  trustDomain?: string;
  namespace?: string;
  serviceAccount?: string;
}

/** An identity of another shape, as its certificate says it: `spiffe://…`. */
export interface SpiffePeer {
  spiffe: string;
}

/** A JSON Web Token that the caller presents. */
export interface RequestToken {
  issuer: string;
  subject: string;
  audiences?: readonly string[];
  /** claim `azp` */
  presenter?: string;
  /** all other claims; strings, lists of strings, nested objects */
  claims?: Readonly<Record<string, unknown>>;
  /** signature, `exp` and `nbf` hold */
  valid: boolean;
  /** where it is sent; default: header `Authorization` with `Bearer ` */
  location?: { header?: string; parameter?: string; cookie?: string };
}

/**
 * A request as far as it is known. An attribute that is left out is *not known*: the answer then says on which
 * attributes it depends.
 */
export interface AuthorizationRequest {
  /** the protocol the proxy reads the connection as */
  protocol?: 'http' | 'tcp';
  /** `'none'`: plaintext, no peer certificate */
  peer?: 'none' | PeerIdentity | SpiffePeer;
  /** direct TCP peer */
  sourceIp?: string;
  /** client address after X-Forwarded-For or PROXY protocol; on TCP it is the peer when left out */
  remoteIp?: string;
  destinationIp?: string;
  /** `:authority` as sent, including `:port` when sent */
  host?: string;
  method?: string;
  /** path with or without query */
  path?: string;
  /** local port of the enforcing proxy: container port at a sidecar and ztunnel, Service port at a waypoint (R4.19) */
  port?: number;
  /** all headers of the request: a header not listed is not sent */
  headers?: StringMap;
  sni?: string;
  token?: 'none' | RequestToken;
  /** all dynamic metadata that other filters wrote, by filter name (`envoy.filters.a.b`) and key */
  filterMetadata?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What the proxy knows of the peer: nothing, a whole identity, or parts of one. */
export type ResolvedPeer =
  | { known: 'all'; spiffe: string }
  | {
      known: 'parts';
      namespace?: string;
      serviceAccount?: string;
      trustDomain: string;
    }
  | { known: 'absent' }
  | { known: 'nothing' };

/** The verified token as policies see it; `undecided` when it depends on what is not known. */
export type VerifiedToken = RequestToken | 'none' | 'not known';

/** A request made ready for matching: parsed once, matched against many rules. */
export interface ResolvedRequest {
  peer: ResolvedPeer;
  sourceIp?: readonly number[];
  remoteIp?: readonly number[];
  destinationIp?: readonly number[];
  host?: string;
  method?: string;
  path?: string;
  port?: number;
  /** names in lower case */
  headers?: ReadonlyMap<string, string>;
  sni?: string;
  token: VerifiedToken;
  filterMetadata?: AuthorizationRequest['filterMetadata'];
}

function resolvePeer(
  peer: AuthorizationRequest['peer'],
  meshTrustDomain: string,
): ResolvedPeer {
  if (peer === undefined) {
    return { known: 'nothing' };
  }
  if (peer === 'none') {
    return { known: 'absent' };
  }
  if ('spiffe' in peer) {
    return { known: 'all', spiffe: peer.spiffe };
  }
  const { namespace, serviceAccount } = peer;
  const trustDomain = peer.trustDomain ?? meshTrustDomain;
  return namespace !== undefined && serviceAccount !== undefined
    ? {
        known: 'all',
        spiffe: `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`,
      }
    : { known: 'parts', namespace, serviceAccount, trustDomain };
}

function parseAddress(text: string | undefined): readonly number[] | undefined {
  return text === undefined ? undefined : parseIpAddress(text);
}

function withoutQuery(path: string): string {
  return path.split(/[?#]/, 1)[0] ?? path;
}

/** Parses a request. `token` is what request authentication verified, see `authenticate`. */
export function resolveRequest(
  request: AuthorizationRequest,
  meshTrustDomain: string,
  token: VerifiedToken,
): ResolvedRequest {
  const sourceIp = parseAddress(request.sourceIp);
  return {
    peer: resolvePeer(request.peer, meshTrustDomain),
    sourceIp,
    remoteIp:
      parseAddress(request.remoteIp) ??
      (request.protocol === 'tcp' ? sourceIp : undefined),
    destinationIp: parseAddress(request.destinationIp),
    host: request.host,
    method: request.method,
    path: request.path === undefined ? undefined : withoutQuery(request.path),
    port: request.port,
    headers:
      request.headers &&
      new Map(
        Object.entries(request.headers).map(([name, value]) => [
          name.toLowerCase(),
          value,
        ]),
      ),
    sni: request.sni,
    token,
    filterMetadata: request.filterMetadata,
  };
}

/** Value of a header, pseudo headers included: a text, `undefined` when not sent, or a match that waits. */
export function headerOf(
  request: ResolvedRequest,
  name: string,
): { value: string | undefined } | { waits: Match } {
  const key = name.toLowerCase();
  const pseudo: Record<string, string | undefined> = {
    ':method': request.method,
    ':authority': request.host,
    host: request.host,
    ':path': request.path,
  };
  if (key in pseudo) {
    const value = pseudo[key];
    return value === undefined
      ? { waits: undecided(key.replace(':', '')) }
      : { value };
  }
  return request.headers
    ? { value: request.headers.get(key) }
    : { waits: undecided(`header ${key}`) };
}
