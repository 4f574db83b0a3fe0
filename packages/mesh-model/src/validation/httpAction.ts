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

import type { SpecNode } from './SpecNode';
import {
  durationSeconds,
  headerNameProblem,
  headerValueProblem,
  isDnsLabel,
  portProblem,
  regexProblem,
  validateDuration,
  validateFraction,
  validatePercent,
  wildcardDomainProblem,
} from './syntax';

const RETRY_CONDITIONS = new Set(
  '5xx gateway-error reset reset-before-request connect-failure retriable-4xx refused-stream retriable-status-codes retriable-headers envoy-ratelimited http3-post-connect-failure cancelled deadline-exceeded internal resource-exhausted unavailable'.split(
    ' ',
  ),
);
const GRPC_STATUSES = new Set(
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  ),
);
const METHODS = new Set(
  '* GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH'.split(' '),
);
/** Statuses that have a name of their own; others are not taken in retryOn. */
const NAMED_STATUS =
  /^(10[0-3]|20[0-8]|226|30[0-578]|40\d|41[0-8]|42[1-689]|431|451|50[0-8]|51[01])$/;
const BODY_WARNING = 100 * 1024;
const BODY_LIMIT = 1024 * 1024;

/** Checks an HTTP status. */
export function validateHttpStatus(status: SpecNode): void {
  status.errorIf(
    status.number < 200 || status.number > 600,
    `HTTP status ${status.number} is not in the range 200..600`,
  );
}

/** Checks `corsPolicy`. */
export function validateCors(cors: SpecNode): void {
  for (const name of ['allowHeaders', 'exposeHeaders']) {
    for (const header of cors.field(name).items) {
      header.check(headerNameProblem(header.text));
    }
  }
  for (const method of cors.field('allowMethods').items) {
    method.errorIf(
      !METHODS.has(method.text),
      `"${method.text}" is not a supported HTTP method`,
    );
  }
  for (const origin of cors.field('allowOrigins').items) {
    origin.errorIf(
      ['exact', 'prefix', 'regex'].every(
        type => origin.field(type).text === '',
      ),
      'an allowed origin needs a value',
    );
    validateRegexMatch(origin);
  }
  const maxAge = cors.field('maxAge');
  validateDuration(maxAge);
  maxAge.errorIf(
    !Number.isInteger(durationSeconds(maxAge.text) ?? 0),
    'maxAge is accurate to seconds only',
  );
}

/** Checks the regular expression of a StringMatch, when it has one. */
export function validateRegexMatch(match: SpecNode): void {
  const regex = match.field('regex');
  if (regex.isSet) {
    regex.check(
      regex.text === ''
        ? 'regex string match should not be empty'
        : regexProblem(regex.text),
    );
  }
}

/** Checks a StringMatch: no empty prefix, a regular expression that compiles. */
export function validateStringMatch(match: SpecNode): void {
  const prefix = match.field('prefix');
  prefix.errorIf(
    prefix.isSet && prefix.text === '',
    'prefix string match should not be empty',
  );
  validateRegexMatch(match);
}

/** Checks `fault.abort`. */
export function validateAbort(abort: SpecNode): void {
  if (!abort.isSet) {
    return;
  }
  const grpc = abort.field('grpcStatus');
  const http2 = abort.field('http2Error');
  grpc.errorIf(
    grpc.isSet && !GRPC_STATUSES.has(grpc.text),
    `"${grpc.text}" is not a gRPC status`,
  );
  http2.errorIf(http2.isSet, 'HTTP/2 abort fault injection is not supported');
  const status = abort.field('httpStatus');
  if (status.isSet) {
    validateHttpStatus(status);
  }
  if (!grpc.isSet && !http2.isSet && !status.isSet) {
    abort.warn('abort without an error type does nothing');
  }
  validateFraction(abort.field('percentage'));
}

/** Checks `fault.delay`. */
export function validateDelay(delay: SpecNode): void {
  if (!delay.isSet) {
    return;
  }
  const exponential = delay.field('exponentialDelay');
  validateDuration(delay.field('fixedDelay'));
  validateDuration(exponential);
  exponential.errorIf(exponential.isSet, 'exponentialDelay is not supported');
  validateFraction(delay.field('percentage'));
  if (delay.field('percent').isSet) {
    validatePercent(delay.field('percent'));
    delay.field('percent').warn('percent is deprecated, use percentage');
  }
}

/** Checks `fault`. */
export function validateFault(fault: SpecNode): void {
  if (!fault.isSet) {
    return;
  }
  fault.errorIf(
    !fault.field('abort').isSet && !fault.field('delay').isSet,
    'HTTP fault injection must have an abort and/or a delay',
  );
  validateAbort(fault.field('abort'));
  validateDelay(fault.field('delay'));
}

/** Checks `retries`. */
export function validateRetry(retry: SpecNode): void {
  if (!retry.isSet) {
    return;
  }
  const attempts = retry.field('attempts');
  attempts.errorIf(attempts.number < 0, 'attempts cannot be negative');
  const other = ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'].filter(
    name => retry.field(name).isSet,
  );
  attempts.errorIf(
    attempts.number === 0 && other.length > 0,
    `${other.join(', ')} have no effect when attempts are 0`,
  );
  validateDuration(retry.field('perTryTimeout'));
  validateDuration(retry.field('backoff'));
  const retryOn = retry.field('retryOn');
  for (const part of retryOn.text.split(',')) {
    retryOn.errorIf(
      retryOn.text !== '' &&
        !RETRY_CONDITIONS.has(part) &&
        !NAMED_STATUS.test(part),
      `"${part}" is not a valid retryOn policy`,
    );
  }
}

