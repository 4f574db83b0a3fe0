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

import { conditionKeyProblem } from '../authorization/fieldTest';
import { parseIpBlock } from '../authorization/ipBlock';
import { pathTemplateProblem } from '../authorization/pathTemplate';
import { validatePolicyTarget } from './policyTarget';
import type { SpecNode } from './SpecNode';
import {
  portProblem,
  strictHeaderNameProblem,
  validateDuration,
} from './syntax';

const SOURCE_LISTS = [
  'principals',
  'requestPrincipals',
  'namespaces',
  'serviceAccounts',
  'trustDomains',
  'ipBlocks',
  'remoteIpBlocks',
].flatMap(name => [name, `not${name.charAt(0).toUpperCase()}${name.slice(1)}`]);
const OPERATION_LISTS = ['hosts', 'ports', 'methods', 'paths'].flatMap(name => [
  name,
  `not${name.charAt(0).toUpperCase()}${name.slice(1)}`,
]);

/** Evaluates a policy without enforcing it; only AuthorizationPolicy knows it. R4.27 */
const DRY_RUN_ANNOTATION = 'istio.io/dry-run';

function validatePortText(item: SpecNode): void {
  item.errorIf(
    !/^\d+$/.test(item.text) || Number(item.text) > 65535,
    `"${item.text}" is not a port`,
  );
}

function validateAddress(item: SpecNode): void {
  item.errorIf(
    parseIpBlock(item.text) === undefined,
    `"${item.text}" is neither an IP address nor a CIDR block`,
  );
}

const MAX_SERVICE_ACCOUNTS = 16;

function validateServiceAccounts(list: SpecNode): void {
  list.errorIf(
    list.items.length > MAX_SERVICE_ACCOUNTS,
    `there may be no more than ${MAX_SERVICE_ACCOUNTS} service accounts`,
  );
  for (const item of list.items) {
    item.errorIf(
      item.text.length > 320 || !/^([^*/]+\/)?[^*/]+$/.test(item.text),
      `"${item.text}" must be <account> or <namespace>/<account>, without wildcards`,
    );
  }
}

function validateList(list: SpecNode, name: string): void {
  if (/serviceAccounts$/i.test(name)) {
    validateServiceAccounts(list);
    return;
  }
  for (const item of list.items) {
    if (item.text === '') {
      item.error('empty values are not supported');
    } else if (/ports$/i.test(name)) {
      validatePortText(item);
    } else if (/ipBlocks$/i.test(name)) {
      validateAddress(item);
    } else if (/paths$/i.test(name)) {
      item.check(pathTemplateProblem(item.text));
    }
  }
}

function validateClause(
  clause: SpecNode,
  lists: readonly string[],
  what: string,
): void {
  const set = lists.filter(name => clause.field(name).items.length > 0);
  clause.errorIf(
    set.length === 0,
    `${what} must have at least one field; leave it out to match anything`,
  );
  for (const name of set) {
    validateList(clause.field(name), name);
  }
}

/** Identity that CUSTOM cannot use: it runs before authentication is known to the filter. R4.25 */
const CUSTOM_FORBIDDEN_LISTS =
  /^(not)?(principals|namespaces|serviceAccounts|trustDomains|requestPrincipals)$/i;
const CUSTOM_FORBIDDEN_KEYS =
  /^(source\.(principal|namespace|serviceAccount|trustDomain)$|request\.auth\.)/;

function validateSource(source: SpecNode, custom: boolean): void {
  validateClause(source, SOURCE_LISTS, 'source');
  const holds = (name: string) => source.field(name).items.length > 0;
  const accounts = ['serviceAccounts', 'notServiceAccounts'].some(holds);
  const others = [
    'principals',
    'notPrincipals',
    'namespaces',
    'notNamespaces',
  ].some(holds);
  source.errorIf(
    accounts && others,
    'serviceAccounts cannot be set with principals or namespaces',
  );
  if (custom) {
    for (const [name, list] of source.entries) {
      list.errorIf(
        CUSTOM_FORBIDDEN_LISTS.test(name) && list.items.length > 0,
        `${name} is not supported with action CUSTOM`,
      );
    }
  }
}

