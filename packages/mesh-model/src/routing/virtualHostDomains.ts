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

/** What decides under which names a service is addressed. */
export interface AddressedService {
  hostname: string;
  /** virtual IPs that a client sees */
  addresses: readonly string[];
  /** hostnames of ExternalName services that point here */
  aliases: readonly string[];
  /** a headless Kubernetes Service, whose pods are addressed by name */
  headless: boolean;
}

const KUBERNETES_DOMAIN = '.svc.';

function shortForms(hostname: string, clientDomain: string): string[] {
  const at = clientDomain.indexOf(KUBERNETES_DOMAIN);
  if (at >= 0) {
    const suffix = clientDomain.slice(at);
    if (!hostname.endsWith(suffix)) {
      return [];
    }
    const [name, namespace, ...more] = hostname
      .slice(0, -suffix.length)
      .split('.');
    if (namespace === undefined || more.length > 0) {
      return [];
    }
    return [
      ...(clientDomain.slice(0, at) === namespace ? [name] : []),
      `${name}.${namespace}.svc`,
      `${name}.${namespace}`,
    ];
  }
  const host = hostname.split('.').reverse();
  const domain = clientDomain.split('.').reverse();
  let shared = 0;
  while (
    shared < host.length &&
    shared < domain.length &&
    host[shared] === domain[shared]
  ) {
    shared += 1;
  }
  return shared === 0 || shared === host.length
    ? []
    : [host.slice(shared).reverse().join('.')];
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function isAddress(host: string): boolean {
  return /^[0-9.]+$/.test(host) || host.includes(':');
}

/** Names as a listener for several ports has them: with the port, and on port 80 also without. */
export function namesWithPort(
  names: readonly string[],
  port: number | undefined,
): string[] {
  if (port === undefined) {
    return [...names];
  }
  const all = names.map(name => `${name}:${port}`);
  return port === 80 ? [...all, ...names] : all;
}

/**
 * The Host headers that reach a service from a client whose DNS search domain is `clientDomain`
 * (`<namespace>.svc.<cluster domain>`). R5.11
 *
 * @param withPort - appended where the listener takes several ports (a socket or an HTTP proxy); absent otherwise
 */
export function virtualHostDomains(
  service: AddressedService,
  clientDomain: string,
  withPort?: number,
): string[] {
  const names = [service.hostname, ...service.aliases].flatMap(hostname =>
    isAddress(hostname)
      ? [bracketed(hostname)]
      : [hostname, `${hostname}.`, ...shortForms(hostname, clientDomain)],
  );
  const all = [
    ...names,
    ...(service.headless ? names.map(name => `*.${name}`) : []),
    ...service.addresses.map(bracketed),
  ];
  return namesWithPort(all, withPort);
}
