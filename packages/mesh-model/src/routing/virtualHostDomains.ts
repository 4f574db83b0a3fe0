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

function shortFormsInKubernetes(
  hostname: string,
  clientNamespace: string,
  suffix: string,
): string[] {
  const start = hostname.indexOf(KUBERNETES_DOMAIN);
  const name = hostname.slice(0, hostname.indexOf('.'));
  if (!hostname.endsWith(suffix) || start <= name.length) {
    return [];
  }
  const namespace = hostname.slice(name.length + 1, start);
  const short = hostname.slice(0, start);
  return [
    ...(namespace === clientNamespace ? [name] : []),
    `${short}.svc`,
    short,
  ];
}

function shortForms(hostname: string, clientDomain: string): string[] {
  const at = clientDomain.indexOf(KUBERNETES_DOMAIN);
  if (at >= 0) {
    return shortFormsInKubernetes(
      hostname,
      clientDomain.slice(0, at),
      clientDomain.slice(at),
    );
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
  if (shared === 0 || shared === host.length) {
    return [];
  }
  const own = host.slice(shared).reverse().join('.');
  // Two labels are a name and its namespace: the name stands with the next label of the shared domain, too.
  return host.length - shared === 2
    ? [own, `${own}.${host[shared - 1]}`]
    : [own];
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function isAddress(host: string): boolean {
  return /^[0-9.]+$/.test(host) || host.includes(':');
}

/** Names as a listener for several ports has them: with the port; without it on port 80 only, and IPv6 addresses. */
function namesWithPort(
  names: readonly string[],
  port: number | undefined,
): string[] {
  return port === undefined
    ? [...names]
    : names.flatMap(name =>
        port === 80 || name.includes(':')
          ? [`${name}:${port}`, name]
          : [`${name}:${port}`],
      );
}

/** The names a service is addressed by; `short` are those that yield to a service that has them as its full name. */
export interface AddressedNames {
  full: readonly string[];
  short: readonly string[];
}

/**
 * The Host headers that reach a service from a client whose DNS search domain is `clientDomain`
 * (`<namespace>.svc.<cluster domain>`). R5.11
 *
 * @param withPort - appended where the listener takes several ports (a socket or an HTTP proxy); absent otherwise
 */
export function addressedNames(
  service: AddressedService,
  clientDomain: string,
  withPort?: number,
): AddressedNames {
  const hosts = [service.hostname, ...service.aliases];
  const short = hosts.flatMap(hostname =>
    isAddress(hostname)
      ? []
      : [`${hostname}.`, ...shortForms(hostname, clientDomain)],
  );
  const full = hosts.map(bracketed);
  const headless = service.headless
    ? [...full, ...short].map(name => `*.${name}`)
    : [];
  return {
    full: namesWithPort(
      [...full, ...headless, ...service.addresses.map(bracketed)],
      withPort,
    ),
    short: namesWithPort(short, withPort),
  };
}

/** All Host headers that reach a service. R5.11 */
export function virtualHostDomains(
  service: AddressedService,
  clientDomain: string,
  withPort?: number,
): string[] {
  const { full, short } = addressedNames(service, clientDomain, withPort);
  return [...full, ...short];
}
