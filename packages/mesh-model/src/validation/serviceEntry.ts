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

import { parseIpBlock } from '../authorization/ipBlock';
import { validateWorkloadSelector } from './policyTarget';
import type { SpecNode } from './SpecNode';
import {
  fqdnProblem,
  isDnsLabel,
  isIpAddress,
  isProtocol,
  isTlsProtocol,
  isHttpProtocol,
  portProblem,
  SOCKET,
  socketProblem,
  strictHeaderNameProblem,
  validateExportTo,
  validateLabels,
  wildcardDomainProblem,
} from './syntax';

function validateEndpointPorts(ports: SpecNode): void {
  for (const [name, port] of ports.entries) {
    port.errorIf(!isDnsLabel(name), `port name "${name}" is invalid`);
    port.check(portProblem(port.number));
  }
}

/** Checks a WorkloadEntry, or an endpoint that has its shape. */
export function validateWorkloadEntry(entry: SpecNode): void {
  const address = entry.field('address');
  const ports = entry.field('ports');
  validateLabels(entry.field('labels'));
  if (address.text === '') {
    if (entry.field('network').text === '') {
      address.error('address must be set');
    } else {
      address.warn('address is unset; the network gateway will be used');
    }
  } else if (address.text.startsWith(SOCKET)) {
    address.check(socketProblem(address.text));
    ports.errorIf(
      ports.entries.length > 0,
      'unix endpoint must not include ports',
    );
  } else if (!isIpAddress(address.text)) {
    address.check(fqdnProblem(address.text));
  }
  validateEndpointPorts(ports);
}

function validateProbe(probe: SpecNode): void {
  const methods = ['httpGet', 'tcpSocket', 'exec', 'grpc'];
  probe.errorIf(
    methods.every(name => !probe.field(name).isSet),
    'unknown or missing health check method',
  );
  for (const name of ['httpGet', 'tcpSocket']) {
    const method = probe.field(name);
    if (method.isSet) {
      method.field('port').check(portProblem(method.field('port').number));
    }
  }
  const scheme = probe.field('httpGet').field('scheme');
  scheme.errorIf(
    !['', 'HTTP', 'HTTPS'].includes(scheme.text),
    'httpGet.scheme must be HTTP or HTTPS',
  );
  for (const header of probe.field('httpGet').field('httpHeaders').items) {
    header.check(strictHeaderNameProblem(header.field('name').text));
  }
  const exec = probe.field('exec');
  exec.errorIf(
    exec.isSet && exec.field('command').items.length === 0,
    'exec needs a command',
  );
  for (const name of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    const field = probe.field(name);
    field.errorIf(field.number < 0, `${name} cannot be negative`);
  }
}

/** Checks a WorkloadGroup. */
export function validateWorkloadGroup(spec: SpecNode): void {
  const template = spec.field('template');
  template.errorIf(!template.isSet, 'template is required');
  validateLabels(spec.field('metadata').field('labels'));
  if (spec.field('probe').isSet) {
    validateProbe(spec.field('probe'));
  }
}

function validatePorts(spec: SpecNode): ReadonlySet<string> {
  const names = new Set<string>();
  const numbers = new Set<number>();
  const addresses = spec.field('addresses').items.length > 0;
  for (const port of spec.field('ports').items) {
    if (!port.isSet) {
      port.error('service entry port may not be null');
      continue;
    }
    const name = port.field('name');
    const number = port.field('number');
    const protocol = port.field('protocol');
    name.errorIf(!isDnsLabel(name.text), `invalid port name "${name.text}"`);
    name.errorIf(names.has(name.text), `duplicate port name ${name.text}`);
    number.check(portProblem(number.number));
    number.errorIf(
      numbers.has(number.number),
      `duplicate port number ${number.number}`,
    );
    protocol.errorIf(
      protocol.text !== '' && !isProtocol(protocol.text),
      `unsupported protocol ${protocol.text}`,
    );
    if (port.field('targetPort').number !== 0) {
      port
        .field('targetPort')
        .check(portProblem(port.field('targetPort').number));
    }
    if (!addresses && ['', 'tcp'].includes(protocol.text.toLowerCase())) {
      spec
        .field('addresses')
        .warn(
          'addresses are needed for ports serving TCP (or unset) protocol, unless they are allocated automatically',
        );
    }
    names.add(name.text);
    numbers.add(number.number);
  }
  return names;
}

function validateHosts(hosts: SpecNode): void {
  hosts.errorIf(
    hosts.items.length === 0,
    'service entry must have at least one host',
  );
  for (const host of hosts.items) {
    host.errorIf(host.text === '*', 'full wildcard "*" is not allowed');
    host.check(wildcardDomainProblem(host.text));
  }
}

function validateAddresses(addresses: SpecNode, resolution: string): void {
  for (const address of addresses.items) {
    address.errorIf(
      parseIpBlock(address.text) === undefined,
      `"${address.text}" is not an IP address or CIDR block`,
    );
    address.errorIf(
      address.text.includes('/') && !['NONE', 'STATIC'].includes(resolution),
      'CIDR addresses are allowed only for resolution NONE and STATIC',
    );
  }
}

