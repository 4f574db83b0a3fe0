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
  validateCors,
  validateDestination,
  validateDirectResponse,
  validateFault,
  validateHeaders,
  validateRedirect,
  validateRetry,
  validateRewrite,
  validateRouteDestinations,
  validateStringMatch,
} from './httpAction';
import type { SpecNode } from './SpecNode';
import {
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
      } else {
        gateway.errorIf(
          !isDnsLabel(gateway.text),
          `invalid gateway name "${gateway.text}"`,
        );
      }
    } else {
      gateway.errorIf(
        parts.length > 2 ||
          !isDnsLabel(parts[0] ?? '') ||
          !/^[a-zA-Z0-9]([-.a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(parts[1] ?? ''),
        `config namespace and gateway name of "${gateway.text}" must be names, in the form namespace/name`,
      );
    }
  }
}

/** Does this match name a claim of the token instead of a header? Only gateways route by claims. */
export function isClaimRoute(header: string): boolean {
  return /^@request\.auth\.claims[.[]/.test(header);
}

function validateMatch(match: SpecNode, isDelegate: boolean): void {
  if (!match.isSet) {
    return;
  }
  for (const name of ['uri', 'scheme', 'method', 'authority']) {
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
      validateStringMatch(value);
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
  match
    .field('gateways')
    .errorIf(
      isDelegate && match.field('gateways').items.length > 0,
      'a delegate cannot match gateways',
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

/** One of route, redirect, direct response and delegate; what cannot stand beside it. */
function validateExclusions(route: SpecNode, isDelegate: boolean): void {
  const has = (name: string) => route.field(name).isSet;
  const routes = route.field('route').items.length > 0;
  for (const name of ['redirect', 'directResponse', 'delegate']) {
    const forbidden = ['redirect', 'directResponse', 'fault', 'rewrite'].filter(
      other =>
        other !== name &&
        has(other) &&
        !(name === 'directResponse' && other === 'fault'),
    );
    if (has(name)) {
      route.errorIf(routes, `HTTP route cannot contain both route and ${name}`);
      for (const other of name === 'delegate'
        ? forbidden.filter(
            item => item === 'redirect' || item === 'directResponse',
          )
        : forbidden) {
        route.errorIf(
          true,
          `HTTP route cannot contain both ${name} and ${other}`,
        );
      }
    }
  }
  route
    .field('delegate')
    .errorIf(isDelegate && has('delegate'), 'a delegate cannot delegate again');
  route.errorIf(
    !routes && !has('redirect') && !has('directResponse') && !has('delegate'),
    'HTTP route, redirect, direct response or delegate is required',
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

/** Checks one HTTP route, of a root VirtualService or of a delegate. */
export function validateHttpRoute(route: SpecNode, isDelegate: boolean): void {
  validateExclusions(route, isDelegate);
  for (const match of route.field('match').items) {
    validateMatch(match, isDelegate);
  }
  validatePrefixRedirect(route);
  validateHeaders(route.field('headers'));
  const setsAuthority = route
    .field('headers')
    .field('request')
    .field('set')
    .entries.some(([name]) =>
      [':authority', 'host'].includes(name.toLowerCase()),
    );
  route.errorIf(
    setsAuthority && route.field('rewrite').field('authority').text !== '',
    'authority cannot be set by both headers and rewrite',
  );
  validateRouteDestinations(route.field('route'));
  validateMirrors(route);
  validateCors(route.field('corsPolicy'));
  validateFault(route.field('fault'));
  validateRetry(route.field('retries'));
  validateRewrite(route.field('rewrite'));
  validateRedirect(route.field('redirect'));
  validateDirectResponse(route.field('directResponse'));
  validateDuration(route.field('timeout'));
  const delegate = route.field('delegate').field('name');
  delegate.errorIf(
    route.field('delegate').isSet && delegate.text === '',
    'delegate needs a name',
  );
}
