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
  asArray,
  asString,
  fieldAt,
  Json,
  KubernetesObject,
} from '../kubernetes/object';
import type { ObjectReader } from '../kubernetes/storeTypes';
import { LiveWorkload, selects } from './liveMesh';

const ROOT_NAMESPACE = 'istio-system';

/** What the server's proxy knows of a request. */
export interface IncomingRequest {
  /** `cluster.local/ns/x/sa/y`; absent without mTLS. */
  readonly principal?: string;
  readonly namespace?: string;
  readonly method: string;
  readonly path: string;
  readonly port: number;
}

/** Does the server take mTLS only? The workload's PeerAuthentication wins over the namespace's, that over the mesh's. */
export function isStrict(
  store: ObjectReader,
  server: LiveWorkload,
  port: number,
): boolean {
  const all = store.list('peerauthentications.security.istio.io');
  const inScope = (policy: KubernetesObject, level: number) => {
    const selector = fieldAt(policy.spec, 'selector', 'matchLabels');
    const { namespace } = policy.metadata;
    switch (level) {
      case 0:
        return (
          namespace === server.namespace &&
          selector !== undefined &&
          selects(selector, server.labels)
        );
      case 1:
        return namespace === server.namespace && selector === undefined;
      default:
        return namespace === ROOT_NAMESPACE && selector === undefined;
    }
  };
  for (const level of [0, 1, 2]) {
    for (const policy of all.filter(candidate => inScope(candidate, level))) {
      const mode =
        asString(fieldAt(policy.spec, 'portLevelMtls', String(port), 'mode')) ||
        asString(fieldAt(policy.spec, 'mtls', 'mode'));
      if (mode && mode !== 'UNSET') {
        return mode === 'STRICT';
      }
    }
  }
  return false;
}

/** Do the AuthorizationPolicies of this server refuse the request? */
export function isDenied(
  store: ObjectReader,
  server: LiveWorkload,
  request: IncomingRequest,
): boolean {
  const applying = store
    .list('authorizationpolicies.security.istio.io')
    .filter(policy => {
      const { namespace } = policy.metadata;
      const selector = fieldAt(policy.spec, 'selector', 'matchLabels');
      return (
        (namespace === server.namespace || namespace === ROOT_NAMESPACE) &&
        fieldAt(policy.spec, 'targetRefs') === undefined &&
        fieldAt(policy.spec, 'targetRef') === undefined &&
        (selector === undefined || selects(selector, server.labels))
      );
    });
  const of = (action: string) =>
    applying.filter(
      ({ spec }) => (asString(fieldAt(spec, 'action')) || 'ALLOW') === action,
    );
  const matches = ({ spec }: KubernetesObject) =>
    asArray(fieldAt(spec, 'rules')).some(rule => ruleMatches(rule, request));
  if (of('DENY').some(matches)) {
    return true;
  }
  const allow = of('ALLOW');
  return allow.length > 0 && !allow.some(matches);
}

function ruleMatches(rule: Json, request: IncomingRequest): boolean {
  const from = fieldAt(rule, 'from');
  const to = fieldAt(rule, 'to');
  const accepts = (
    holder: Json,
    field: string,
    value: string | undefined,
  ): boolean => {
    const wanted = fieldAt(holder, field);
    const unwanted = fieldAt(
      holder,
      `not${field[0].toUpperCase()}${field.slice(1)}`,
    );
    return (
      (wanted === undefined || matchesAny(wanted, value)) &&
      (unwanted === undefined || !matchesAny(unwanted, value))
    );
  };
  const fromMatches =
    from === undefined ||
    asArray(from).some(entry => {
      const source = fieldAt(entry, 'source');
      return (
        accepts(source, 'principals', request.principal) &&
        accepts(source, 'namespaces', request.namespace) &&
        accepts(source, 'requestPrincipals', undefined) &&
        accepts(source, 'ipBlocks', undefined)
      );
    });
  const toMatches =
    to === undefined ||
    asArray(to).some(entry => {
      const operation = fieldAt(entry, 'operation');
      return (
        accepts(operation, 'methods', request.method) &&
        accepts(operation, 'paths', request.path) &&
        accepts(operation, 'ports', String(request.port))
      );
    });
  return fromMatches && toMatches && fieldAt(rule, 'when') === undefined;
}

function matchesAny(patterns: Json, value: string | undefined): boolean {
  return asArray(patterns).some(entry => {
    const pattern = asString(entry);
    if (value === undefined || value === '') {
      return false;
    }
    if (pattern === '*') {
      return true;
    }
    if (pattern.endsWith('*')) {
      return value.startsWith(pattern.slice(0, -1));
    }
    return pattern.startsWith('*')
      ? value.endsWith(pattern.slice(1))
      : value === pattern;
  });
}
