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

import type { HttpFaultInjection, HttpRoute, Percent } from '../objects';
import { provenanceOf, type Provenance } from '../verdict';
import type { SourcedRoute } from './routingConfig';

/** A value of a route in effect and where it is inherited from. */
export interface RouteSetting<T> {
  value: T;
  origin: 'route' | 'mesh-config' | 'default';
  says: string;
  provenance?: Provenance;
}

/** That a field of a route says it. */
export function fromRoute(
  route: SourcedRoute<HttpRoute>,
  field: string,
  says: string,
): { origin: 'route'; says: string; provenance: Provenance } {
  return {
    origin: 'route',
    says,
    provenance: provenanceOf(route.object, `${route.path}.${field}`, says),
  };
}

function isZero(duration: string): boolean {
  return !/[1-9]/.test(duration);
}

/** The timeout of a whole request with all its retries; `undefined`: none. R5.23 */
export function timeoutOf(
  route: SourcedRoute<HttpRoute> | undefined,
): RouteSetting<string | undefined> {
  const written = route?.value.timeout;
  if (route === undefined || written === undefined) {
    return {
      value: undefined,
      origin: 'default',
      says: 'No timeout: Istio sets none unless a route does',
    };
  }
  return isZero(written)
    ? { value: undefined, ...fromRoute(route, 'timeout', 'Timeout disabled') }
    : { value: written, ...fromRoute(route, 'timeout', `Timeout ${written}`) };
}

/** A fault that is injected on purpose. */
export interface InjectedFault {
  delay?: { duration: string; percent: number };
  abort?: { status: string; percent: number };
  provenance: Provenance;
}

function percentOf(percentage: Percent | undefined): number {
  return percentage?.value ?? 0;
}

/** The part of a fault injection that acts: without a percentage there is none, and no abort with an HTTP/2 error. R5.26 */
export function activeFault(
  fault: HttpFaultInjection,
): Omit<InjectedFault, 'provenance'> | undefined {
  const { delay, abort } = fault;
  const delayPercent =
    delay?.percentage === undefined
      ? delay?.percent ?? 0
      : percentOf(delay.percentage);
  const abortPercent = percentOf(abort?.percentage);
  const duration = delay?.fixedDelay;
  const status =
    abort?.httpStatus === undefined
      ? abort?.grpcStatus
      : String(abort.httpStatus);
  const result = {
    ...(duration !== undefined && delayPercent > 0
      ? { delay: { duration, percent: delayPercent } }
      : {}),
    ...(status !== undefined && abortPercent > 0
      ? { abort: { status, percent: abortPercent } }
      : {}),
  };
  return Object.keys(result).length === 0 ? undefined : result;
}

/** The fault a route injects. R5.26 */
export function faultOf(
  route: SourcedRoute<HttpRoute>,
): InjectedFault | undefined {
  const active =
    route.value.fault === undefined
      ? undefined
      : activeFault(route.value.fault);
  if (active === undefined) {
    return undefined;
  }
  const parts = [
    active.delay === undefined
      ? ''
      : `delays ${active.delay.percent} % of requests by ${active.delay.duration}`,
    active.abort === undefined
      ? ''
      : `answers ${active.abort.percent} % of requests with ${active.abort.status}`,
  ].filter(part => part !== '');
  return {
    ...active,
    provenance: provenanceOf(
      route.object,
      `${route.path}.fault`,
      `On purpose ${parts.join(' and ')}`,
    ),
  };
}

/** Share of requests that are copied to a mirror, 0 to 100: all when nothing is written. R5.26 */
export function mirrorPercent(
  route: Pick<HttpRoute, 'mirrorPercentage' | 'mirrorPercent'>,
): number {
  return route.mirrorPercentage === undefined
    ? route.mirrorPercent ?? 100
    : route.mirrorPercentage.value ?? 0;
}

/** Mirrors of a route with the share of requests each gets; those with none are left out. R5.26 */
export function mirrorsOf(
  route: HttpRoute,
): { destination: NonNullable<HttpRoute['mirror']>; percent: number }[] {
  const all = [
    ...(route.mirror === undefined
      ? []
      : [{ destination: route.mirror, percent: mirrorPercent(route) }]),
    ...(route.mirrors ?? []).map(mirror => ({
      destination: mirror.destination,
      percent:
        mirror.percentage === undefined ? 100 : mirror.percentage.value ?? 0,
    })),
  ];
  return all.filter(mirror => mirror.percent > 0);
}

/** Where requests arrive that a route redirects. */
export interface RedirectingListener {
  port: number;
  tls: boolean;
}

/** The port a redirect leads to: the one written, or the listener's; none where the scheme has it anyway. R5.21 */
function redirectPort(
  { port, derivePort, scheme }: NonNullable<HttpRoute['redirect']>,
  at: RedirectingListener,
): number | undefined {
  const found = derivePort === 'FROM_REQUEST_PORT' ? at.port : port;
  const known = { http: 80, https: 443 };
  const usual =
    known[(scheme || (at.tls ? 'https' : 'http')) as keyof typeof known];
  return found === 0 || found === usual ? undefined : found;
}

/** A redirect in words: where to, with which code. R5.21 */
export function redirectOf(
  route: HttpRoute,
  at: RedirectingListener,
): string | undefined {
  const redirect = route.redirect;
  if (redirect === undefined) {
    return undefined;
  }
  const scheme = redirect.scheme === undefined ? '' : `${redirect.scheme}://`;
  const to = redirectPort(redirect, at);
  const port = to === undefined ? '' : `:${to}`;
  const target = `${scheme}${redirect.authority ?? ''}${port}${
    redirect.uri ?? ''
  }`;
  const { prefixRewrite } = redirect;
  const prefix =
    prefixRewrite === undefined
      ? ''
      : `, with ${
          prefixRewrite === '' ? 'nothing' : prefixRewrite
        } instead of the prefix that matched`;
  return `${redirect.redirectCode || 301} to ${
    target === '' ? 'the same address' : target
  }${prefix}`;
}

/** A rewrite in words; a regular expression wins over a plain path. R5.22 */
export function rewriteOf(route: HttpRoute): string | undefined {
  const rewrite = route.rewrite;
  if (rewrite === undefined) {
    return undefined;
  }
  const regex = rewrite.uriRegexRewrite;
  const plain =
    rewrite.uri === undefined ? '' : `the matched path becomes ${rewrite.uri}`;
  const parts = [
    regex === undefined
      ? plain
      : `path ${regex.match ?? ''} becomes ${regex.rewrite ?? ''}`,
    rewrite.authority === undefined ? '' : `host becomes ${rewrite.authority}`,
  ].filter(part => part !== '');
  return parts.length === 0 ? undefined : parts.join(', ');
}
