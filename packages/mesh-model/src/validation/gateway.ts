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

import { validateServerTls } from './serverTls';
import type { SpecNode } from './SpecNode';
import {
  isDnsLabel,
  isIpAddress,
  isProtocol,
  isTlsProtocol,
  portProblem,
  wildcardDomainProblem,
} from './syntax';

/** Checks the port of a gateway server; `bind` decides whether it is a socket. */
export function validateServerPort(port: SpecNode, bind: string): void {
  if (!port.isSet) {
    port.error('port is required');
    return;
  }
  const number = port.field('number');
  port
    .field('protocol')
    .errorIf(!isProtocol(port.field('protocol').text), 'invalid protocol');
  if (bind.startsWith('unix://')) {
    number.errorIf(
      number.number !== 0,
      'port number must be 0 for unix domain socket',
    );
  } else {
    number.check(portProblem(number.number));
  }
  port
    .field('name')
    .errorIf(port.field('name').text === '', 'port name must be set');
}

function validateHost(host: SpecNode): void {
  const [namespace, ...rest] = host.text.split('/');
  const domain = rest.length > 0 ? rest.join('/') : host.text;
  if (rest.length > 0) {
    host.errorIf(
      !['*', '.'].includes(namespace ?? '') && !isDnsLabel(namespace ?? ''),
      `invalid namespace value "${namespace}" of host`,
    );
  }
  if (!isIpAddress(domain)) {
    host.check(wildcardDomainProblem(domain));
  }
}

function validateBind(bind: SpecNode): void {
  if (bind.text.startsWith('unix://')) {
    bind.errorIf(
      !/^unix:\/\/[/@]/.test(bind.text),
      'a socket needs an absolute path or @name',
    );
  } else {
    bind.errorIf(
      bind.text !== '' && !isIpAddress(bind.text),
      `${bind.text} is not a valid IP`,
    );
  }
}

/** Checks one server of a Gateway. */
export function validateServer(server: SpecNode): void {
  const hosts = server.field('hosts');
  const port = server.field('port');
  const tls = server.field('tls');
  const protocol = port.field('protocol').text;
  const mode = tls.field('mode').text || 'PASSTHROUGH';
  hosts.errorIf(
    hosts.items.length === 0,
    'server config must contain at least one host',
  );
  hosts.items.forEach(validateHost);
  validateBind(server.field('bind'));
  validateServerPort(port, server.field('bind').text);
  validateServerTls(tls);
  tls.errorIf(
    isTlsProtocol(protocol) && !tls.isSet,
    'server must have TLS settings for HTTPS/TLS protocols',
  );
  tls.errorIf(
    !isTlsProtocol(protocol) && mode !== 'PASSTHROUGH',
    'server cannot have TLS settings for non HTTPS/TLS ports',
  );
  if (tls.field('httpsRedirect').isTrue && isTlsProtocol(protocol)) {
    tls.warn('tls.httpsRedirect should only be used with http servers');
  }
}

/** Checks a Gateway. */
export function validateGateway(spec: SpecNode): void {
  const servers = spec.field('servers');
  servers.errorIf(
    servers.items.length === 0,
    'gateway must have at least one server',
  );
  const names = new Set<string>();
  for (const server of servers.items) {
    validateServer(server);
    const name = server.field('port').field('name');
    name.errorIf(
      name.text !== '' && names.has(name.text),
      `port names in servers must be unique: duplicate name ${name.text}`,
    );
    names.add(name.text);
  }
}
