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
  BackendReference,
  ListenerEntry,
  ListenerSetSpec,
  ListenerSetStatus,
  NamespacePolicy,
  Condition,
  GatewayClassSpec,
  FrontendTls,
  GatewayClassStatus,
  GRPCRouteSpec,
  HttpHeaderModifier,
  HttpPathModifier,
  HttpRouteFilter,
  HttpRouteMatch,
  HttpRouteRule,
  HTTPRouteSpec,
  K8sGatewaySpec,
  K8sGatewayStatus,
  K8sListener,
  NamedValueMatch,
  ParentReference,
  ReferenceGrantSpec,
  RouteStatus,
  SecretReference,
  TCPRouteSpec,
  TLSRouteSpec,
} from './gatewayApi';
import {
  demanded,
  jsonObject,
  list,
  number,
  oneOf,
  record,
  recursive,
  string,
  stringMap,
  withDefault,
  type Shape,
} from './shape';
import { labelSelector } from './labelSelectorShape';

export const conditions = list(
  record<Condition>({
    type: demanded(string),
    status: demanded(oneOf(['True', 'False', 'Unknown'])),
    reason: string,
    message: string,
  }),
);

const parentReference = record<ParentReference>({
  group: string,
  kind: string,
  namespace: string,
  name: demanded(string),
  sectionName: string,
  port: number,
});

const secretReference = record<SecretReference>({
  group: string,
  kind: string,
  name: demanded(string),
  namespace: string,
});

export const gatewayClassSpec = record<GatewayClassSpec>(
  { controllerName: withDefault(string, '') },
  ['description', 'parametersRef'],
);

export const gatewayClassStatus = record<GatewayClassStatus>({ conditions });

type ListenerTls = NonNullable<K8sListener['tls']>;
type AllowedRoutes = NonNullable<K8sListener['allowedRoutes']>;

const namespacePolicy = record<NamespacePolicy>({
  from: oneOf(['All', 'Same', 'Selector', 'None']),
  selector: labelSelector,
});

const listenerFields = {
  name: withDefault(string, ''),
  hostname: string,
  protocol: withDefault(string, ''),
  tls: record<ListenerTls>({
    mode: oneOf(['Terminate', 'Passthrough']),
    certificateRefs: list(secretReference),
    options: stringMap,
  }),
  allowedRoutes: record<AllowedRoutes>({
    namespaces: namespacePolicy,
    kinds: list(
      record<{ group?: string; kind: string }>({
        group: string,
        kind: demanded(string),
      }),
    ),
  }),
};

const listener = record<K8sListener>({
  ...listenerFields,
  port: demanded(number),
});

const frontendTls = record<FrontendTls>({
  validation: record<NonNullable<FrontendTls['validation']>>({
    caCertificateRefs: list(secretReference),
    mode: string,
  }),
});

type GatewayTls = NonNullable<K8sGatewaySpec['tls']>;
type GatewayFrontend = NonNullable<GatewayTls['frontend']>;
type Infrastructure = NonNullable<K8sGatewaySpec['infrastructure']>;

export const k8sGatewaySpec = record<K8sGatewaySpec>({
  gatewayClassName: withDefault(string, ''),
  listeners: list(listener),
  addresses: list(
    record<{ type?: string; value?: string }>({
      type: string,
      value: string,
    }),
  ),
  allowedListeners: record<NonNullable<K8sGatewaySpec['allowedListeners']>>({
    namespaces: namespacePolicy,
  }),
  infrastructure: record<Infrastructure>(
    {
      parametersRef: record<NonNullable<Infrastructure['parametersRef']>>({
        group: string,
        kind: demanded(string),
        name: demanded(string),
      }),
    },
    ['annotations', 'labels'],
  ),
  tls: record<GatewayTls>({
    frontend: record<GatewayFrontend>({
      default: frontendTls,
      perPort: list(
        record<{ port: number; tls?: FrontendTls }>({
          port: demanded(number),
          tls: frontendTls,
        }),
      ),
    }),
    backend: record<NonNullable<GatewayTls['backend']>>({
      clientCertificateRef: secretReference,
    }),
  }),
});

export const listenerSetSpec = record<ListenerSetSpec>({
  parentRef: record<NonNullable<ListenerSetSpec['parentRef']>>({
    group: string,
    kind: string,
    namespace: string,
    name: demanded(string),
  }),
  listeners: list(record<ListenerEntry>({ ...listenerFields, port: number })),
});

export const listenerSetStatus = record<ListenerSetStatus>({ conditions });

type ListenerStatus = NonNullable<K8sGatewayStatus['listeners']>[number];

export const k8sGatewayStatus = record<K8sGatewayStatus>({
  addresses: list(
    record<{ type?: string; value: string }>({
      type: string,
      value: demanded(string),
    }),
  ),
  conditions,
  listeners: list(
    record<ListenerStatus>({
      name: demanded(string),
      attachedRoutes: number,
      conditions,
    }),
  ),
});

