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

import { validateRouteDestinations } from './httpAction';
import {
  isClaimRoute,
  validateGatewayNames,
  validateHttpRoute,
} from './httpRoute';
import { hostsMatch, isHostWithin } from '../identity/hosts';
import type { SpecNode } from './SpecNode';
import { parseIpBlock } from '../authorization/ipBlock';
import {
  isIpAddress,
  portProblem,
  validateExportTo,
  validateLabels,
  wildcardDomainProblem,
} from './syntax';

function validateSniHost(sni: SpecNode, hosts: readonly string[]): void {
  const problem = wildcardDomainProblem(sni.text);
  if (problem !== undefined && isIpAddress(sni.text)) {
    sni.warn(
      `an IP address (${sni.text}) goes against the SNI specification; most clients do not send it`,
    );
  } else if (problem !== undefined) {
    sni.error(problem);
  } else {
    sni.errorIf(
      !hosts.some(host => isHostWithin(sni.text, host)),
      `SNI host "${sni.text}" is not a compatible subset of any of the virtual service hosts`,
    );
  }
}

function validateL4Match(match: SpecNode): void {
  match.errorIf(match.isNull, 'a match may not be null');
  for (const subnet of match.field('destinationSubnets').items) {
    subnet.errorIf(
      parseIpBlock(subnet.text) === undefined,
      `"${subnet.text}" is not a subnet`,
    );
  }
  const port = match.field('port');
  if (port.isSet && port.number !== 0) {
    port.check(portProblem(port.number));
  }
  validateLabels(match.field('sourceLabels'));
  validateGatewayNames(match.field('gateways'));
}

function validateTlsRoute(route: SpecNode, hosts: readonly string[]): void {
  const matches = route.field('match');
  matches.errorIf(
    matches.items.length === 0,
    'TLS route must have at least one match condition',
  );
  for (const match of matches.items) {
    const sniHosts = match.field('sniHosts');
    sniHosts.errorIf(
      sniHosts.items.length === 0,
      'TLS match must have at least one SNI host',
    );
    for (const sni of sniHosts.items) {
      validateSniHost(sni, hosts);
    }
    validateL4Match(match);
  }
  validateForwarding(route, 'TLS');
}

function validateForwarding(route: SpecNode, what: string): void {
  const routes = route.field('route');
  routes.errorIf(routes.items.length === 0, `${what} route is required`);
  validateRouteDestinations(routes);
}

/** Warns of rules that an earlier, wider one leaves without requests. */
function warnOfUnreachable(http: SpecNode): void {
  const prefixes: string[] = [];
  const seen = new Set<string>();
  let everything: string | undefined;
  for (const route of http.items) {
    if (everything !== undefined) {
      route.warn(`never reached: ${everything} matches every request`);
    }
    const matches = route.field('match').items;
    if (matches.length === 0) {
      everything ??= route.path;
    }
    for (const match of matches) {
      const text = JSON.stringify(match.value);
      if (match.isSet && seen.has(text)) {
        match.warn('the same match stands earlier');
      }
      seen.add(text);
      const uri = match.field('uri');
      const path = uri.field('prefix').text || uri.field('exact').text;
      const wider = prefixes.find(prefix => path.startsWith(prefix));
      if (path !== '' && wider !== undefined) {
        match.warn(`never reached: the earlier prefix ${wider} covers it`);
      }
      const only = match.entries.filter(([name]) => name !== 'name');
      if (only.length === 1 && uri.field('prefix').text !== '') {
        prefixes.push(uri.field('prefix').text);
      }
    }
  }
}

function validateHosts(spec: SpecNode, inMesh: boolean): void {
  const earlier: string[] = [];
  for (const host of spec.field('hosts').items) {
    host.errorIf(
      host.text === '*' && inMesh,
      'wildcard host * is not allowed for virtual services bound to the mesh gateway',
    );
    if (host.text !== '*' && !isIpAddress(host.text)) {
      host.check(wildcardDomainProblem(host.text));
    }
    const same = earlier.find(other => hostsMatch(other, host.text));
    host.errorIf(
      same !== undefined,
      `duplicate hosts in virtual service: ${same} and ${host.text}`,
    );
    earlier.push(host.text);
  }
}

/** Routing by claims of a token needs a gateway: sidecars do not do it. */
function validateClaimRoutes(spec: SpecNode, inMesh: boolean): void {
  for (const route of spec.field('http').items) {
    for (const match of route.field('match').items) {
      for (const name of ['headers', 'withoutHeaders']) {
        for (const [header, value] of match.field(name).entries) {
          value.errorIf(
            isClaimRoute(header) && inMesh,
            'routing by claims of a token is possible at gateways only',
          );
        }
      }
    }
  }
}

/** Checks a VirtualService; one without hosts is a delegate. */
export function validateVirtualService(
  spec: SpecNode,
  namespace: string,
): void {
  const gateways = spec.field('gateways');
  const hosts = spec.field('hosts').items.map(host => host.text);
  const isDelegate = hosts.length === 0;
  const [http, tls, tcp] = ['http', 'tls', 'tcp'].map(name => spec.field(name));
  gateways.errorIf(
    isDelegate && gateways.items.length > 0,
    'a delegate (without hosts) cannot name gateways',
  );
  spec.errorIf(
    isDelegate && tls.items.length + tcp.items.length > 0,
    'a delegate (without hosts) can hold http routes only',
  );
  const names = gateways.items.map(gateway => gateway.text);
  const inMesh = names.length === 0 || names.includes('mesh');
  validateHosts(spec, inMesh);
  validateGatewayNames(gateways);
  spec.errorIf(
    http.items.length + tls.items.length + tcp.items.length === 0,
    'http, tcp or tls must be provided in virtual service',
  );
  for (const route of http.items) {
    route.errorIf(route.isNull, 'route cannot be null');
    validateHttpRoute(route, isDelegate);
  }
  for (const route of tls.items) {
    validateTlsRoute(route, hosts);
  }
  for (const route of tcp.items) {
    route.field('match').items.forEach(validateL4Match);
    validateForwarding(route, 'TCP');
  }
  validateExportTo(spec.field('exportTo'), namespace);
  validateClaimRoutes(spec, inMesh);
  warnOfUnreachable(http);
}
