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

import { RE2JS } from 're2js';
import type { IpBlock } from '../../src/authorization/ipBlock';
import {
  ipBlockHolds,
  parseIpAddress,
  parseIpBlock,
} from '../../src/authorization/ipBlock';
import { compilePathTemplate } from '../../src/authorization/pathTemplate';

/** A request as Envoy's RBAC filter sees it: every attribute is known. */
export interface EnvoyRequest {
  /** URI SAN of the peer certificate; `''` on plaintext */
  principal: string;
  directRemoteIp: string;
  remoteIp: string;
  destinationIp: string;
  destinationPort: number;
  sni: string;
  path: string;
  /** names in lower case, pseudo headers included */
  headers: ReadonlyMap<string, string>;
  /** payload that jwt_authn verified */
  payload?: Readonly<Record<string, unknown>>;
  /** what other filters wrote, by filter name and key */
  metadata: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Decoded YAML: an object of unknown fields. */
export type Json = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function asList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

function matchesText(matcher: Json, text: string): boolean {
  const fold = (value: string) =>
    matcher.ignoreCase === true ? value.toLowerCase() : value;
  if ('exact' in matcher) {
    return fold(text) === fold(String(matcher.exact));
  }
  if ('prefix' in matcher) {
    return fold(text).startsWith(fold(String(matcher.prefix)));
  }
  if ('suffix' in matcher) {
    return fold(text).endsWith(fold(String(matcher.suffix)));
  }
  if ('contains' in matcher) {
    return fold(text).includes(fold(String(matcher.contains)));
  }
  if ('safeRegex' in matcher) {
    return RE2JS.compile(String(asObject(matcher.safeRegex).regex)).matches(
      text,
    );
  }
  throw new Error(`unread string matcher ${JSON.stringify(matcher)}`);
}

function matchesAddress(block: Json, address: string): boolean {
  const length =
    typeof block.prefixLen === 'number' ? `/${block.prefixLen}` : '/0';
  const parsed: IpBlock | undefined = parseIpBlock(
    `${String(block.addressPrefix)}${length}`,
  );
  const octets = parseIpAddress(address);
  return Boolean(parsed && octets && ipBlockHolds(parsed, octets));
}

function matchesHeader(matcher: Json, request: EnvoyRequest): boolean {
  const value = request.headers.get(String(matcher.name).toLowerCase());
  if ('presentMatch' in matcher) {
    return (value !== undefined) === matcher.presentMatch;
  }
  const text =
    'safeRegexMatch' in matcher
      ? { safeRegex: matcher.safeRegexMatch }
      : asObject(matcher.stringMatch);
  return value !== undefined && matchesText(text, value);
}

function matchesValue(matcher: Json, value: unknown): boolean {
  if ('stringMatch' in matcher) {
    return (
      typeof value === 'string' &&
      matchesText(asObject(matcher.stringMatch), value)
    );
  }
  if ('listMatch' in matcher) {
    const oneOf = asObject(asObject(matcher.listMatch).oneOf);
    return (
      Array.isArray(value) && value.some(item => matchesValue(oneOf, item))
    );
  }
  if ('orMatch' in matcher) {
    return asList(asObject(matcher.orMatch).valueMatchers).some(item =>
      matchesValue(item, value),
    );
  }
  if ('presentMatch' in matcher) {
    return (value !== undefined) === matcher.presentMatch;
  }
  throw new Error(`unread value matcher ${JSON.stringify(matcher)}`);
}

function matchesMetadata(matcher: Json, request: EnvoyRequest): boolean {
  const filter = String(matcher.filter);
  let value: unknown =
    filter === 'envoy.filters.http.jwt_authn'
      ? { payload: request.payload }
      : request.metadata[filter];
  for (const { key } of asList(matcher.path)) {
    value = asObject(value)[String(key)];
  }
  return matchesValue(asObject(matcher.value), value);
}

function matchesPrincipalName(matcher: Json, request: EnvoyRequest): boolean {
  if (request.principal === '') {
    return false;
  }
  const name = asObject(matcher.principalName);
  return Object.keys(name).length === 0
    ? true
    : matchesText(name, request.principal);
}

function matchesPath(value: Json, request: EnvoyRequest): boolean {
  const [path = ''] = request.path.split(/[?#]/, 1);
  return matchesText(asObject(value.path), path);
}

function matchesTemplate(value: Json, request: EnvoyRequest): boolean {
  const template = String(asObject(value.typedConfig).pathTemplate);
  const istio = template.replace(/\*\*|\*/g, found => `{${found}}`);
  return compilePathTemplate(istio)(request.path.split(/[?#]/, 1)[0] ?? '');
}

/** Evaluates a permission or a principal of Envoy's RBAC: both are trees with the same connectives. */
export function matchesRbac(node: Json, request: EnvoyRequest): boolean {
  const [kind] = Object.keys(node);
  const value = node[kind ?? ''];
  const operand = asObject(value);
  switch (kind) {
    case 'any':
      return value === true;
    case 'andRules':
      return asList(operand.rules).every(rule => matchesRbac(rule, request));
    case 'orRules':
      return asList(operand.rules).some(rule => matchesRbac(rule, request));
    case 'andIds':
      return asList(operand.ids).every(id => matchesRbac(id, request));
    case 'orIds':
      return asList(operand.ids).some(id => matchesRbac(id, request));
    case 'notRule':
    case 'notId':
      return !matchesRbac(operand, request);
    case 'header':
      return matchesHeader(operand, request);
    case 'urlPath':
      return matchesPath(operand, request);
    case 'uriTemplate':
      return matchesTemplate(operand, request);
    case 'destinationPort':
      return request.destinationPort === value;
    case 'destinationIp':
      return matchesAddress(operand, request.destinationIp);
    case 'directRemoteIp':
      return matchesAddress(operand, request.directRemoteIp);
    case 'remoteIp':
      return matchesAddress(operand, request.remoteIp);
    case 'requestedServerName':
      return matchesText(operand, request.sni);
    case 'authenticated':
      return matchesPrincipalName(operand, request);
    case 'metadata':
      return matchesMetadata(operand, request);
    case 'filterState':
      return (
        request.principal !== '' &&
        matchesText(asObject(operand.stringMatch), request.principal)
      );
    default:
      throw new Error(`unread RBAC node ${JSON.stringify(node)}`);
  }
}

/** Names of the policies of an RBAC rule set that match, in the order in which Envoy sorts them. */
export function matchingPolicies(
  rules: Json,
  request: EnvoyRequest,
): readonly string[] {
  const policies = Object.entries(asObject(rules.policies)).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return policies
    .filter(([, policy]) => {
      const { permissions, principals } = asObject(policy);
      return (
        asList(permissions).some(node => matchesRbac(node, request)) &&
        asList(principals).some(node => matchesRbac(node, request))
      );
    })
    .map(([name]) => name);
}

/** SPIFFE URIs that the matchers of a configuration name, one for each. */
export function identitiesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(identitiesIn);
  }
  const node = asObject(value);
  const name = asObject(node.principalName);
  const { regex } = asObject(name.safeRegex);
  const texts = [name.exact, name.prefix, regex].filter(
    (text): text is string => typeof text === 'string',
  );
  const own = texts.map(text =>
    text
      .replace(/\[\^\/\]\*/g, 'x')
      .replace(/\.[*+]/g, 'x')
      .replace(/\\(.)/g, '$1'),
  );
  return [...own, ...Object.values(node).flatMap(identitiesIn)];
}
