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

import type { IgnoredObject } from '@mesh-portal/backstage-plugin-istio-common';
import {
  hostsMatch,
  objectRefOf,
  provenanceOf,
  type MeshSnapshot,
  type SlimObjectByKind,
  type Verdict,
} from '@mesh-portal/mesh-model';
import type { ServiceInput } from './entityInput';

type Routing =
  | SlimObjectByKind['VirtualService']
  | SlimObjectByKind['DestinationRule']
  | SlimObjectByKind['HTTPRoute'];

function hostsOf(object: Routing): readonly string[] {
  switch (object.kind) {
    case 'VirtualService':
      return object.spec.hosts ?? [];
    case 'DestinationRule':
      return [object.spec.host];
    default:
      return (object.spec.parentRefs ?? [])
        .filter(({ kind }) => kind === 'Service')
        .map(({ name }) => name);
  }
}

function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host.startsWith('*')
    ? host
    : `${host}.${namespace}.svc.cluster.local`;
}

/** Does the object name the service, or is its list of hosts what is malformed in the service’s namespace? */
function concerns(object: Routing, service: ServiceInput): boolean {
  const { namespace } = object.metadata;
  const { host, name } = service.ref;
  const short = [
    `${name}.${service.ref.namespace}`,
    `${name}.${service.ref.namespace}.svc`,
  ];
  return (
    hostsOf(object).some(
      each =>
        short.includes(each) || hostsMatch(fullHost(each, namespace), host),
    ) ||
    (namespace === service.ref.namespace &&
      object.problems.some(({ path }) => path.startsWith('spec.hosts')))
  );
}

function malformedOf(snapshot: MeshSnapshot): Routing[] {
  return [
    ...snapshot.list('VirtualService'),
    ...snapshot.list('DestinationRule'),
    ...snapshot.list('HTTPRoute'),
  ].filter(({ problems }) => problems.length > 0);
}

/** Objects about this service that do not have the shape of their schema: parts of them are not understood. */
export function malformedRoutes(
  service: ServiceInput,
): { verdict: Verdict; ignored: IgnoredObject }[] {
  return malformedOf(service.cluster.snapshot)
    .filter(object => concerns(object, service))
    .map(object => {
      const [{ path, message }] = object.problems;
      const { namespace, name } = object.metadata;
      const reason = `${object.kind} ${namespace}/${name} is malformed at ${path}: ${message}`;
      const provenance = provenanceOf(object, path, message);
      return {
        verdict: { state: 'fail', reason, facts: [provenance] },
        ignored: { object: objectRefOf(object), reason, provenance },
      };
    });
}
