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
import { parseIpAddress } from '../authorization/ipBlock';
import type { SpecNode } from './SpecNode';

const DNS_LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(\*|(\*-?)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const HEADER_TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && DNS_LABEL.test(text);
}

export function isIpAddress(text: string): boolean {
  return parseIpAddress(text) !== undefined;
}

function dnsLabelsProblem(domain: string): string | undefined {
  const labels = domain.replace(/\.$/, '').split('.');
  const bad = labels.find(label => !isDnsLabel(label));
  if (bad !== undefined) {
    return `domain name "${domain}" is invalid (label "${bad}")`;
  }
  return /^\d+$/.test(labels[labels.length - 1] ?? '')
    ? `domain name "${domain}" is invalid (top level domain is a number)`
    : undefined;
}

/** Why a text is not a fully qualified domain name. */
export function fqdnProblem(domain: string): string | undefined {
  return domain === '' || domain.length > 255
    ? 'domain name must have 1 to 255 characters'
    : dnsLabelsProblem(domain);
}

/** Why a text is not a domain name whose first label may be a wildcard. */
export function wildcardDomainProblem(domain: string): string | undefined {
  if (domain === '' || domain.length > 255) {
    return 'domain name must have 1 to 255 characters';
  }
  const dot = domain.indexOf('.');
  const first = dot < 0 ? domain : domain.slice(0, dot);
  if (!WILDCARD_LABEL.test(first) || first.length > 63) {
    return `domain name "${domain}" is invalid (label "${first}")`;
  }
  return dot < 0 ? undefined : dnsLabelsProblem(domain.slice(dot + 1));
}

/** Why a host of a Gateway or a Sidecar is not one: no short name, no wildcard beside other letters of a label. */
export function listenerHostProblem(host: string): string | undefined {
  if (host !== '*' && !host.includes('.')) {
    return `short name "${host}" is not allowed, write a fully qualified one`;
  }
  return host.includes('*') && host !== '*' && !host.startsWith('*.')
    ? `partial wildcard "${host}" is not allowed`
    : undefined;
}

export const SOCKET = 'unix://';

/** Why an address that begins with `unix://` is not the path of a socket. */
export function socketProblem(address: string): string | undefined {
  const path = address.slice(SOCKET.length);
  return path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))
    ? undefined
    : `${address} needs the absolute path of a file, or @name`;
}

/** Why a number is not a port. */
export function portProblem(port: number): string | undefined {
  return Number.isInteger(port) && port >= 1 && port <= 65535
    ? undefined
    : `port number ${port} must be in the range 1..65535`;
}

const PROTOCOLS = new Set(
  'tcp udp grpc grpc-web http http_proxy http2 https tls mongo redis mysql hbone doublehbone'.split(
    ' ',
  ),
);

/** Is this a protocol Istio knows? Case does not matter. */
export function isProtocol(protocol: string): boolean {
  return PROTOCOLS.has(protocol.toLowerCase());
}

export function isHttpProtocol(protocol: string): boolean {
  return ['http', 'http2', 'grpc', 'grpc-web', 'http_proxy'].includes(
    protocol.toLowerCase(),
  );
}

export function isTlsProtocol(protocol: string): boolean {
  return ['https', 'tls'].includes(protocol.toLowerCase());
}

/** Checks label keys and values. */
export function validateLabels(labels: SpecNode): void {
  for (const [key, value] of labels.entries) {
    const slash = key.indexOf('/');
    const name = key.slice(slash + 1);
    const prefix = slash < 0 ? undefined : key.slice(0, slash);
    value.errorIf(
      name === '' ||
        name.length > 63 ||
        !LABEL_VALUE.test(name) ||
        (prefix !== undefined && fqdnProblem(prefix) !== undefined),
      `invalid label key "${key}"`,
    );
    value.errorIf(
      value.text.length > 63 || !LABEL_VALUE.test(value.text),
      `invalid label value "${value.text}"`,
    );
  }
}

/** Seconds of a Go duration (`1h2m3.5s`); `undefined` when it is none. */
export function durationSeconds(text: string): number | undefined {
  const units: Record<string, number> = {
    h: 3600,
    m: 60,
    s: 1,
    ms: 1e-3,
    us: 1e-6,
    ns: 1e-9,
  };
  const pattern = /(\d+(?:\.\d+)?(?:e[-+]?\d+)?)(ms|us|ns|h|m|s)/y;
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[-+]/, '');
  let seconds = 0;
  let end = 0;
  for (let match = pattern.exec(body); match; match = pattern.exec(body)) {
    seconds += Number(match[1]) * (units[match[2] ?? ''] ?? 0);
    end = pattern.lastIndex;
  }
  return body === '' || end !== body.length ? undefined : sign * seconds;
}

