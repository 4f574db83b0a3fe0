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
  IgnoredObject,
  ServiceRef,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  derivation,
  hostsMatch,
  meshConfigOf,
  objectRefOf,
  provenanceOf,
  serviceHostname,
  type MeshSnapshot,
  type SlimObjectByKind,
  type Verdict,
} from '@mesh-portal/mesh-model';

type RefOfService = Pick<ServiceRef, 'namespace' | 'name' | 'host'>;

type Routing =
  | SlimObjectByKind['VirtualService']
  | SlimObjectByKind['DestinationRule']
  | SlimObjectByKind['HTTPRoute']
  | SlimObjectByKind['GRPCRoute'];

function hostsOf(object: Routing): readonly string[] {
  switch (object.kind) {
    case 'VirtualService':
      return object.spec.hosts ?? [];
    case 'DestinationRule':
      return [object.spec.host];
    default:
      return [
        ...(object.spec.parentRefs ?? []).filter(
          ({ kind }) => kind === 'Service',
        ),
        ...(object.spec.rules ?? []).flatMap(
          ({ backendRefs }) => backendRefs ?? [],
        ),
      ].map(({ name, namespace }) =>
        namespace === undefined ? name : `${name}.${namespace}`,
      );
  }
}

function fullHost(
  host: string,
  namespace: string,
  clusterDomain: string,
): string {
  return host.includes('.') || host.startsWith('*')
    ? host
    : serviceHostname(host, namespace, clusterDomain);
}

/** Does the object name the service, or is its list of hosts what is malformed in the service’s namespace? */
function concerns(
  object: Routing,
  service: RefOfService,
  clusterDomain: string,
): boolean {
  const { namespace } = object.metadata;
  const { host, name } = service;
  const short = [
    `${name}.${service.namespace}`,
    `${name}.${service.namespace}.svc`,
  ];
  return (
    hostsOf(object).some(
      each =>
        short.includes(each) ||
        hostsMatch(fullHost(each, namespace, clusterDomain), host),
    ) ||
    (namespace === service.namespace &&
      object.problems.some(({ path }) => path.startsWith('spec.hosts')))
  );
}

const malformedOf = derivation(
  () => [
    { kind: 'VirtualService' },
    { kind: 'DestinationRule' },
    { kind: 'HTTPRoute' },
    { kind: 'GRPCRoute' },
  ],
  (snapshot): Routing[] =>
    [
      ...snapshot.list('VirtualService'),
      ...snapshot.list('DestinationRule'),
      ...snapshot.list('HTTPRoute'),
      ...snapshot.list('GRPCRoute'),
    ].filter(({ problems }) => problems.length > 0),
);

/** An object that does not have the shape of its schema: parts of it are not understood. */
export interface MalformedRoute {
  kind: Routing['kind'];
  verdict: Verdict;
  ignored: IgnoredObject;
}

/** Routes and destination rules about this service that are malformed, each with the field. */
export function malformedRoutes(
  snapshot: MeshSnapshot,
  service: RefOfService,
): MalformedRoute[] {
  const { clusterDomain } = meshConfigOf(snapshot);
  return malformedOf(snapshot)
    .filter(object => concerns(object, service, clusterDomain))
    .map(object => {
      const [{ path, message }] = object.problems;
      const { namespace, name } = object.metadata;
      const reason = `${object.kind} ${namespace}/${name} is malformed at ${path}: ${message}`;
      const provenance = provenanceOf(object, path, message);
      return {
        kind: object.kind,
        verdict: { state: 'fail', reason, facts: [provenance] },
        ignored: {
          object: objectRefOf(object),
          reason,
          remedy: `Correct ${path}.`,
          provenance,
        },
      };
    });
}
