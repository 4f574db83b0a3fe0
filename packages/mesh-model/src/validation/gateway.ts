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
  isHttpProtocol,
  isIpAddress,
  isProtocol,
  isTlsProtocol,
  listenerHostProblem,
  portProblem,
  SOCKET,
  socketProblem,
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
  if (bind.startsWith(SOCKET)) {
    number.errorIf(
      number.number !== 0,
      'port number must be 0 for unix domain socket',
    );
  } else {
    number.check(portProblem(number.number));
  }
  const targetPort = port.field('targetPort');
  targetPort.errorIf(
    targetPort.number > 0,
    'targetPort has no impact on Gateways',
  );
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
  host.check(listenerHostProblem(domain));
}

function validateBind(bind: SpecNode): void {
  if (bind.text.startsWith(SOCKET)) {
    bind.check(socketProblem(bind.text));
  } else {
    bind.errorIf(
      bind.text !== '' && !isIpAddress(bind.text),
      `${bind.text} is not a valid IP`,
    );
  }
}

const CERTIFICATE_FILES = ['caCertificates', 'privateKey', 'serverCertificate'];

/** A TLS port needs settings; a plaintext HTTP port may only redirect; another port can have none. */
function validateTlsOfProtocol(tls: SpecNode, protocol: string): void {
  if (isTlsProtocol(protocol)) {
    tls.errorIf(
      !tls.isSet,
      'server must have TLS settings for HTTPS/TLS protocols',
    );
    return;
  }
  if (!tls.isSet) {
    return;
  }
  const mode = tls.field('mode').text || 'PASSTHROUGH';
  const redirectsOnly =
    ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(mode) &&
    CERTIFICATE_FILES.every(name => tls.field(name).text === '');
  tls.errorIf(
    !(isHttpProtocol(protocol) && redirectsOnly),
    isHttpProtocol(protocol)
      ? 'server cannot have TLS settings for plain text HTTP ports'
      : 'server cannot have TLS settings for non HTTPS/TLS ports',
  );
}

/** Checks one server of a Gateway. */
export function validateServer(server: SpecNode): void {
  const hosts = server.field('hosts');
  const port = server.field('port');
  const tls = server.field('tls');
  const protocol = port.field('protocol').text;
  hosts.errorIf(
    hosts.items.length === 0,
    'server config must contain at least one host',
  );
  hosts.items.forEach(validateHost);
  validateBind(server.field('bind'));
  validateServerPort(port, server.field('bind').text);
  validateServerTls(tls);
  if (isProtocol(protocol)) {
    validateTlsOfProtocol(tls, protocol);
  }
  if (tls.field('httpsRedirect').isTrue && !isHttpProtocol(protocol)) {
    tls.warn('tls.httpsRedirect should only be used with http servers');
  }
}

/** Checks a Gateway. Its name must be one DNS label: VirtualServices name it as `namespace/name`. */
export function validateGateway(spec: SpecNode, name?: string): void {
  spec.errorIf(
    name !== undefined && !isDnsLabel(name),
    `invalid gateway name "${name}": it must be a DNS label, without dots`,
  );
  const servers = spec.field('servers');
  servers.errorIf(
    servers.items.length === 0,
    'gateway must have at least one server',
  );
  const names = new Set<string>();
  for (const server of servers.items) {
    validateServer(server);
    const portName = server.field('port').field('name');
    portName.errorIf(
      portName.text !== '' && names.has(portName.text),
      `port names in servers must be unique: duplicate name ${portName.text}`,
    );
    names.add(portName.text);
  }
}
