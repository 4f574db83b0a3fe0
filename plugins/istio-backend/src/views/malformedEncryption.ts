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

import type { ServiceRef } from '@mesh-portal/backstage-plugin-istio-common';
import {
  derivation,
  isSubset,
  meshConfigOf,
  provenanceOf,
  type MeshSnapshot,
  type SlimObjectByKind,
  type Verdict,
} from '@mesh-portal/mesh-model';
import { malformedRoutes } from './malformedRoutes';

type PeerAuthentication = SlimObjectByKind['PeerAuthentication'];

const malformedPolicies = derivation(
  namespace => [{ kind: 'PeerAuthentication', namespace }],
  (snapshot, namespace): PeerAuthentication[] =>
    snapshot
      .list('PeerAuthentication', namespace)
      .filter(({ problems }) => problems.length > 0),
);

/** A selector that is itself malformed may have meant these pods. */
function mayAct(
  policy: PeerAuthentication,
  workloads: readonly {
    labels: Readonly<Record<string, string>>;
  }[],
): boolean {
  const { selector } = policy.spec;
  return (
    policy.problems.some(({ path }) => path.startsWith('spec.selector')) ||
    selector === undefined ||
    workloads.some(({ labels }) => isSubset(selector.matchLabels ?? {}, labels))
  );
}

/**
 * Why an answer about encryption is not known: a PeerAuthentication that acts on the pods, or a DestinationRule of the
 * service, is malformed, so that what it says there is not understood.
 */
export function malformedEncryption(
  snapshot: MeshSnapshot,
  service: Pick<ServiceRef, 'namespace' | 'name' | 'host'>,
  workloads: readonly {
    labels: Readonly<Record<string, string>>;
  }[],
): Verdict | undefined {
  const { rootNamespace } = meshConfigOf(snapshot);
  for (const namespace of new Set([service.namespace, rootNamespace])) {
    for (const policy of malformedPolicies(snapshot, namespace)) {
      if (mayAct(policy, workloads)) {
        const [{ path, message }] = policy.problems;
        return {
          state: 'unknown',
          reason: `What the pods accept is not known: PeerAuthentication ${namespace}/${policy.metadata.name} is malformed at ${path}: ${message}`,
          facts: [provenanceOf(policy, path, message)],
        };
      }
    }
  }
  const rule = malformedRoutes(snapshot, service).find(
    ({ kind }) => kind === 'DestinationRule',
  );
  return rule === undefined
    ? undefined
    : {
        ...rule.verdict,
        state: 'unknown',
        reason: `What clients send is not known: ${rule.verdict.reason}`,
      };
}
