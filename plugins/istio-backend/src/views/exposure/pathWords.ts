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

import type { ExposurePath } from '@mesh-portal/backstage-plugin-istio-common';
import type { ExposurePath as ModelPath } from '@mesh-portal/mesh-model';

/** Which API the way was written with. */
export function apiOf({ route }: ModelPath): ExposurePath['api'] {
  switch (route.object.kind) {
    case 'Ingress':
      return 'ingress';
    case 'VirtualService':
      return 'istio';
    default:
      return 'gateway-api';
  }
}

/** What becomes of TLS at the gateway. R7.8 */
export function tlsOf(path: ModelPath): ExposurePath['tls'] {
  if (path.redirectsToHttps) {
    return 'redirects-to-https';
  }
  switch (path.tlsMode.toUpperCase()) {
    case 'NONE':
      return 'none';
    case 'SIMPLE':
      return 'terminated';
    case 'MUTUAL':
    case 'OPTIONAL_MUTUAL':
    case 'ISTIO_MUTUAL':
      return 'terminated-with-client-certificate';
    case 'PASSTHROUGH':
    case 'AUTO_PASSTHROUGH':
      return 'passed-through';
    default:
      return 'unknown';
  }
}

export const TLS_WORDS: Readonly<Record<ExposurePath['tls'], string>> = {
  none: 'requests are not encrypted on the way to the gateway',
  terminated: 'TLS is terminated there',
  'terminated-with-client-certificate':
    'TLS is terminated there, with certificates of clients',
  'passed-through': 'TLS passes through to the pods',
  'redirects-to-https': 'plaintext requests are redirected to HTTPS',
  unknown: 'what happens to TLS is not known',
};

const WEB: Readonly<Record<string, { scheme: string; port: number }>> = {
  http: { scheme: 'http', port: 80 },
  https: { scheme: 'https', port: 443 },
};

function webOf({ protocol, tlsMode }: ModelPath) {
  const upper = protocol.toUpperCase();
  if (upper === 'HTTPS') {
    return WEB.https;
  }
  if (upper.startsWith('HTTP') || upper.startsWith('GRPC')) {
    return tlsMode === 'NONE' ? WEB.http : WEB.https;
  }
  return upper === 'TLS' ? WEB.https : undefined;
}

/** What to type outside: `https://shop.example.com`, or `any host, port 9000` where no host is told apart. */
export function addressesOf(
  path: ModelPath,
  outerPort: number | undefined,
): string[] {
  const port = outerPort ?? path.port;
  const web = webOf(path);
  return path.hosts.map(host => {
    if (web === undefined) {
      return `${host === '*' ? 'any host' : host}, port ${port} (${
        path.protocol
      })`;
    }
    const shown = host === '*' ? '‹any host›' : host;
    return `${web.scheme}://${shown}${port === web.port ? '' : `:${port}`}`;
  });
}

/** The listener in words, for example `Port 443, HTTPS, TLS mode SIMPLE`. */
export function listenerSays(path: ModelPath): string {
  const tls = path.tlsMode === 'NONE' ? 'no TLS' : `TLS mode ${path.tlsMode}`;
  return `Port ${path.port}, ${path.protocol}, ${tls}`;
}
