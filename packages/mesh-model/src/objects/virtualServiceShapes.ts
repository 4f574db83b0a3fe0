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

import type {
  CorsPolicy,
  HeaderOperations,
  Headers,
  HttpFaultInjection,
  HttpMatchRequest,
  HttpRedirect,
  HttpRetry,
  HttpRewrite,
  HttpRoute,
  HttpRouteDestination,
  L4MatchAttributes,
  RouteDestination,
  TcpRoute,
  TlsMatchAttributes,
  TlsRoute,
  VirtualServiceSpec,
} from './virtualService';
import type { StringMatch } from './attachment';
import {
  alsoNamed,
  boolean,
  demanded,
  list,
  mapOf,
  number,
  oneOf,
  record,
  string,
  stringMap,
  withDefault,
} from './shape';
import { destination, percent } from './trafficShapes';
import type { Destination, Percent } from './virtualService';

const stringMatch = record<StringMatch>({
  exact: string,
  prefix: string,
  regex: string,
});

const headerOperations = record<HeaderOperations>({
  set: stringMap,
  add: stringMap,
  remove: list(string),
});

const headers = record<Headers>({
  request: headerOperations,
  response: headerOperations,
});

const httpMatch = record<HttpMatchRequest>({
  name: string,
  uri: stringMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: mapOf(stringMatch),
  withoutHeaders: mapOf(stringMatch),
  queryParams: mapOf(stringMatch),
  port: number,
  sourceLabels: stringMap,
  sourceNamespace: string,
  gateways: list(string),
  ignoreUriCase: boolean,
  statPrefix: string,
});

const retries = record<HttpRetry>({
  attempts: number,
  perTryTimeout: string,
  retryOn: string,
  retryRemoteLocalities: boolean,
  retryIgnorePreviousHosts: boolean,
  backoff: string,
});

type Delay = NonNullable<HttpFaultInjection['delay']>;
type Abort = NonNullable<HttpFaultInjection['abort']>;

const fault = record<HttpFaultInjection>({
  delay: record<Delay>({
    fixedDelay: string,
    exponentialDelay: string,
    percentage: percent,
    percent: number,
  }),
  abort: record<Abort>({
    httpStatus: number,
    grpcStatus: string,
    http2Error: string,
    percentage: percent,
  }),
});

const redirect = record<HttpRedirect>({
  uri: string,
  prefixRewrite: string,
  authority: string,
  port: number,
  derivePort: oneOf(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']),
  scheme: string,
  redirectCode: number,
});

const rewrite = record<HttpRewrite>({
  uri: string,
  authority: string,
  uriRegexRewrite: record<NonNullable<HttpRewrite['uriRegexRewrite']>>({
    match: string,
    rewrite: string,
  }),
});

const corsPolicy = record<CorsPolicy>({
  allowOrigin: list(string),
  allowOrigins: list(stringMatch),
  allowMethods: list(string),
  allowHeaders: list(string),
  exposeHeaders: list(string),
  maxAge: string,
  allowCredentials: boolean,
  unmatchedPreflights: string,
});

const plainHttpRoute = record<HttpRoute>({
  name: string,
  match: list(httpMatch),
  route: list(
    record<HttpRouteDestination>({
      destination: demanded(destination),
      weight: number,
      headers,
    }),
  ),
  redirect,
  directResponse: record<NonNullable<HttpRoute['directResponse']>>({
    status: demanded(number),
    body: record<{ string?: string; bytes?: string }>({
      string,
      bytes: string,
    }),
  }),
  delegate: record<{ name?: string; namespace?: string }>({
    name: string,
    namespace: string,
  }),
  rewrite,
  timeout: string,
  retries,
  fault,
  mirror: destination,
  mirrors: list(
    record<{ destination: Destination; percentage?: Percent }>({
      destination: demanded(destination),
      percentage: percent,
    }),
  ),
  mirrorPercent: number,
  mirrorPercentage: percent,
  corsPolicy,
  headers,
});

const httpRoute = alsoNamed(plainHttpRoute, {
  mirror_percent: 'mirrorPercent',
});

const l4Fields = {
  destinationSubnets: list(string),
  port: number,
  sourceLabels: stringMap,
  sourceNamespace: string,
  gateways: list(string),
};

const l4Routes = list(
  record<RouteDestination>({
    destination: demanded(destination),
    weight: number,
  }),
);

export const virtualServiceSpec = record<VirtualServiceSpec>({
  hosts: list(string),
  gateways: list(string),
  http: list(httpRoute),
  tls: list(
    record<TlsRoute>({
      match: list(
        record<TlsMatchAttributes>({
          ...l4Fields,
          sniHosts: withDefault(list(string), []),
        }),
      ),
      route: l4Routes,
    }),
  ),
  tcp: list(
    record<TcpRoute>({
      match: list(record<L4MatchAttributes>(l4Fields, ['sourceSubnet'])),
      route: l4Routes,
    }),
  ),
  exportTo: list(string),
});
