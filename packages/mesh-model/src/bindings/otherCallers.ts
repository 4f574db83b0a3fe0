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

import { destinationRuleFor } from '../destinations';
import {
  clientOfWorkload,
  proxyOfPod,
  workloadOfPod,
  type Client,
} from '../membership';
import type { SlimObjectByKind, StringMap } from '../objects';
import { routesOfService } from '../routing';
import type { MeshSnapshot } from '../snapshot';
import { objectOfRef, objectRefOf } from '../verdict';
import type { IgnoredCause } from './ignoredCauses';
import type { IgnoredObjects } from './IgnoredObjects';

type VirtualService = SlimObjectByKind['VirtualService'];
type DestinationRule = SlimObjectByKind['DestinationRule'];

/** Reasons that hold for one caller and may not hold for another. */
const BY_CALLER: ReadonlySet<IgnoredCause> = new Set([
  'not-exported',
  'not-imported',
  'third-namespace',
  'no-active-route',
  'not-looked-up',
  'lookup-lost',
  'client-not-selected',
  'service-out-of-scope',
] as const);

/** So many callers are tried; whoever has more meshed callers than that reads the answer for one of them. */
const MOST_TRIED = 8;

/** A meshed caller of a namespace, of those with these labels; `undefined` when it has none. */
function callerIn(
  snapshot: MeshSnapshot,
  namespace: string,
  labels: StringMap = {},
): Client | undefined {
  const pods =
    Object.keys(labels).length === 0
      ? snapshot.list('Pod', namespace)
      : snapshot.podsBySelector(namespace, labels);
  const pod = pods.find(each => {
    const { proxy } = proxyOfPod(each);
    return proxy === 'sidecar' || proxy === 'native-sidecar';
  });
  return pod && clientOfWorkload(snapshot, workloadOfPod(snapshot, pod));
}

function namespacesOf(object: {
  metadata: { namespace: string };
  spec: { exportTo?: readonly string[] };
}): string[] {
  const named = (object.spec.exportTo ?? []).filter(
    name => name !== '.' && name !== '*' && name !== '~',
  );
  return [object.metadata.namespace, ...named];
}

/** Callers that the matches of a VirtualService are written for. */
function matchedCallers(
  snapshot: MeshSnapshot,
  { spec }: VirtualService,
  serviceNamespace: string,
): Client[] {
  const matches = (spec.http ?? []).flatMap(({ match }) => match ?? []);
  return matches.flatMap(({ sourceLabels = {}, sourceNamespace }) => {
    const namespace = sourceNamespace ?? serviceNamespace;
    const caller = callerIn(snapshot, namespace, sourceLabels);
    return caller === undefined ? [] : [{ ...caller, namespace }];
  });
}

function callersFor(
  snapshot: MeshSnapshot,
  object: VirtualService | DestinationRule,
  serviceNamespace: string,
): Client[] {
  const labels =
    object.kind === 'DestinationRule'
      ? object.spec.workloadSelector?.matchLabels
      : undefined;
  const own = namespacesOf(object).flatMap(
    namespace => callerIn(snapshot, namespace, labels) ?? [],
  );
  return object.kind === 'VirtualService'
    ? [...own, ...matchedCallers(snapshot, object, serviceNamespace)]
    : own;
}

function keyOf({ namespace, labels }: Client): string {
  return `${namespace} ${JSON.stringify(labels)}`;
}

/**
 * Takes back what holds for the assumed caller only: configuration that is written for callers of its own namespace, of a
 * namespace it is exported to, or with certain labels, acts when they call, and is not ignored where there are such.
 *
 * @param host - of the service
 */
export function collectActingForOthers(
  snapshot: MeshSnapshot,
  host: string,
  serviceNamespace: string,
  into: IgnoredObjects,
): void {
  const callers = new Map<string, Client>();
  for (const { object: ref, cause } of into.list()) {
    if (!BY_CALLER.has(cause)) {
      continue;
    }
    const object = objectOfRef(snapshot, ref);
    let candidates: Client[] = [];
    if (
      object?.kind === 'VirtualService' ||
      object?.kind === 'DestinationRule'
    ) {
      candidates = callersFor(snapshot, object, serviceNamespace);
    } else if (object?.kind === 'HTTPRoute' || object?.kind === 'GRPCRoute') {
      const caller = callerIn(snapshot, object.metadata.namespace);
      candidates = caller === undefined ? [] : [caller];
    }
    for (const caller of candidates) {
      callers.set(keyOf(caller), caller);
    }
  }
  for (const caller of [...callers.values()].slice(0, MOST_TRIED)) {
    const { rule } = destinationRuleFor(snapshot, caller, host);
    for (const object of rule?.from ?? []) {
      into.acts(objectRefOf(object));
    }
    for (const { owner, rules } of routesOfService(snapshot, caller, { host })
      ?.ports ?? []) {
      for (const provenance of [owner, ...rules.map(each => each.provenance)]) {
        if (provenance !== undefined) {
          into.acts(provenance.object);
        }
      }
    }
  }
}