function validateCondition(condition: SpecNode, custom: boolean): void {
  const key = condition.field('key');
  const values = condition.field('values');
  const notValues = condition.field('notValues');
  key.errorIf(key.text === '', 'key cannot be empty');
  if (key.text !== '') {
    key.check(conditionKeyProblem(key.text));
  }
  key.errorIf(
    custom && CUSTOM_FORBIDDEN_KEYS.test(key.text),
    `${key.text} is not supported with action CUSTOM`,
  );
  condition.errorIf(
    values.items.length === 0 && notValues.items.length === 0,
    'at least one of values or notValues must be set',
  );
  if (key.text === 'source.serviceAccount') {
    validateServiceAccounts(values);
    validateServiceAccounts(notValues);
    return;
  }
  for (const item of [...values.items, ...notValues.items]) {
    if (item.text === '') {
      item.error('empty values are not supported');
    } else if (key.text.endsWith('.ip')) {
      validateAddress(item);
    } else if (key.text === 'destination.port') {
      validatePortText(item);
    }
  }
}

function validateRule(rule: SpecNode, custom: boolean): void {
  rule.errorIf(rule.isNull, 'rule cannot be null');
  const from = rule.field('from');
  const to = rule.field('to');
  from.errorIf(from.isEmptyList, 'from cannot be an empty list');
  to.errorIf(to.isEmptyList, 'to cannot be an empty list');
  for (const entry of from.items) {
    const source = entry.field('source');
    source.errorIf(!source.isSet, 'source must be set');
    if (source.isSet) {
      validateSource(source, custom);
    }
  }
  for (const entry of to.items) {
    const operation = entry.field('operation');
    operation.errorIf(!operation.isSet, 'operation must be set');
    if (operation.isSet) {
      validateClause(operation, OPERATION_LISTS, 'operation');
    }
  }
  for (const condition of rule.field('when').items) {
    validateCondition(condition, custom);
  }
}

const L4_SOURCE_LISTS =
  /^((not)?(principals|namespaces|ipBlocks|remoteIpBlocks)|notServiceAccounts|serviceAccounts)$/i;

/** Does a rule of a DENY name attributes of HTTP only? Then TCP ports deny everything: they cannot see them. */
function deniesAllTcp(rule: SpecNode): boolean {
  const sources = rule
    .field('from')
    .items.map(entry => entry.field('source'))
    .filter(source => source.isSet);
  const operations = rule
    .field('to')
    .items.map(entry => entry.field('operation'))
    .filter(operation => operation.isSet);
  const l4Source = sources.some(source =>
    source.entries.some(
      ([name, list]) => list.isSet && L4_SOURCE_LISTS.test(name),
    ),
  );
  const namesPorts = operations.some(
    operation =>
      operation.field('ports').isSet || operation.field('notPorts').isSet,
  );
  return operations.length > 0 ? !namesPorts : sources.length > 0 && !l4Source;
}

/** Checks an AuthorizationPolicy. */
export function validateAuthorizationPolicy(
  spec: SpecNode,
  annotations: Readonly<Record<string, string>>,
): void {
  validatePolicyTarget(spec);
  const action = spec.field('action').text || 'ALLOW';
  const provider = spec.field('provider');
  const rules = spec.field('rules');
  rules.errorIf(
    (action === 'DENY' || action === 'CUSTOM') && rules.items.length === 0,
    `${action} without rules is meaningless as it will never be triggered`,
  );
  if (action === 'CUSTOM') {
    provider.errorIf(
      provider.field('name').text === '',
      'CUSTOM needs provider.name',
    );
  } else {
    provider.errorIf(
      provider.isSet,
      'provider must not be set unless the action is CUSTOM',
    );
  }
  const dryRun = annotations[DRY_RUN_ANNOTATION];
  if (dryRun !== undefined) {
    spec.errorIf(
      !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(dryRun),
      `annotation ${DRY_RUN_ANNOTATION} must be true or false`,
    );
    spec.errorIf(
      action !== 'ALLOW' && action !== 'DENY',
      `annotation ${DRY_RUN_ANNOTATION} supports only ALLOW and DENY`,
    );
  }
  for (const rule of rules.items) {
    validateRule(rule, action === 'CUSTOM');
    if (action === 'DENY' && deniesAllTcp(rule)) {
      rule.warn(
        'this rule will deny all traffic to TCP ports, because it uses HTTP attributes only; name the ports it is about',
      );
    }
  }
}

