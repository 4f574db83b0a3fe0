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

import { ipBlockHolds, parseIpBlock } from './ipBlock';
import { compilePathTemplate, isPathTemplate } from './pathTemplate';
import {
  namespaceTest,
  principalTest,
  serviceAccountTest,
  trustDomainTest,
} from './peerPattern';
import type { ResolvedRequest } from './request';
import { headerOf } from './request';
import type { StringPattern } from './stringPattern';
import { matchesString, parseStringPattern } from './stringPattern';
import type { Match } from './ternary';
import { undecided } from './ternary';
import {
  audienceTest,
  claimTest,
  presenterTest,
  requestPrincipalTest,
} from './tokenPattern';
import { expandTrustDomainAliases } from './trustDomain';

/** One value of a field, compiled for an Envoy proxy. */
export type ValueTest = (request: ResolvedRequest) => Match;

/** What compiling a value needs beside the value. */
export interface FieldContext {
  policyNamespace: string;
  /** trust domain of the mesh, then its aliases */
  bundle: readonly string[];
}

/** How one attribute of a policy is matched at an Envoy proxy. */
export interface FieldKind {
  /** HTTP only: not usable on a TCP chain (R4.23) */
  http: boolean;
  /** compiles one value; `undefined` when the value is malformed */
  compile: (value: string, context: FieldContext) => ValueTest | undefined;
  /** rewrites the list of values before each is compiled */
  expand?: (
    values: readonly string[],
    context: FieldContext,
  ) => readonly string[];
}

/** Direct peer, client behind proxies, own address: each compared with IPs and blocks of them. R4.18 */
type AddressAttribute = 'sourceIp' | 'remoteIp' | 'destinationIp';

function addressField(attribute: AddressAttribute): FieldKind {
  return {
    http: false,
    compile: value => {
      const block = parseIpBlock(value);
      return (
        block &&
        (request => {
          const address = request[attribute];
          return address ? ipBlockHolds(block, address) : undecided(attribute);
        })
      );
    },
  };
}

function textField(attribute: 'method' | 'sni', http: boolean): FieldKind {
  return {
    http,
    compile: value => {
      const pattern = parseStringPattern(value);
      return request => {
        const text = request[attribute];
        return text === undefined
          ? undecided(attribute)
          : matchesString(pattern, text);
      };
    },
  };
}

const hosts: FieldKind = {
  http: true,
  compile: value => {
    const pattern = parseStringPattern(value.toLowerCase());
    return ({ host }) => {
      if (host === undefined) {
        return undecided('host');
      }
      return (
        pattern.type === 'presence' ||
        matchesString(pattern, host.toLowerCase())
      );
    };
  },
};

const paths: FieldKind = {
  http: true,
  compile: value => {
    const pattern = parseStringPattern(value);
    const matches = isPathTemplate(value)
      ? compilePathTemplate(value)
      : (path: string) => matchesString(pattern, path);
    return ({ path }) =>
      path === undefined ? undecided('path') : matches(path);
  },
};

const ports: FieldKind = {
  http: false,
  compile: value => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number > 65535) {
      return undefined;
    }
    return ({ port }) =>
      port === undefined ? undecided('port') : port === number;
  },
};

/** Does one of the elements of a list, which are set apart by commas, match? */
function matchesElement(pattern: StringPattern, list: string): boolean {
  switch (pattern.type) {
    case 'prefix':
      return `,${list}`.includes(`,${pattern.value}`);
    case 'suffix':
      return `${list},`.includes(`${pattern.value},`);
    case 'exact':
      return `,${list},`.includes(`,${pattern.value},`);
    default:
      return matchesString(pattern, list);
  }
}

function headerField(
  name: string,
  matches: (pattern: StringPattern, text: string) => boolean,
): FieldKind {
  return {
    http: true,
    compile: value => {
      const pattern = parseStringPattern(value);
      return request => {
        const header = headerOf(request, name);
        if ('waits' in header) {
          return header.waits;
        }
        return (
          header.value !== undefined &&
          (pattern.type === 'presence' || matches(pattern, header.value))
        );
      };
    },
  };
}

const principals: FieldKind = {
  http: false,
  compile: principalTest,
  expand: (values, { bundle }) => expandTrustDomainAliases(values, bundle),
};

const trustDomains: FieldKind = {
  http: false,
  compile: trustDomainTest,
  expand: (values, { bundle }) => [
    ...new Set(
      values.flatMap(value => (bundle.includes(value) ? [...bundle] : [value])),
    ),
  ],
};

const namespaces: FieldKind = { http: false, compile: namespaceTest };
const serviceAccounts: FieldKind = {
  http: false,
  compile: (value, { policyNamespace }) =>
    serviceAccountTest(value, policyNamespace),
};
const requestPrincipals: FieldKind = {
  http: true,
  compile: requestPrincipalTest,
};
const methods = textField('method', true);
const sourceIp = addressField('sourceIp');
const remoteIp = addressField('remoteIp');

