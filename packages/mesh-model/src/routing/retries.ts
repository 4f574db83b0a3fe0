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
  booleanFlag,
  controlPlaneFlagsOf,
  controlPlaneVersionOf,
  isOlder,
  meshConfigOf,
  systemNamespaceOf,
  type MeshConfig,
} from '../identity';
import type { HttpRetry, HttpRoute } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf } from '../verdict';
import { fromRoute, type RouteSetting } from './routeActions';
import type { SourcedRoute } from './routingConfig';

/** Retries in effect; `attempts` 0 means none. */
export interface RetryPolicy {
  attempts: number;
  /** conditions of Envoy, comma-separated; statuses stand in `statusCodes` */
  retryOn: string;
  /** HTTP statuses that are retried besides, from whomever they come; absent: not known */
  statusCodes?: readonly number[];
  /** as written, for example `2s`; absent: the timeout of the request */
  perTryTimeout?: string;
  /** as written: are endpoints avoided that were tried already? Absent: they are, unless requests are hashed */
  ignoresPreviousHosts?: boolean;
}

/** What istiod fills in where nobody says which requests to retry. */
export interface RetryDefaults {
  mesh: MeshConfig;
  /** Is every answer 503 retried, too? `undefined`: it depends on what is not known. */
  retries503: boolean | undefined;
}

const CONDITIONS =
  'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

const WITH_STATUSES = 'retriable-status-codes';

/** From this version on the defaults leave out 503, which an application may have answered. */
const WITHOUT_503_SINCE = { major: 1, minor: 24 };

/** Statuses that Go, and so istiod, knows by a name; other numbers it takes for conditions of Envoy. */
const NAMED_STATUSES: ReadonlySet<number> = new Set([
  ...[100, 101, 102, 103],
  ...[200, 201, 202, 203, 204, 205, 206, 207, 208, 226],
  ...[300, 301, 302, 303, 304, 305, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413],
  ...[414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431],
  ...[451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
]);

/**
 * What the control plane of a revision retries by default: before 1.24 every 503 too, as
 * EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY=false still says. R5.24
 *
 * @param revision - of the control plane that configures the client; left out: the one whose view the snapshot is
 */
export function retryDefaultsOf(
  snapshot: MeshSnapshot,
  revision?: string,
): RetryDefaults {
  const flags = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    revision ?? snapshot.revision,
  );
  const version = controlPlaneVersionOf(snapshot, revision);
  const written = flags.values.EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY;
  const known = written !== undefined || version !== undefined;
  const excluded =
    version === undefined || !isOlder(version, WITHOUT_503_SINCE);
  return {
    mesh: meshConfigOf(snapshot),
    retries503: known
      ? !booleanFlag(flags, 'EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY', excluded)
      : undefined,
  };
}

function defaultStatuses({
  retries503,
}: RetryDefaults): Pick<RetryPolicy, 'statusCodes'> {
  if (retries503 === undefined) {
    return {};
  }
  return { statusCodes: retries503 ? [503] : [] };
}

/** Numbers among the conditions are statuses. */
function conditionsOf(
  written: string,
): Pick<RetryPolicy, 'retryOn' | 'statusCodes'> {
  const parts = written
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  const isStatus = (part: string) =>
    /^[+-]?\d+$/.test(part) && NAMED_STATUSES.has(Number(part));
  const conditions = parts.filter(part => !isStatus(part));
  const statusCodes = parts.filter(isStatus).map(Number);
  return {
    retryOn: [
      ...conditions,
      ...(statusCodes.length > 0 &&
      !conditions.some(each => each.includes(WITH_STATUSES))
        ? [WITH_STATUSES]
        : []),
    ].join(','),
    statusCodes,
  };
}

function policyOf(retries: HttpRetry, defaults: RetryDefaults): RetryPolicy {
  const attempts = Math.max(0, retries.attempts ?? 0);
  if (attempts === 0) {
    return { attempts, retryOn: '', statusCodes: [] };
  }
  return {
    attempts,
    ...(retries.retryOn === undefined || retries.retryOn === ''
      ? { retryOn: CONDITIONS, ...defaultStatuses(defaults) }
      : conditionsOf(retries.retryOn)),
    ...(retries.perTryTimeout === undefined
      ? {}
      : { perTryTimeout: retries.perTryTimeout }),
    ...(retries.retryIgnorePreviousHosts === undefined
      ? {}
      : { ignoresPreviousHosts: retries.retryIgnorePreviousHosts }),
  };
}

/**
 * Where a request is tried again, in words: on another endpoint, unless the rule says otherwise, or its one destination is
 * chosen by a hash of the request. R5.24
 *
 * @param hashed - a rule sends to one destination, by consistent hash
 */
export function retryPlaceInWords(
  { attempts, ignoresPreviousHosts }: RetryPolicy,
  hashed: boolean,
): string {
  if (attempts === 0) {
    return '';
  }
  return ignoresPreviousHosts ?? !hashed
    ? '; rather on an endpoint that was not tried before'
    : '; an endpoint that was tried before is not avoided';
}

/** The conditions and statuses on which a request is retried, in words: `connect-failure, 503`. */
export function retryConditionsInWords({
  retryOn,
  statusCodes,
}: RetryPolicy): string {
  const conditions = retryOn
    .split(',')
    .filter(condition => condition !== WITH_STATUSES);
  return statusCodes === undefined
    ? `${conditions.join(
        ',',
      )} (and on every 503, if the control plane is older than 1.24: its version is not known)`
    : [...conditions, ...statusCodes].join(',');
}

function defaultInWords({ retries503 }: RetryDefaults): string {
  const failures =
    'Default of Istio: two retries where a connection fails or gRPC answers UNAVAILABLE or CANCELLED';
  if (retries503 === undefined) {
    return `${failures}. Before Istio 1.24 also on every status 503: the version of the control plane is not known`;
  }
  return retries503
    ? `${failures}, and on every status 503, also when the application has answered it`
    : `${failures}, never on an HTTP status of the application`;
}

/** Retries: of the route, else of the mesh, else Istio's two attempts. R5.24 */
export function retriesOf(
  route: SourcedRoute<HttpRoute> | undefined,
  defaults: RetryDefaults,
): RouteSetting<RetryPolicy> {
  const written = route?.value.retries;
  if (route !== undefined && written !== undefined) {
    const value = policyOf(written, defaults);
    return {
      value,
      ...fromRoute(
        route,
        'retries',
        value.attempts === 0
          ? 'Retries are switched off'
          : `Up to ${value.attempts} retries on ${retryConditionsInWords(
              value,
            )}`,
      ),
    };
  }
  const { defaultHttpRetryPolicy, source } = defaults.mesh;
  if (defaultHttpRetryPolicy === undefined) {
    return {
      value: {
        attempts: 2,
        retryOn: CONDITIONS,
        ...defaultStatuses(defaults),
      },
      origin: 'default',
      says: defaultInWords(defaults),
    };
  }
  const value = policyOf(defaultHttpRetryPolicy, defaults);
  const says =
    value.attempts === 0
      ? 'defaultHttpRetryPolicy of the mesh configuration switches retries off'
      : `defaultHttpRetryPolicy of the mesh configuration: up to ${
          value.attempts
        } retries on ${retryConditionsInWords(value)}`;
  return {
    value,
    origin: 'mesh-config',
    says,
    ...(source === undefined
      ? {}
      : {
          provenance: provenanceOf(
            source,
            'data.mesh: defaultHttpRetryPolicy',
            says,
          ),
        }),
  };
}
