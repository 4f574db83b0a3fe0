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

import {
  isAuthorityHeader,
  validateCors,
  validateDestination,
  validateDirectResponse,
  validateFault,
  validateHeaders,
  validateRedirect,
  validateRegexMatch,
  validateRetry,
  validateRewrite,
  validateRouteDestinations,
  validateStringMatch,
} from './httpAction';
import type { SpecNode } from './SpecNode';
import {
  fqdnProblem,
  headerNameProblem,
  isDnsLabel,
  portProblem,
  validateDuration,
  validateLabels,
  validatePercent,
} from './syntax';

/** Checks names of gateways: `mesh`, `name` or `namespace/name`. */
export function validateGatewayNames(gateways: SpecNode): void {
  for (const gateway of gateways.items) {
    const parts = gateway.text.split('/');
    if (parts.length === 1) {
      if (gateway.text.includes('.')) {
        gateway.warn(
          `a gateway named by domain name (${gateway.text}) is deprecated; write namespace/name`,
        );
      }
      gateway.check(fqdnProblem(gateway.text));
    } else {
      gateway.errorIf(
        parts.length > 2 || !parts.every(isDnsLabel),
        `config namespace and gateway name of "${gateway.text}" must be names, in the form namespace/name`,
      );
    }
  }
}

/** Does this match name a claim of the token instead of a header? Only gateways route by claims. */
export function isClaimRoute(header: string): boolean {
  return /^@request\.auth\.claims[.[]/.test(header);
}

function validateMatch(match: SpecNode): void {
  if (!match.isSet) {
    return;
  }
  // An empty prefix of the URI is every path; Envoy takes it there only.
  validateRegexMatch(match.field('uri'));
  for (const name of ['scheme', 'method', 'authority']) {
    validateStringMatch(match.field(name));
  }
  for (const name of ['headers', 'withoutHeaders']) {
    for (const [header, value] of match.field(name).entries) {
      value.errorIf(
        value.isNull && name === 'headers',
        `header match ${header} cannot be null`,
      );
      if (!isClaimRoute(header)) {
        value.check(headerNameProblem(header.replace(/^:/, '')));
      }
      // Without a header: * stands for its presence.
      if (name === 'headers' || value.field('regex').text !== '*') {
        validateStringMatch(value);
      }
    }
  }
  for (const [, value] of match.field('queryParams').entries) {
    validateStringMatch(value);
  }
  const port = match.field('port');
  if (port.number !== 0) {
    port.check(portProblem(port.number));
  }
  validateLabels(match.field('sourceLabels'));
  validateGatewayNames(match.field('gateways'));
  const source = match.field('sourceNamespace');
  source.errorIf(
    source.text !== '' && !isDnsLabel(source.text),
    `sourceNamespace "${source.text}" is not a namespace`,
  );
}

function validatePrefixRedirect(route: SpecNode): void {
  const rewrite = route.field('redirect').field('prefixRewrite');
  for (const match of route.field('match').items) {
    const uri = match.field('uri');
    uri.errorIf(
      rewrite.text !== '' &&
        (uri.field('exact').isSet || uri.field('regex').isSet),
      'prefixRewrite needs a match of a URI prefix',
    );
  }
}

/** What cannot stand beside a redirect or a direct response, which answer the request themselves. */
const NOT_BESIDE_ANSWER = ['route', 'fault', 'rewrite', 'directResponse'];

/** One of route, redirect, direct response and delegate; what cannot stand beside it. */
function validateExclusions(route: SpecNode, isDelegate: boolean): void {
  const has = (name: string) => {
    const field = route.field(name);
    return field.isSet && !(name === 'route' && field.items.length === 0);
  };
  const delegates = has('delegate');
  route
    .field('delegate')
    .errorIf(isDelegate && delegates, 'a delegate cannot delegate again');
  if (delegates && !isDelegate) {
    for (const name of ['redirect', 'route']) {
      const field = route.field(name);
      field.errorIf(
        field.isSet,
        `an HTTP route that delegates must not specify ${name}`,
      );
    }
    return;
  }
  const answer = ['redirect', 'directResponse'].find(has);
  for (const other of answer ? NOT_BESIDE_ANSWER : []) {
    route.errorIf(
      other !== answer && has(other),
      `HTTP route cannot contain both ${answer} and ${other}`,
    );
  }
  route.errorIf(
    !answer && !has('route'),
    'HTTP route, redirect or direct response is required',
  );
}

function validateMirrors(route: SpecNode): void {
  const mirror = route.field('mirror');
  const mirrors = route.field('mirrors');
  mirrors.errorIf(
    mirror.isSet && mirrors.items.length > 0,
    'HTTP route cannot contain both mirror and mirrors',
  );
  if (mirror.isSet) {
    validateDestination(mirror);
  }
  for (const entry of mirrors.items) {
    validateDestination(entry.field('destination'));
    validatePercent(entry.field('percentage').field('value'));
  }
  const percent = route.field('mirrorPercent');
  if (percent.isSet) {
    validatePercent(percent);
    percent.warn('mirrorPercent is deprecated, use mirrorPercentage');
  }
  validatePercent(route.field('mirrorPercentage').field('value'));
}

/** The host asked for can be changed in one place. */
function validateAuthority(route: SpecNode): void {
  const request = route.field('headers').field('request');
  const changes = [
    route.field('rewrite').field('authority').text,
    ...['set', 'add'].flatMap(name =>
      request
        .field(name)
        .entries.filter(([header]) => isAuthorityHeader(header))
        .map(([, value]) => value.text),
    ),
  ].filter(value => value !== '');
  route.errorIf(
    changes.length > 1,
    `the authority cannot be set several times: ${changes.join(', ')}`,
  );
}

/** Checks one HTTP route, of a root VirtualService or of a delegate. */
export function validateHttpRoute(route: SpecNode, isDelegate: boolean): void {
  validateExclusions(route, isDelegate);
  route.field('match').items.forEach(validateMatch);
  validatePrefixRedirect(route);
  validateHeaders(route.field('headers'));
  validateAuthority(route);
  validateRouteDestinations(route.field('route'));
  validateMirrors(route);
  validateCors(route.field('corsPolicy'));
  validateFault(route.field('fault'));
  validateRetry(route.field('retries'));
  validateRewrite(route.field('rewrite'));
  validateRedirect(route.field('redirect'));
  validateDirectResponse(route.field('directResponse'));
  validateDuration(route.field('timeout'));
}