/** Demands at least one millisecond, and whole milliseconds. */
export function validateDuration(node: SpecNode): void {
  if (!node.isSet) {
    return;
  }
  const seconds = durationSeconds(node.text);
  if (seconds === undefined) {
    node.error(`"${node.text}" is not a duration, for example 1.5s`);
  } else if (seconds < 1e-3) {
    node.error('duration must be at least 1ms');
  } else if (Math.abs(seconds * 1e3 - Math.round(seconds * 1e3)) > 1e-7) {
    node.error('only durations to ms precision are supported');
  }
}

/** Demands 0, or 0.0001 to 100: the precision of a fraction of requests. */
export function validateFraction(percentage: SpecNode): void {
  const value = percentage.field('value');
  validatePercent(value);
  value.errorIf(
    value.number > 0 && value.number < 0.0001,
    `percentage ${value.number} is smaller than 0.0001`,
  );
}

/** Demands 0 to 100. */
export function validatePercent(node: SpecNode): void {
  node.errorIf(
    node.number < 0 || node.number > 100,
    `percentage ${node.number} is not in the range 0..100`,
  );
}

/** Why a text is not an HTTP header name; pseudo headers are not. */
export function headerNameProblem(name: string): string | undefined {
  return HEADER_TOKEN.test(name)
    ? undefined
    : `"${name}" is not a valid header name`;
}

/** Why a text is not a header name of letters, digits, `-` and `_`. */
export function strictHeaderNameProblem(name: string): string | undefined {
  return /^[-_A-Za-z0-9]+$/.test(name)
    ? undefined
    : `"${name}" is not a valid header name`;
}

const COMMAND_TEXT = '(?:\\\\[^]|[^\\\\)"])*';
const COMMAND_ARGUMENTS = `\\( *(?:\\[ *"|[^ [])${COMMAND_TEXT}(?:" *, *"${COMMAND_TEXT})*(?:\\)|" *\\] *\\)) *`;
const HEADER_VALUE = new RegExp(
  `^(?:[^%]|%%|%(?!%)[^%(]*(?:${COMMAND_ARGUMENTS})?%)*$`,
);

function isControlCharacter(character: string): boolean {
  const code = character.charCodeAt(0);
  return (code < 0x20 && character !== '\t') || code === 0x7f;
}

/** Why a header value is not valid: `%` begins a command (`%NAME%`, `%NAME(text)%`, `%NAME(["a","b"])%`) or is written `%%`. */
export function headerValueProblem(value: string): string | undefined {
  if ([...value].some(isControlCharacter)) {
    return 'a header value cannot hold control characters';
  }
  return HEADER_VALUE.test(value)
    ? undefined
    : `header value configuration ${value} is invalid: write %% for a percent sign`;
}

const REGEX_LIMIT = 1024;

/** Why a text is not a regular expression of RE2. */
export function regexProblem(text: string): string | undefined {
  if (text.length > REGEX_LIMIT) {
    return `regular expression of ${text.length} characters is longer than ${REGEX_LIMIT}`;
  }
  try {
    RE2JS.compile(text);
    return undefined;
  } catch (error) {
    return `"${text}" is not a valid regular expression: ${String(error)}`;
  }
}

/** Checks an `exportTo` list. */
export function validateExportTo(
  exportTo: SpecNode,
  namespace: string,
  options: { isServiceEntry?: boolean; hasSelector?: boolean } = {},
): void {
  const values = exportTo.items.map(item => item.text);
  exportTo.errorIf(
    new Set(values).size < values.length,
    'exportTo holds a value twice',
  );
  exportTo.errorIf(
    values.includes('*') && values.length > 1,
    'exportTo cannot hold * and other values',
  );
  exportTo.errorIf(
    values.includes('.') && values.includes(namespace),
    'exportTo holds both . and the same namespace',
  );
  exportTo.errorIf(
    values.includes('~') && (!options.isServiceEntry || values.length > 1),
    'exportTo ~ is allowed alone and on a ServiceEntry only',
  );
  exportTo.errorIf(
    options.hasSelector === true &&
      values.some(value => value !== '.' && value !== namespace),
    'a workloadSelector allows exportTo . only',
  );
  for (const item of exportTo.items) {
    item.errorIf(
      !['*', '.', '~'].includes(item.text) && !isDnsLabel(item.text),
      `"${item.text}" is not *, . or a namespace`,
    );
  }
}
