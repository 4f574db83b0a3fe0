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

import { parse, parseAllDocuments } from 'yaml';
import { projectObject } from '../../src/objects';
import type { MeshObject, SlimObjectByKind } from '../../src/objects';
import type {
  ConvertedPeerAuthentication,
  ZtunnelAuthorization,
  ZtunnelMatch,
} from '../../src/authorization';
import {
  convertPeerAuthentication,
  ztunnelAuthorizationOf,
} from '../../src/authorization';
import { isDryRun } from '../../src/authorization/attachment';
import type { IpBlock } from '../../src/authorization/ipBlock';
import type { StringPattern } from '../../src/authorization/stringPattern';
import type { Json } from './envoyRbac';
import { asList, asObject } from './envoyRbac';

const ROOT = 'istio-system';

type PeerAuthentication = SlimObjectByKind['PeerAuthentication'];
type Converted = ZtunnelAuthorization | ConvertedPeerAuthentication;

/** Cluster objects have a namespace; the files leave it out for some. */
const UNNAMED = 'unnamed-namespace';

function objectsOf(yaml: string): readonly MeshObject[] {
  return parseAllDocuments(yaml).flatMap(document => {
    const raw = asObject(document.toJS() as unknown);
    const metadata = asObject(raw.metadata);
    return (
      projectObject({
        ...raw,
        metadata: { namespace: UNNAMED, ...metadata },
      }) ?? []
    );
  });
}

function selects(policy: PeerAuthentication): boolean {
  return Object.keys(policy.spec.selector?.matchLabels ?? {}).length > 0;
}

function convert(objects: readonly MeshObject[]): readonly Converted[] {
  const peers = objects.filter(
    (object): object is PeerAuthentication =>
      object.kind === 'PeerAuthentication',
  );
  const wide = (namespace: string) =>
    peers.find(peer => !selects(peer) && peer.metadata.namespace === namespace);
  return objects.flatMap((object): Converted[] => {
    let converted: Converted | undefined;
    if (object.kind === 'AuthorizationPolicy') {
      converted = isDryRun(object)
        ? undefined
        : ztunnelAuthorizationOf(object, ROOT);
    } else if (object.kind === 'PeerAuthentication') {
      converted = convertPeerAuthentication(
        object,
        wide(object.metadata.namespace),
        wide(ROOT),
        ROOT,
      );
    }
    return converted ? [converted] : [];
  });
}

function textJson(pattern: StringPattern): Json {
  return pattern.type === 'presence'
    ? { presence: {} }
    : { [pattern.type]: pattern.value };
}

function blockJson(block: IpBlock): Json {
  return {
    address: Buffer.from([...block.octets]).toString('base64'),
    length: block.prefixLength,
  };
}

function matchJson(match: ZtunnelMatch): Json {
  const {
    namespaces,
    notNamespaces,
    principals,
    notPrincipals,
    sourceIps,
    notSourceIps,
    destinationIps,
    notDestinationIps,
    ...rest
  } = match;
  const texts = { namespaces, notNamespaces, principals, notPrincipals };
  const blocks = { sourceIps, notSourceIps, destinationIps, notDestinationIps };
  return {
    ...rest,
    ...Object.fromEntries(
      Object.entries(texts).map(([key, list]) => [key, list?.map(textJson)]),
    ),
    ...Object.fromEntries(
      Object.entries(blocks).map(([key, list]) => [key, list?.map(blockJson)]),
    ),
  };
}

/** Text of a value with keys in order, so that equal values have equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${key}:${canonical(item)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value) ?? '';
}

interface Clauses {
  name: unknown;
  namespace: unknown;
  action: unknown;
  scope: unknown;
  /** groups, clauses and matches as sets: their order has no meaning */
  groups: readonly (readonly (readonly unknown[])[])[];
}

function normalized(authorization: Clauses): string {
  const groups = authorization.groups
    .map(group =>
      group
        .map(clause => clause.map(canonical).sort().join('|'))
        .sort()
        .join('&'),
    )
    .sort();
  return canonical({ ...authorization, groups });
}

function expectedClauses(json: Json): Clauses {
  return {
    name: json.name,
    namespace: json.namespace ?? UNNAMED,
    action: json.action ?? 'ALLOW',
    scope: json.scope ?? 'GLOBAL',
    groups: asList(json.groups).map(group =>
      asList(group.rules).map(rule => asList(rule.matches)),
    ),
  };
}

function ourClauses(converted: Converted): Clauses {
  const { name, namespace, action, scope } = converted;
  return {
    name,
    namespace,
    action,
    scope,
    groups: converted.groups.map(group =>
      group.clauses.map(clause => clause.map(matchJson)),
    ),
  };
}

type PortTest = (port: number, identified: boolean) => boolean;

/** Reads a match of a derived policy: whether there is an identity, and ports, are all it asks. */
function portTest(match: Json): PortTest {
  const ports = (name: string) =>
    Array.isArray(match[name]) ? match[name].map(Number) : undefined;
  const wanted = ports('destinationPorts');
  const excluded = ports('notDestinationPorts');
  const known = ['destinationPorts', 'notDestinationPorts', 'notPrincipals'];
  const asksMore = Object.keys(match).some(key => !known.includes(key));
  if (asksMore) {
    throw new Error(`unread match ${JSON.stringify(match)}`);
  }
  return (port, identified) =>
    Object.keys(match).length > 0 &&
    (wanted === undefined || wanted.includes(port)) &&
    (excluded === undefined || !excluded.includes(port)) &&
    !(match.notPrincipals !== undefined && identified);
}

/** What a derived policy denies, over every port that either names and one that neither does. */
function denials(clauses: Clauses, ports: readonly number[]): string {
  const tests = clauses.groups.map(group =>
    group.map(clause => clause.map(match => portTest(asObject(match)))),
  );
  return ports
    .flatMap(port => [true, false].map(identified => ({ port, identified })))
    .map(({ port, identified }) =>
      tests.some(group =>
        group.every(clause => clause.some(test => test(port, identified))),
      ),
    )
    .join(' ');
}

/** Two derived policies are the same when they deny the same: one rule may be split into several. */
function deniesTheSame(a: Clauses, b: Clauses): boolean {
  const named = JSON.stringify([a.groups, b.groups]).match(/\b\d+\b/g) ?? [];
  const ports = [...new Set(named.map(Number)), 1];
  const head = ({ name, namespace, action, scope }: Clauses) =>
    canonical({ name, namespace, action, scope });
  return head(a) === head(b) && denials(a, ports) === denials(b, ports);
}

/** Compares the Authorization we derive from the policies of a file with the expected one; empty means none. */
export function ambientPolicies(
  inputYaml: string,
  expectedYaml: string,
): string | undefined {
  const converted = convert(objectsOf(inputYaml)).map(ourClauses);
  const json: unknown = parse(expectedYaml);
  const wanted =
    json === null || json === undefined
      ? []
      : [expectedClauses(asObject(json))];
  const actual = converted.map(normalized).join('\n');
  const expected = wanted.map(normalized).join('\n');
  const [one, other] = [converted[0], wanted[0]];
  const derived =
    converted.length === 1 &&
    wanted.length === 1 &&
    String(other.name).startsWith('converted_peer_authentication_');
  return actual === expected || (derived && deniesTheSame(one, other))
    ? undefined
    : `expected ${expected || 'nothing'}, got ${actual || 'nothing'}`;
}
