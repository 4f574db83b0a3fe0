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

/** What an Envoy or ztunnel response flag means, for a person. R9.3, R9.7 */
export interface ResponseFlag {
  flag: string;
  words: string;
  /** likely causes, the likeliest first */
  causes: readonly string[];
  /** `client`: the request never arrived, so the server's own numbers do not hold it */
  seenBy: 'server' | 'client';
}

const FLAGS: readonly ResponseFlag[] = [
  flag('UO', 'circuit breaker open or overflow', 'client', [
    'connectionPool limits of the DestinationRule are reached',
    'the service answers too slowly for its traffic',
  ]),
  flag('UH', 'no healthy endpoint', 'client', [
    'no ready pod in the service or subset',
    'outlier detection ejected all endpoints',
  ]),
  flag('UF', 'could not connect', 'client', [
    'client and server disagree about mutual TLS',
    'the pod does not listen on the port, or a NetworkPolicy blocks it',
  ]),
  flag('NR', 'no route', 'client', [
    'no rule of the VirtualService matches the request',
    'no listener or filter chain accepts the connection',
  ]),
  flag('NC', 'no such cluster', 'client', [
    'the route names a subset or host that does not exist for this client',
  ]),
  flag('URX', 'retries or connection attempts used up', 'client', [
    'the service fails on every attempt',
  ]),
  flag('UT', 'timed out', 'client', [
    'the service is slower than the timeout of the route',
  ]),
  flag('LR', 'connection reset by the local proxy', 'client', []),
  flag('UC', 'connection closed by the service', 'client', [
    'the application closes idle connections or crashes',
    'plaintext was sent to a port that demands mutual TLS',
  ]),
  flag('UR', 'stream reset by the service', 'client', []),
  flag('DC', 'the client hung up', 'server', [
    'the client’s own timeout is shorter than the answer takes',
  ]),
  flag('DR', 'the client reset the stream', 'server', []),
  flag('DT', 'maximum connection duration reached', 'server', []),
  flag('RL', 'rate limited locally', 'server', []),
  flag('RLSE', 'rate limit service error', 'server', []),
  flag('UAEX', 'refused by the external authorizer', 'server', []),
  flag('FI', 'injected abort', 'server', [
    'a fault in the VirtualService is left on',
  ]),
  flag('DI', 'injected delay', 'server', [
    'a fault in the VirtualService is left on',
  ]),
  flag('LH', 'local health check failed', 'server', []),
  flag('SI', 'stream idle for too long', 'server', []),
  flag('DPE', 'protocol error of the client', 'server', [
    'the protocol declared for the port is wrong',
  ]),
  flag('UPE', 'protocol error of the service', 'server', [
    'the protocol declared for the port is wrong',
  ]),
  flag('UMSDR', 'maximum stream duration reached', 'server', []),
  flag('OM', 'proxy overloaded', 'server', []),
  flag('DENY', 'refused by policy', 'server', [
    'an AuthorizationPolicy or STRICT PeerAuthentication at ztunnel',
  ]),
  flag('CONNECT', 'ztunnel could not connect', 'client', [
    'the pod does not listen on the port, or is gone',
  ]),
  flag('TLS_FAILURE', 'TLS handshake failed', 'client', [
    'certificates of the two ends come from different authorities, or have expired',
  ]),
  flag('H2_HANDSHAKE_FAILURE', 'HBONE handshake failed', 'client', [
    'what answers on port 15008 is no ztunnel',
  ]),
  flag('NETWORK_POLICY', 'blocked by a NetworkPolicy', 'client', [
    'a NetworkPolicy does not allow port 15008 of the pod',
  ]),
  flag('IDENTITY_ERROR', 'the identity could not be confirmed', 'client', [
    'ztunnel has no certificate for the workload yet',
  ]),
  flag('CERT_REVOKED', 'the certificate is revoked', 'client', []),
  flag('IH', 'invalid x-envoy header', 'server', []),
  flag('DF', 'DNS of the destination failed', 'client', [
    'the host of a ServiceEntry with resolution DNS does not exist',
  ]),
  flag('NFCF', 'an extension is not loaded', 'server', [
    'the image of a WasmPlugin cannot be pulled',
  ]),
  flag('RFCF', 'answered from the cache of the proxy', 'server', []),
  flag('DO', 'dropped to shed load', 'client', []),
];

function flag(
  name: string,
  words: string,
  seenBy: 'server' | 'client',
  causes: readonly string[],
): ResponseFlag {
  return { flag: name, words, causes, seenBy };
}

const BY_NAME = new Map(FLAGS.map(each => [each.flag, each]));

/** Flags of requests and connections that never arrived: only who sent them reports them (golden-signals §1, rules). R9.1 */
export const CLIENT_ONLY_FLAGS: ReadonlySet<string> = new Set(
  FLAGS.filter(each => each.seenBy === 'client').map(each => each.flag),
);

/** Splits the label value `response_flags`; `-` and the empty value mean none. */
export function splitFlags(value: string | undefined): string[] {
  return (value ?? '').split(',').filter(part => part !== '' && part !== '-');
}

/** Explains a flag. One that is not known is shown as it is, with no invented cause. */
export function explainFlag(name: string): ResponseFlag {
  return (
    BY_NAME.get(name) ?? {
      flag: name,
      words: `response flag ${name}`,
      causes: [],
      seenBy: 'server',
    }
  );
}