type RouteParentStatus = NonNullable<RouteStatus['parents']>[number];

export const routeStatus = record<RouteStatus>({
  parents: list(
    record<RouteParentStatus>({
      parentRef: demanded(parentReference),
      controllerName: string,
      conditions,
    }),
  ),
});

const nameValues = list(
  record<{ name: string; value: string }>({
    name: demanded(string),
    value: withDefault(string, ''),
  }),
);

const headerModifier = record<HttpHeaderModifier>({
  set: nameValues,
  add: nameValues,
  remove: list(string),
});

const pathModifier = record<HttpPathModifier>({
  type: demanded(oneOf(['ReplaceFullPath', 'ReplacePrefixMatch'])),
  replaceFullPath: string,
  replacePrefixMatch: string,
});

const backendReferenceWith = (filter: Shape<HttpRouteFilter>) =>
  record<BackendReference>({
    group: string,
    kind: string,
    namespace: string,
    name: demanded(string),
    port: number,
    weight: number,
    filters: list(filter),
  });

type RequestMirror = NonNullable<HttpRouteFilter['requestMirror']>;

/** Filters hold backends (to mirror to), and backends hold filters. */
const filter = recursive<HttpRouteFilter>(self =>
  record<HttpRouteFilter>({
    type: demanded(string),
    requestHeaderModifier: headerModifier,
    responseHeaderModifier: headerModifier,
    requestMirror: record<RequestMirror>({
      backendRef: demanded(backendReferenceWith(self)),
      percent: number,
      fraction: record<NonNullable<RequestMirror['fraction']>>({
        numerator: demanded(number),
        denominator: number,
      }),
    }),
    requestRedirect: record<NonNullable<HttpRouteFilter['requestRedirect']>>({
      scheme: string,
      hostname: string,
      path: pathModifier,
      port: number,
      statusCode: number,
    }),
    urlRewrite: record<NonNullable<HttpRouteFilter['urlRewrite']>>({
      hostname: string,
      path: pathModifier,
    }),
    cors: jsonObject,
    extensionRef: record<NonNullable<HttpRouteFilter['extensionRef']>>({
      group: string,
      kind: demanded(string),
      name: demanded(string),
    }),
  }),
);

const filters = list(filter);

const backendReference = backendReferenceWith(filter);

const namedValueMatches = list(
  record<NamedValueMatch>({
    type: oneOf(['Exact', 'RegularExpression']),
    name: demanded(string),
    value: withDefault(string, ''),
  }),
);

const httpRouteMatch = record<HttpRouteMatch>({
  path: record<NonNullable<HttpRouteMatch['path']>>({
    type: oneOf(['Exact', 'PathPrefix', 'RegularExpression']),
    value: string,
  }),
  headers: namedValueMatches,
  queryParams: namedValueMatches,
  method: string,
});

const backendReferences = list(backendReference);

export const httpRouteSpec = record<HTTPRouteSpec>({
  parentRefs: list(parentReference),
  hostnames: list(string),
  rules: list(
    record<HttpRouteRule>({
      name: string,
      matches: list(httpRouteMatch),
      filters,
      backendRefs: backendReferences,
      timeouts: record<NonNullable<HttpRouteRule['timeouts']>>({
        request: string,
        backendRequest: string,
      }),
      retry: record<NonNullable<HttpRouteRule['retry']>>({
        codes: list(number),
        attempts: number,
        backoff: string,
      }),
    }),
  ),
});

type GrpcRule = NonNullable<GRPCRouteSpec['rules']>[number];
type GrpcMatch = NonNullable<GrpcRule['matches']>[number];

export const grpcRouteSpec = record<GRPCRouteSpec>({
  parentRefs: list(parentReference),
  hostnames: list(string),
  rules: list(
    record<GrpcRule>({
      name: string,
      matches: list(
        record<GrpcMatch>({
          method: record<NonNullable<GrpcMatch['method']>>({
            type: oneOf(['Exact', 'RegularExpression']),
            service: string,
            method: string,
          }),
          headers: namedValueMatches,
        }),
      ),
      filters,
      backendRefs: backendReferences,
    }),
  ),
});

const l4Rules = list(
  record<{ name?: string; backendRefs?: readonly BackendReference[] }>({
    name: string,
    backendRefs: backendReferences,
  }),
);

export const tlsRouteSpec = record<TLSRouteSpec>({
  parentRefs: list(parentReference),
  hostnames: list(string),
  rules: l4Rules,
});

export const tcpRouteSpec = record<TCPRouteSpec>({
  parentRefs: list(parentReference),
  rules: l4Rules,
});

export const referenceGrantSpec = record<ReferenceGrantSpec>({
  from: list(
    record<{ group: string; kind: string; namespace: string }>({
      group: withDefault(string, ''),
      kind: demanded(string),
      namespace: demanded(string),
    }),
  ),
  to: list(
    record<{ group: string; kind: string; name?: string }>({
      group: withDefault(string, ''),
      kind: demanded(string),
      name: string,
    }),
  ),
});
