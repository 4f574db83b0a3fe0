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
import { validateServerTls } from './serverTls';
import type { SpecNode } from './SpecNode';
import {
  isDnsLabel,
  isHttpProtocol,
  isIpAddress,
  isProtocol,
  isTlsProtocol,
  portProblem,
  validateLabels,
  wildcardDomainProblem,
} from './syntax';
import { validateConnectionPool } from './trafficPolicy';

const SOCKET = 'unix://';

function validateListenerPort(port: SpecNode, bind: string): void {
  const protocol = port.field('protocol');
  const number = port.field('number');
  protocol.errorIf(
    protocol.text !== '' && !isProtocol(protocol.text),
    `unsupported protocol ${protocol.text}`,
  );
  if (bind.startsWith(SOCKET)) {
    number.errorIf(
      number.number !== 0,
      'port number must be 0 for unix domain socket',
    );
  } else {
    number.check(portProblem(number.number));
  }
}

function validateEgressBind(egress: SpecNode): void {
  const bind = egress.field('bind');
  const mode = egress.field('captureMode').text;
  if (bind.text === '') {
    return;
  }
  bind.errorIf(
    !egress.field('port').isSet,
    'a bind needs a port on an egress listener',
  );
  if (bind.text.startsWith(SOCKET)) {
    bind.errorIf(
      !/^unix:\/\/[/@]/.test(bind.text),
      'a socket needs an absolute path or @name',
    );
    bind.errorIf(
      mode === 'IPTABLES',
      'a listener on a unix domain socket cannot capture by IPTABLES',
    );
  } else {
    bind.errorIf(
      !isIpAddress(bind.text),
      `${bind.text} is not a valid IP or socket`,
    );
  }
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
  host.check(domain === '*' ? undefined : wildcardDomainProblem(domain));
  host.errorIf(
    /^\*[^.]/.test(domain),
    `partial wildcard "${domain}" is not allowed`,
  );
  return { node: host, namespace, domain };
}

/** Warns of hosts that a wildcard of the same listener already imports. */
function warnOfCoveredHosts(
  hosts: readonly HostParts[],
  namespace: string,
): void {
  const wide = new Set(
    hosts
      .filter(host => host.domain === '*' && !host.namespace.startsWith('~'))
      .map(host => (host.namespace === '.' ? namespace : host.namespace)),
  );
  for (const host of hosts) {
    const own = host.namespace === '.' ? namespace : host.namespace;
    const isWildcard = host.domain === '*';
    const covered =
      (wide.has('*') && own !== '*') || (wide.has(own) && !isWildcard);
    if (covered && !host.namespace.startsWith('~')) {
      host.node.warn(
        `${host.node.text} is covered by a wildcard of the same list`,
      );
    }
  }
}

function validateEgress(spec: SpecNode, namespace: string): void {
  const seen = new Set<string>();
  const listeners = spec.field('egress').items;
  for (const [index, egress] of listeners.entries()) {
    const port = egress.field('port');
    const bind = egress.field('bind').text;
    egress.errorIf(egress.isNull, 'egress listener may not be null');
    if (port.isSet) {
      validateListenerPort(port, bind);
      const key = bind.startsWith(SOCKET)
        ? bind
        : `${bind}:${port.field('number').number}`;
      egress.errorIf(seen.has(key), `duplicate egress listener ${key}`);
      seen.add(key);
    } else {
      egress.errorIf(
        index < listeners.length - 1,
        'the egress listener without a port must be the last',
      );
    }
    validateEgressBind(egress);
    const hosts = egress.field('hosts');
    hosts.errorIf(
      hosts.items.length === 0,
      'egress listener must contain at least one host',
    );
    warnOfCoveredHosts(
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
    endpoint.errorIf(
      !/^unix:\/\/[/@]/.test(text),
      'a socket needs an absolute path or @name',
    );
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
    validateListenerPort(port, '');
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
    if (
      pool.field('http').isSet &&
      protocol !== '' &&
      !isHttpProtocol(protocol)
    ) {
      pool.warn(
        `HTTP connection settings have no effect on a ${protocol} port`,
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
  const selector = spec.field('workloadSelector');
  if (selector.isSet && selector.field('labels').entries.length === 0) {
    selector.warn('a workloadSelector without labels applies to all workloads');
  }
  validateLabels(selector.field('labels'));
  validateEgress(spec, namespace);
  validateIngress(spec);
  validateOutboundPolicy(spec.field('outboundTrafficPolicy'));
  validateConnectionPool(spec.field('inboundConnectionPool'));
}
