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

import { isHttp, type PortClass } from './routableService';

/** What a server's sidecar accepts on a port: as PeerAuthentication has it, or TLS that a Sidecar ends. R3.6, R3.8 */
export type InboundMode =
  | 'STRICT'
  | 'PERMISSIVE'
  | 'DISABLE'
  /** the Sidecar's own TLS */
  | 'SIMPLE'
  /** the Sidecar's own TLS, with a certificate of the client */
  | 'MUTUAL';

/** A connection that arrives at a sidecar. */
export interface InboundConnection {
  /** what the bytes are once TLS is off */
  protocol: 'http' | 'tcp';
  /** `mtls`: with a certificate of the client; `tls`: without */
  tls: 'plaintext' | 'tls' | 'mtls';
}

/** What a sidecar does with a connection. */
export type InboundLanding =
  /** given to the application, read as HTTP */
  | 'http'
  /** given to the application as bytes */
  | 'bytes'
  /** no filter chain takes it: reset */
  | 'refused'
  /** taken for mesh mTLS, which it is not: the handshake fails */
  | 'handshake-fails'
  /** taken for HTTP, which it is not */
  | 'protocol-error';

function content(
  portClass: PortClass,
  protocol: InboundConnection['protocol'],
): InboundLanding {
  if (portClass === 'http' && protocol !== 'http') {
    return 'protocol-error';
  }
  return isHttp(portClass) && protocol === 'http' ? 'http' : 'bytes';
}

/** What a sidecar with a mode does with a connection to a port. R3.5, R3.6 */
export function landingOf(
  mode: InboundMode,
  portClass: PortClass,
  { protocol, tls }: InboundConnection,
): InboundLanding {
  if (mode === 'SIMPLE' || mode === 'MUTUAL') {
    if (tls === 'plaintext') {
      return 'refused';
    }
    return (mode === 'MUTUAL') === (tls === 'mtls')
      ? content(portClass, protocol)
      : 'handshake-fails';
  }
  if (tls === 'plaintext') {
    return mode === 'STRICT' ? 'refused' : content(portClass, protocol);
  }
  if (tls === 'mtls' && mode !== 'DISABLE') {
    return content(portClass, protocol);
  }
  if (mode === 'STRICT') {
    return 'handshake-fails';
  }
  if (portClass !== 'http') {
    return 'bytes';
  }
  return mode === 'PERMISSIVE' ? 'refused' : 'protocol-error';
}
