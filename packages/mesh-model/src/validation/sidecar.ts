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

import { validateDestination } from './httpAction';
import { validateWorkloadSelector } from './policyTarget';
import { validateServerTls } from './serverTls';
import type { SpecNode } from './SpecNode';
import {
  fqdnProblem,
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
import { validateConnectionPool } from './trafficPolicy';

function validateListenerPort(port: SpecNode): void {
  const name = port.field('name');
  const protocol = port.field('protocol');
  const targetPort = port.field('targetPort');
  name.errorIf(
    name.text !== '' && !isDnsLabel(name.text),
    `invalid port name "${name.text}"`,
  );
  protocol.errorIf(
    protocol.text !== '' && !isProtocol(protocol.text),
    `unsupported protocol ${protocol.text}`,
  );
  targetPort.errorIf(
    targetPort.number > 0,
    'targetPort has no impact on Sidecars',
  );
}

/** A listener is on an IP and a port, or on a socket and port 0. */
function validateEgressPort(egress: SpecNode): void {
  const port = egress.field('port');
  const bind = egress.field('bind');
  const number = port.field('number');
  validateListenerPort(port);
  if (number.number !== 0) {
    number.check(portProblem(number.number));
    bind.errorIf(
      bind.text !== '' && !isIpAddress(bind.text),
      `${bind.text} is not a valid IP`,
    );
    return;
  }
  if (bind.text.startsWith(SOCKET)) {
    bind.check(socketProblem(bind.text));
  } else {
    bind.error('a port of number 0 must have a unix domain socket as bind');
  }
  egress
    .field('captureMode')
    .errorIf(
      !['', 'DEFAULT', 'NONE'].includes(egress.field('captureMode').text),
      'captureMode must be DEFAULT or NONE on a unix domain socket',
    );
}

interface HostParts {
  node: SpecNode;
  namespace: string;
  domain: string;
}

function validateEgressHost(host: SpecNode): HostParts | undefined {
  const parts = host.text.split('/');
  const [namespace = '', domain = ''] = parts;
  if (parts.length !== 2) {
    host.error('host must be of form namespace/dnsName');
    return undefined;
  }
  host.errorIf(
    !['*', '.', '~'].includes(namespace) &&
      !isDnsLabel(namespace.replace(/^~/, '')),
    `invalid namespace value "${namespace}"`,
  );
  host.check(wildcardDomainProblem(domain));
  host.check(listenerHostProblem(domain));
  return { node: host, namespace, domain };
}

/** Warns of hosts that the listener has already; what is excluded (`~namespace/host`) imports nothing. */
function warnOfRepeatedHosts(
  hosts: readonly HostParts[],
  namespace: string,
): void {
  const imported = new Map<string, Set<string>>();
  const imports = hosts.filter(host => !host.namespace.startsWith('~'));
  for (const host of imports) {
    const own = host.namespace === '.' ? namespace : host.namespace;
    const domains = imported.get(own) ?? new Set<string>();
    imported.set(own, domains);
    const repeated =
      host.domain === '*'
        ? domains.size > 0
        : domains.has(host.domain) || domains.has('*');
    if (repeated) {
      host.node.warn(`duplicated egress host ${host.node.text}`);
    }
    domains.add(host.domain);
  }
  if (imported.get('*')?.has('*') && imported.size > 1) {
    imports[0]?.node.warn(
      '*/* imports everything: the other hosts of the list add nothing',
    );
  }
}

function validateEgress(spec: SpecNode, namespace: string): void {
  const seen = new Set<string>();
  const listeners = spec.field('egress').items;
  for (const [index, egress] of listeners.entries()) {
    const port = egress.field('port');
    egress.errorIf(egress.isNull, 'egress listener may not be null');
    if (port.isSet) {
      validateEgressPort(egress);
      const key =
        port.field('number').number === 0
          ? egress.field('bind').text
          : String(port.field('number').number);
      egress.errorIf(seen.has(key), `duplicate egress listener ${key}`);
      seen.add(key);
    } else {
      egress.errorIf(
        index < listeners.length - 1,
        'the egress listener without a port must be the last',
      );
    }
    const hosts = egress.field('hosts');
    hosts.errorIf(
      hosts.items.length === 0,
      'egress listener must contain at least one host',
    );
    warnOfRepeatedHosts(
      hosts.items.flatMap(host => validateEgressHost(host) ?? []),
      namespace,
    );
  }
}

function validateDefaultEndpoint(endpoint: SpecNode): void {
  const { text } = endpoint;
  if (text === '') {
    return;
  }
  if (text.startsWith(SOCKET)) {
    endpoint.check(socketProblem(text));
    return;
  }
  const match = /^(127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\[::\]|):(\d+)$/.exec(text);
  endpoint.errorIf(
    !match || portProblem(Number(match[2])) !== undefined,
    'defaultEndpoint must be 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT or unix://PATH',
  );
}

function validateIngressTls(tls: SpecNode, protocol: string): void {
  if (!tls.isSet) {
    return;
  }
  const mode = tls.field('mode').text || 'PASSTHROUGH';
  tls.errorIf(
    mode === 'ISTIO_MUTUAL' || mode === 'AUTO_PASSTHROUGH',
    `tls mode ${mode} is not supported on an ingress listener`,
  );
  tls.errorIf(
    !isTlsProtocol(protocol),
    'tls needs a port of protocol HTTPS or TLS',
  );
  tls.errorIf(
    tls.field('httpsRedirect').isTrue ||
      tls.field('credentialName').text !== '' ||
      ['subjectAltNames', 'credentialNames', 'tlsCertificates'].some(
        name => tls.field(name).items.length > 0,
      ),
    'httpsRedirect, subjectAltNames, credentialName, credentialNames and tlsCertificates are not supported on an ingress listener',
  );
  validateServerTls(tls);
}

function validateIngress(spec: SpecNode): void {
  const seen = new Set<number>();
  for (const ingress of spec.field('ingress').items) {
    const port = ingress.field('port');
    const bind = ingress.field('bind');
    const number = port.field('number').number;
    const protocol = port.field('protocol').text;
    ingress.errorIf(!port.isSet, 'ingress listener needs a port');
    validateListenerPort(port);
    if (port.isSet) {
      port.field('number').check(portProblem(number));
    }
    bind.errorIf(
      bind.text !== '' && !isIpAddress(bind.text),
      `${bind.text} is not a valid IP for an ingress listener`,
    );
    port.errorIf(
      port.isSet && seen.has(number),
      `duplicate ingress port ${number}`,
    );
    seen.add(number);
    validateDefaultEndpoint(ingress.field('defaultEndpoint'));
    validateIngressTls(ingress.field('tls'), protocol);
    const pool = ingress.field('connectionPool');
    validateConnectionPool(pool);
    if (pool.field('http').isSet && !isHttpProtocol(protocol)) {
      pool.warn(
        `HTTP connection settings have no effect on a port of protocol ${
          protocol || 'unset'
        }`,
      );
    }
  }
}

function validateOutboundPolicy(policy: SpecNode): void {
  const mode = policy.field('mode');
  const proxy = policy.field('egressProxy');
  const allowsAny = mode.text === 'ALLOW_ANY' || mode.value === 1;
  mode.errorIf(
    mode.text === 'ALLOW_ANY_DYNAMIC_DNS' || mode.value === 3,
    'ALLOW_ANY_DYNAMIC_DNS is not supported on a Sidecar',
  );
  if (proxy.isSet) {
    proxy.errorIf(!allowsAny, 'egressProxy needs mode ALLOW_ANY');
    proxy.errorIf(!proxy.field('port').isSet, 'egressProxy must have a port');
    proxy.field('host').check(fqdnProblem(proxy.field('host').text));
    validateDestination(proxy);
  }
}

/** Checks a Sidecar. `namespace` is its own, which `./` stands for. */
export function validateSidecar(spec: SpecNode, namespace: string): void {
  const parts = [
    'egress',
    'ingress',
    'outboundTrafficPolicy',
    'inboundConnectionPool',
  ];
  spec.errorIf(
    parts.every(name => {
      const field = spec.field(name);
      return !field.isSet || field.isEmptyList;
    }),
    'sidecar: empty configuration provided',
  );
  validateWorkloadSelector(spec.field('workloadSelector'));
  validateEgress(spec, namespace);
  validateIngress(spec);
  validateOutboundPolicy(spec.field('outboundTrafficPolicy'));
  validateConnectionPool(spec.field('inboundConnectionPool'));
}