/** Checks `uriRegexRewrite`. */
export function validateUriRegexRewrite(rewrite: SpecNode): void {
  if (!rewrite.isSet) {
    return;
  }
  const match = rewrite.field('match');
  rewrite.errorIf(
    match.text === '' || rewrite.field('rewrite').text === '',
    'uriRegexRewrite requires both match and rewrite',
  );
  if (match.text !== '') {
    match.check(regexProblem(match.text));
  }
}

/** Checks `rewrite`. */
export function validateRewrite(rewrite: SpecNode): void {
  if (!rewrite.isSet) {
    return;
  }
  const uri = rewrite.field('uri').text;
  const regex = rewrite.field('uriRegexRewrite');
  rewrite.errorIf(
    uri !== '' && regex.isSet,
    'rewrite may only contain one of uri or uriRegexRewrite',
  );
  rewrite.errorIf(
    uri === '' && !regex.isSet && rewrite.field('authority').text === '',
    'rewrite must specify at least one of uri, uriRegexRewrite or authority',
  );
  validateUriRegexRewrite(regex);
}

/** Checks `redirect`. */
export function validateRedirect(redirect: SpecNode): void {
  if (!redirect.isSet) {
    return;
  }
  const texts = ['uri', 'authority', 'scheme', 'prefixRewrite'];
  const given = [
    ...texts.filter(name => redirect.field(name).text !== ''),
    ...['port', 'derivePort'].filter(name => redirect.field(name).isSet),
  ];
  redirect.errorIf(
    given.length === 0,
    'redirect must specify uri, prefixRewrite, authority, scheme, port or derivePort',
  );
  redirect.errorIf(
    given.includes('uri') && given.includes('prefixRewrite'),
    'redirect may only contain one of uri or prefixRewrite',
  );
  const code = redirect.field('redirectCode');
  code.errorIf(
    code.number !== 0 && (code.number < 300 || code.number > 399),
    `redirect code ${code.number} must be 3xx`,
  );
  const scheme = redirect.field('scheme').text;
  redirect
    .field('scheme')
    .errorIf(
      scheme !== '' && scheme !== 'http' && scheme !== 'https',
      'redirect scheme must be http or https',
    );
  const port = redirect.field('port');
  if (port.number > 0) {
    port.check(portProblem(port.number));
  }
}

/** Checks `directResponse`; a body beyond 1 MiB is an error, beyond 100 KiB a warning. */
export function validateDirectResponse(response: SpecNode): void {
  if (!response.isSet) {
    return;
  }
  validateHttpStatus(response.field('status'));
  const body = response.field('body');
  const content = body.field('bytes').isSet
    ? body.field('bytes')
    : body.field('string');
  const size = Array.isArray(content.value)
    ? content.value.length
    : content.text.length;
  if (size > BODY_LIMIT) {
    content.error(`response body of ${size} bytes is larger than 1 MiB`);
  } else if (size > BODY_WARNING) {
    content.warn(`large response body (${size} bytes) may impact the proxy`);
  }
}

/** Checks a destination: host, subset and port. */
export function validateDestination(destination: SpecNode): void {
  const host = destination.field('host');
  const subset = destination.field('subset');
  const port = destination.field('port');
  host.errorIf(host.text === '*', 'invalid destination host *');
  host.check(wildcardDomainProblem(host.text));
  subset.errorIf(
    subset.text !== '' && !isDnsLabel(subset.text),
    `subset name "${subset.text}" is invalid`,
  );
  if (port.isSet) {
    port.check(portProblem(port.field('number').number));
  }
}

/** Is this a name of the header that says which host is asked for? */
export function isAuthorityHeader(name: string): boolean {
  return ['host', ':authority'].includes(name.toLowerCase());
}

function operationNameProblem(
  name: string,
  authorityAllowed: boolean,
): string | undefined {
  if (name === '') {
    return 'header name cannot be empty';
  }
  if (isAuthorityHeader(name)) {
    return authorityAllowed ? undefined : `header "${name}" cannot be changed`;
  }
  return name.startsWith(':')
    ? `header "${name}" cannot have a ":" prefix`
    : undefined;
}

/** Checks `headers`: names and values of what is set, added and removed. */
export function validateHeaders(headers: SpecNode): void {
  for (const side of ['request', 'response']) {
    const operations = headers.field(side);
    for (const name of ['set', 'add']) {
      for (const [header, value] of operations.field(name).entries) {
        value.check(operationNameProblem(header, side === 'request'));
        value.check(headerValueProblem(value.text));
      }
    }
    for (const header of operations.field('remove').items) {
      header.check(operationNameProblem(header.text, false));
    }
  }
}

/** Checks weighted destinations of a route. */
export function validateRouteDestinations(routes: SpecNode): void {
  let total = 0;
  for (const route of routes.items) {
    route.errorIf(route.isNull, 'a destination of a route may not be null');
    const destination = route.field('destination');
    const weight = route.field('weight');
    destination.errorIf(!destination.isSet, 'destination is required');
    if (destination.isSet) {
      validateDestination(destination);
    }
    weight.errorIf(weight.number < 0, `weight ${weight.number} < 0`);
    total += weight.number;
    validateHeaders(route.field('headers'));
  }
  routes.errorIf(
    routes.items.length > 1 && total === 0,
    'total destination weight is 0',
  );
}
