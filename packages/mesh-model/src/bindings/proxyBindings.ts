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

import { authorizationMeshOf, policiesOf } from '../authorization';
import {
  envoyFiltersOf,
  trafficExtensionsOf,
  type EnvoyProxy,
} from '../extensions';
import type { MeshSnapshot } from '../snapshot';
import { telemetryOf } from '../telemetry';
import type { TargetService } from '../authorization';
import type { ObjectRef } from '../verdict';
import { bindingOf, SCOPE_WORDS, type WorkloadBinding } from './binding';

/** AuthorizationPolicies and RequestAuthentications that a proxy enforces: all of them, beside each other. R4.6, R4.11 */
function policyBindings(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  at: ObjectRef,
): WorkloadBinding[] {
  const { custom, deny, allow, audit, requestAuthentications } = policiesOf(
    snapshot,
    proxy.target,
    authorizationMeshOf(snapshot, proxy.revision),
  );
  return [
    ...[...custom, ...deny, ...allow, ...audit].map(
      ({ policy, scope, provenance, dryRun }) =>
        bindingOf(
          policy,
          SCOPE_WORDS[scope],
          'added',
          at,
          provenance,
          `${policy.spec.action}${dryRun ? ' (dry run)' : ''}: ${
            provenance.says
          }`,
        ),
    ),
    ...requestAuthentications.map(({ policy, scope, provenance }) =>
      bindingOf(policy, SCOPE_WORDS[scope], 'added', at, provenance),
    ),
  ];
}

function telemetryBindings(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  at: ObjectRef,
  service: TargetService | undefined,
): WorkloadBinding[] {
  const { levels } = telemetryOf(snapshot, proxy, service);
  return levels.map(({ object, scope, provenance }, index) =>
    bindingOf(
      object,
      SCOPE_WORDS[scope],
      index === levels.length - 1 ? 'decides' : 'layered',
      at,
      provenance,
    ),
  );
}

function extensionBindings(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  at: ObjectRef,
): WorkloadBinding[] {
  const filters = envoyFiltersOf(snapshot, proxy).applied;
  const extensions = trafficExtensionsOf(snapshot, proxy).applied;
  return [
    ...filters.map(({ object, scope, provenance, touches }) =>
      bindingOf(
        object,
        SCOPE_WORDS[scope],
        'added',
        at,
        provenance,
        `Patches ${
          touches.length === 0 ? 'the proxy' : touches.join(', ')
        } after istiod has generated it. ${provenance.says}`,
      ),
    ),
    ...extensions.map(({ object, scope, provenance, says }) =>
      bindingOf(object, SCOPE_WORDS[scope], 'added', at, provenance, says),
    ),
  ];
}

/**
 * What acts on one proxy: AuthorizationPolicy, RequestAuthentication, Telemetry, EnvoyFilter, WasmPlugin and
 * TrafficExtension.
 *
 * @param at - the workload, or the Gateway that is its waypoint
 * @param service - only at a waypoint: whose chain is asked about
 */
export function proxyBindings(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  at: ObjectRef,
  service?: TargetService,
): WorkloadBinding[] {
  return [
    ...policyBindings(snapshot, proxy, at),
    ...telemetryBindings(snapshot, proxy, at, service),
    ...extensionBindings(snapshot, proxy, at),
  ];
}