/** Fields of `from[].source`, by positive name. */
export const SOURCE_FIELDS = {
  principals,
  requestPrincipals,
  namespaces,
  serviceAccounts,
  trustDomains,
  ipBlocks: sourceIp,
  remoteIpBlocks: remoteIp,
} as const satisfies Record<string, FieldKind>;

/** Fields of `to[].operation`, by positive name. */
export const OPERATION_FIELDS = {
  hosts,
  ports,
  methods,
  paths,
} as const satisfies Record<string, FieldKind>;

const CONDITION_FIELDS: Readonly<Record<string, FieldKind>> = {
  'source.ip': sourceIp,
  'remote.ip': remoteIp,
  'source.namespace': namespaces,
  'source.principal': principals,
  'source.serviceAccount': serviceAccounts,
  'source.trustDomain': trustDomains,
  'request.auth.principal': requestPrincipals,
  'request.auth.audiences': { http: true, compile: audienceTest },
  'request.auth.presenter': { http: true, compile: presenterTest },
  'destination.ip': addressField('destinationIp'),
  'destination.port': ports,
  'connection.sni': textField('sni', false),
};

/** A key that Istio knows by its beginning but cannot read to the end: no value of it compiles. */
function unreadable(http: boolean): FieldKind {
  return { http, compile: () => undefined };
}

function headerCondition(
  matches: (pattern: StringPattern, text: string) => boolean,
): (rest: string) => FieldKind {
  return rest =>
    rest.startsWith('[') && rest.endsWith(']')
      ? headerField(rest.slice(1, -1), matches)
      : unreadable(true);
}

/** `[a][b]` is a path of two claims; other brackets are taken as one name. */
function claimCondition(rest: string): FieldKind {
  if (rest !== '' && !(rest.startsWith('[') && rest.endsWith(']'))) {
    return unreadable(true);
  }
  const inner = rest.slice(1, -1);
  const nested = /^(\[[^[\]]*\])+$/.test(rest);
  const path = nested ? inner.split('][') : [inner];
  return {
    http: true,
    compile: value => claimTest(rest === '' ? [] : path, value),
  };
}

const IN_LIST = /^\[.*\]$/s;

/** Metadata that another filter wrote; a value in brackets is matched against the elements of a list. */
function metadataField(key: string, filter: string, name: string): FieldKind {
  return {
    http: false,
    compile: value => {
      const inList = IN_LIST.test(value);
      const pattern = parseStringPattern(
        inList ? value.replace(/^[[\]]+|[[\]]+$/g, '') : value,
      );
      const matches = (item: unknown) =>
        typeof item === 'string' && matchesString(pattern, item);
      return ({ filterMetadata }) => {
        if (filterMetadata === undefined) {
          return undecided(key);
        }
        const found: unknown = filterMetadata[filter]?.[name];
        if (!inList) {
          return matches(found);
        }
        return Array.isArray(found) && found.some(matches);
      };
    },
  };
}

function metadataCondition(key: string): FieldKind {
  const rest = key.slice('experimental.'.length).replace(/\]$/, '');
  const bracket = rest.indexOf('[');
  return bracket < 0
    ? unreadable(false)
    : metadataField(key, rest.slice(0, bracket), rest.slice(bracket + 1));
}

const PREFIXED_FIELDS: readonly [
  prefix: string,
  field: (rest: string, key: string) => FieldKind,
][] = [
  ['request.headers', headerCondition(matchesString)],
  ['request.experimental.inline.headers', headerCondition(matchesElement)],
  ['request.auth.claims', claimCondition],
  ['experimental.envoy.filters.', (_, key) => metadataCondition(key)],
];

/** How a `when` key is matched; `undefined` when Istio does not know the key (R4.22). */
export function conditionField(key: string): FieldKind | undefined {
  const known = Object.prototype.hasOwnProperty.call(CONDITION_FIELDS, key)
    ? CONDITION_FIELDS[key]
    : undefined;
  if (known) {
    return known;
  }
  const prefixed = PREFIXED_FIELDS.find(([prefix]) => key.startsWith(prefix));
  return prefixed?.[1](key.slice(prefixed[0].length), key);
}

/** Why istiod refuses a `when` key; `undefined` when it takes it. R4.22 */
export function conditionKeyProblem(key: string): string | undefined {
  if (conditionField(key) === undefined) {
    return `unknown attribute: ${key}`;
  }
  const open = key.indexOf('[');
  const named = key.endsWith(']') && open > 0 && open < key.length - 2;
  return named || !PREFIXED_FIELDS.some(([prefix]) => key.startsWith(prefix))
    ? undefined
    : `${key} must have the form a[b]`;
}