/** Kinds other than AuthorizationPolicy are refused with the dry-run annotation. */
export function refuseDryRun(
  spec: SpecNode,
  annotations: Readonly<Record<string, string>>,
): void {
  spec.errorIf(
    annotations[DRY_RUN_ANNOTATION] !== undefined,
    `annotation ${DRY_RUN_ANNOTATION} is not supported on this kind`,
  );
}

function validateJwksUri(uri: SpecNode): void {
  const isUrl =
    /^https?:\/\/([^/:?#\s]+|\[[0-9a-fA-F:]+\])(:\d*)?([/?#].*)?$/i.test(
      uri.text,
    );
  uri.errorIf(!isUrl, `"${uri.text}" is not an http or https URL`);
}

function validateJwks(jwks: SpecNode): void {
  try {
    const parsed: unknown = JSON.parse(jwks.text);
    const keys =
      typeof parsed === 'object' &&
      parsed !== null &&
      ('keys' in parsed || 'kty' in parsed);
    jwks.errorIf(!keys, 'jwks has no "keys", nor is it a key');
  } catch {
    jwks.error('jwks is not JSON');
  }
}

function validateJwtRule(rule: SpecNode): void {
  const jwksUri = rule.field('jwksUri');
  const jwks = rule.field('jwks');
  rule.errorIf(
    rule.field('issuer').text === '' && jwksUri.text === '',
    'issuer or jwksUri must be set',
  );
  if (jwksUri.text !== '') {
    validateJwksUri(jwksUri);
  }
  if (jwks.text !== '') {
    validateJwks(jwks);
  }
  for (const name of ['audiences', 'fromParams', 'fromCookies']) {
    for (const item of rule.field(name).items) {
      item.errorIf(item.text === '', `${name} must not hold an empty text`);
    }
  }
  for (const header of rule.field('fromHeaders').items) {
    header.errorIf(
      header.field('name').text === '',
      'the header name must be set',
    );
  }
  for (const output of rule.field('outputClaimToHeaders').items) {
    const header = output.field('header');
    const claim = output.field('claim');
    claim.errorIf(claim.text === '', 'outputClaimToHeaders needs a claim');
    header.check(strictHeaderNameProblem(header.text));
  }
  validateDuration(rule.field('timeout'));
}

/** Checks a RequestAuthentication. */
export function validateRequestAuthentication(spec: SpecNode): void {
  validatePolicyTarget(spec);
  for (const rule of spec.field('jwtRules').items) {
    validateJwtRule(rule);
  }
}

/** Checks a PeerAuthentication. */
export function validatePeerAuthentication(spec: SpecNode): void {
  validatePolicyTarget(spec);
  const ports = spec.field('portLevelMtls');
  const selects =
    spec.field('selector').field('matchLabels').entries.length > 0;
  ports.errorIf(
    ports.isSet && !selects,
    'portLevelMtls needs a selector: it acts on workloads only',
  );
  ports.errorIf(
    ports.isSet && ports.entries.length === 0,
    'portLevelMtls, if defined, must have at least one port',
  );
  for (const [port, settings] of ports.entries) {
    settings.check(portProblem(Number(port)));
  }
}