function validateStaticEndpoint(
  endpoint: SpecNode,
  servicePorts: number,
): void {
  const address = endpoint.field('address');
  const ports = endpoint.field('ports').entries.length;
  if (address.text.startsWith(SOCKET)) {
    address.check(socketProblem(address.text));
    endpoint.errorIf(ports > 0, 'unix endpoint must not include ports');
    endpoint.errorIf(
      servicePorts !== 1,
      'unix endpoint needs exactly one service port',
    );
  } else if (address.text !== '') {
    address.errorIf(
      !isIpAddress(address.text),
      `${address.text} is not a valid IP: resolution STATIC needs one`,
    );
  } else {
    address.errorIf(
      endpoint.field('network').text === '',
      'address must be set',
    );
  }
}

function validateDnsEndpoints(
  endpoints: SpecNode,
  hosts: SpecNode,
  resolution: string,
): void {
  if (endpoints.items.length === 0) {
    for (const host of hosts.items) {
      host.check(fqdnProblem(host.text));
    }
  }
  endpoints.errorIf(
    resolution === 'DNS_ROUND_ROBIN' && endpoints.items.length > 1,
    'there must only be 0 or 1 endpoint for resolution mode DNS_ROUND_ROBIN',
  );
  for (const endpoint of endpoints.items) {
    const address = endpoint.field('address');
    if (address.text === '') {
      address.errorIf(
        endpoint.field('network').text === '',
        'address must be set',
      );
    } else if (!isIpAddress(address.text)) {
      address.check(fqdnProblem(address.text));
    }
  }
}

function validateDynamicDns(spec: SpecNode): void {
  for (const host of spec.field('hosts').items) {
    host.errorIf(
      !host.text.startsWith('*'),
      'hosts must be wildcards for resolution mode DYNAMIC_DNS',
    );
  }
  for (const name of ['addresses', 'endpoints']) {
    spec
      .field(name)
      .errorIf(
        spec.field(name).items.length > 0,
        `${name} must not be set for resolution mode DYNAMIC_DNS`,
      );
  }
  for (const port of spec.field('ports').items) {
    const protocol = port.field('protocol');
    protocol.errorIf(
      !isHttpProtocol(protocol.text) && !isTlsProtocol(protocol.text),
      'resolution mode DYNAMIC_DNS serves HTTP and TLS ports only',
    );
  }
}

/** HTTP is told apart by its authority and TLS by its SNI; of TCP nobody knows which of several hosts is meant. */
function validateHostsOfPorts(spec: SpecNode, resolution: string): void {
  if (resolution === 'NONE' || spec.field('hosts').items.length < 2) {
    return;
  }
  for (const port of spec.field('ports').items) {
    const protocol = port.field('protocol');
    protocol.errorIf(
      !isHttpProtocol(protocol.text) && !isTlsProtocol(protocol.text),
      'multiple hosts provided with non-HTTP, non-TLS ports',
    );
  }
}

function validateEndpoints(
  spec: SpecNode,
  resolution: string,
  names: ReadonlySet<string>,
): void {
  const endpoints = spec.field('endpoints');
  if (resolution === 'NONE') {
    endpoints.errorIf(
      endpoints.items.length > 0,
      'no endpoints should be provided for resolution type none',
    );
  } else if (resolution === 'STATIC') {
    for (const endpoint of endpoints.items) {
      validateStaticEndpoint(endpoint, spec.field('ports').items.length);
    }
  } else if (resolution === 'DYNAMIC_DNS') {
    validateDynamicDns(spec);
  } else if (resolution !== 'DNS' && resolution !== 'DNS_ROUND_ROBIN') {
    spec.field('resolution').error(`unsupported resolution ${resolution}`);
  } else {
    validateDnsEndpoints(endpoints, spec.field('hosts'), resolution);
  }
  for (const endpoint of endpoints.items) {
    endpoint.errorIf(endpoint.isNull, 'endpoint cannot be null');
    validateLabels(endpoint.field('labels'));
    validateEndpointPorts(endpoint.field('ports'));
    for (const [name, port] of endpoint.field('ports').entries) {
      port.errorIf(
        !names.has(name),
        `endpoint port ${name} is not defined by the service entry`,
      );
    }
  }
}

/** Checks a ServiceEntry. */
export function validateServiceEntry(spec: SpecNode, namespace: string): void {
  const resolution = spec.field('resolution').text || 'NONE';
  const selector = spec.field('workloadSelector');
  validateWorkloadSelector(selector);
  if (selector.isSet) {
    selector.errorIf(
      spec.field('endpoints').items.length > 0,
      'only one of workloadSelector or endpoints can be set',
    );
    if (resolution === 'NONE') {
      selector.warn('workloadSelector has no effect with resolution NONE');
    }
  }
  validateHosts(spec.field('hosts'));
  validateAddresses(spec.field('addresses'), resolution);
  const names = validatePorts(spec);
  validateEndpoints(spec, resolution, names);
  validateHostsOfPorts(spec, resolution);
  validateExportTo(spec.field('exportTo'), namespace, { isServiceEntry: true });
}
