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

import { hasEnvoy, type ProxyType } from '../../membership';
import type { SentTransport, ServerMode } from '../../mtls';
import { landingOf, type InboundLanding } from '../inboundConnection';
import type { PortClass } from '../routableService';
import type { Hop } from './hop';
import type { WayOutcome } from './way';

/** What a server does with a connection, in words, and how the caller sees it when it does not take it. */
export interface ServerAnswer {
  accepted: boolean;
  /** what travels over the wire is encrypted, by whomever */
  encrypted: boolean;
  says: string;
  failure?: WayOutcome;
  /** why it cannot be said whether the application takes what reaches it */
  uncertain?: string;
}

const LANDED: Readonly<Record<InboundLanding, string>> = {
  http: 'accepted, and read as HTTP',
  bytes: 'accepted, and passed to the application as bytes',
  refused: 'no filter chain takes it: the connection is reset',
  'handshake-fails':
    'taken for mutual TLS, which it is not: the handshake fails',
  'protocol-error': 'taken for HTTP, which it is not',
};

const SENT_WORDS: Readonly<Record<SentTransport['transport'], string>> = {
  'mutual-tls': 'Mutual TLS',
  hbone: 'HBONE',
  tls: 'TLS without a certificate of the mesh',
  plaintext: 'Plaintext',
};

/** How a connection that a server does not take shows at the caller. R3.17, R9.3 */
function failureOf(hop: Hop, flag: 'UC' | 'UF', says: string): WayOutcome {
  if (!hasEnvoy(hop.sender.proxy)) {
    return {
      ending: 'failed',
      says: `${says}. The caller sees its connection closed`,
    };
  }
  const http = hop.request.protocol === 'http' && !hop.request.tls;
  return {
    ending: 'failed',
    ...(http ? { code: 503 } : {}),
    flag,
    ...(hop.at === undefined ? {} : { at: hop.at }),
    says: http
      ? `${says}. The caller gets 503 ${flag}`
      : `${says}. The caller sees its connection closed (${flag})`,
  };
}

/** What arrives: the application's own TLS shows where nobody wraps it. */
function arriving(hop: Hop, sent: SentTransport): SentTransport['transport'] {
  return sent.transport === 'plaintext' && hop.request.tls
    ? 'tls'
    : sent.transport;
}

/** TLS that a proxy originates reaches the application: only a port that is declared as TLS says that it speaks it. */
function uncertainTls(
  hop: Hop,
  sent: SentTransport,
  portClass: PortClass,
): Pick<ServerAnswer, 'uncertain'> {
  if (sent.transport !== 'tls' && sent.inner !== 'tls') {
    return {};
  }
  if (hop.request.tls) {
    return {
      uncertain: `${sent.says}, around the TLS that the caller’s application speaks already: an application seldom takes TLS within TLS`,
    };
  }
  return portClass === 'tls'
    ? {}
    : {
        uncertain: `${sent.says}, and whether the application speaks TLS on this port is not known`,
      };
}

function withoutProxy(
  hop: Hop,
  sent: SentTransport,
  server: ServerMode,
  portClass: PortClass,
): ServerAnswer {
  const transport = arriving(hop, sent);
  const understood = transport === 'plaintext' || transport === 'tls';
  const says = understood
    ? `${SENT_WORDS[transport]} reaches the application itself (${server.says})`
    : `${SENT_WORDS[transport]} is sent (${sent.says}) to the application itself, which cannot read it (${server.says})`;
  return {
    accepted: understood,
    encrypted: transport !== 'plaintext',
    says,
    ...(understood
      ? uncertainTls(hop, sent, portClass)
      : { failure: failureOf(hop, 'UF', says) }),
  };
}

/** What a server's proxy, or the application where there is none, does with what is sent. R3.6, R3.7, R3.14, R3.17 */
export function serverAnswer(
  hop: Hop,
  sent: SentTransport,
  server: ServerMode,
  serverProxy: ProxyType,
  portClass: PortClass,
): ServerAnswer {
  if (server.mode === 'NONE') {
    return withoutProxy(hop, sent, server, portClass);
  }
  const transport = arriving(hop, sent);
  const encrypted = transport !== 'plaintext';
  if (transport === 'hbone') {
    return {
      accepted: true,
      encrypted,
      says: `HBONE is accepted on its own port (${server.says})`,
      ...uncertainTls(hop, sent, portClass),
    };
  }
  if (serverProxy === 'ambient') {
    const refused = server.mode === 'STRICT';
    const says = `${SENT_WORDS[transport]} has no identity of the mesh, and ztunnel demands one (${server.says})`;
    return {
      accepted: !refused,
      encrypted,
      says: refused
        ? says
        : `${SENT_WORDS[transport]} passes ztunnel (${server.says})`,
      ...(refused
        ? { failure: failureOf(hop, 'UC', says) }
        : uncertainTls(hop, sent, portClass)),
    };
  }
  const landing = landingOf(server.mode, portClass, {
    protocol:
      hop.request.protocol === 'tcp' || hop.request.tls ? 'tcp' : 'http',
    tls: transport === 'mutual-tls' ? 'mtls' : transport,
  });
  const says = `${SENT_WORDS[transport]} is sent (${sent.says}), the server is ${server.mode} (${server.says}): ${LANDED[landing]}`;
  const accepted = landing === 'http' || landing === 'bytes';
  if (accepted) {
    // A server that has mutual TLS disabled gives the application bytes it does not understand.
    const garbage = transport === 'mutual-tls' && server.mode === 'DISABLE';
    return garbage
      ? {
          accepted: false,
          encrypted,
          says: `${says}, which cannot read them`,
          failure: failureOf(hop, 'UF', says),
        }
      : { accepted, encrypted, says, ...uncertainTls(hop, sent, portClass) };
  }
  const flag = transport === 'plaintext' && landing === 'refused' ? 'UC' : 'UF';
  return { accepted, encrypted, says, failure: failureOf(hop, flag, says) };
}
