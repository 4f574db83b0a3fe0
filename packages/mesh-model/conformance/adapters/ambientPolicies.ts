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
      converted = ztunnelAuthorizationOf(object, ROOT);
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

/** Compares the Authorization we derive from the policies of a file with the expected one; empty means none. */
export function ambientPolicies(
  inputYaml: string,
  expectedYaml: string,
): string | undefined {
  const actual = convert(objectsOf(inputYaml)).map(ourClauses).map(normalized);
  const expectedJson: unknown = parse(expectedYaml);
  const expected =
    expectedJson === null || expectedJson === undefined
      ? []
      : [normalized(expectedClauses(asObject(expectedJson)))];
  return actual.join('\n') === expected.join('\n')
    ? undefined
    : `expected ${expected.join() || 'nothing'}, got ${
        actual.join() || 'nothing'
      }`;
}
