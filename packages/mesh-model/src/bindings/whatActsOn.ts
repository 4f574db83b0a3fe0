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
import { envoyProxyOfWorkload } from '../extensions';
import { controlPlaneView, meshConfigOf, serviceHostname } from '../identity';
import {
  clientOfWorkload,
  defaultClient,
  hasEnvoy,
  membershipOf,
  servicesOfWorkload,
  type Workload,
} from '../membership';
import {
  effectivePolicies,
  modeSetBy,
  peerAuthenticationScopes,
} from '../mtls/peerAuthentication';
import type { SlimObjectByKind } from '../objects';
import { routesOfService } from '../routing';
import { resolveShortName } from '../routing/names';
import { sidecarOf } from '../scoping';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf } from '../verdict';
import { proxyConfigOf } from '../telemetry';
import {
  bindingOf,
  type BindingEffect,
  type BindingScope,
  type WorkloadBinding,
} from './binding';
import { proxyBindings } from './proxyBindings';
import { waypointsOfWorkload } from './waypointsOfWorkload';

/** PeerAuthentications: of each scope the oldest; the narrowest that sets a mode decides. R3.1 – R3.4 */
function peerAuthenticationBindings(
  snapshot: MeshSnapshot,
  workload: Workload,
): WorkloadBinding[] {
  const {
    mesh,
    namespace,
    workload: own,
  } = effectivePolicies(
    peerAuthenticationScopes(snapshot, workload.namespace),
    workload.labels,
  );
  const levels = (
    [
      [own, 'selector', 'spec.selector.matchLabels'],
      [namespace, 'namespace', 'metadata.namespace'],
      [mesh, 'mesh-wide', 'metadata.namespace'],
    ] as const
  ).flatMap(([policy, scope, path]) =>
    policy === undefined ? [] : [{ policy, scope, path }],
  );
  const deciding = levels.findIndex(
    ({ policy }) => modeSetBy(policy) !== undefined,
  );
  return levels.map(({ policy, scope, path }, index) => {
    const mode = modeSetBy(policy);
    let effect: BindingEffect = 'layered';
    let says = `${policy.metadata.name} sets no mode for the ${scope} scope`;
    if (index === deciding) {
      effect = 'decides';
      says = `${policy.metadata.name} sets ${mode} for the ${scope} scope`;
    } else if (deciding >= 0 && index > deciding) {
      effect = 'overridden';
      says = `${policy.metadata.name} is overridden by the narrower ${levels[deciding].policy.metadata.name}`;
    }
    return bindingOf(
      policy,
      scope,
      effect,
      workload.ref,
      provenanceOf(policy, path, says),
    );
  });
}

/** Why a Sidecar acts on a workload, in words that leave its name to the binding. R8.1 */
function sidecarWords(scope: BindingScope, namespace: string): string {
  switch (scope) {
    case 'selector':
      return 'selects the workload';
    case 'mesh-wide':
      return 'is the default of the mesh';
    default:
      return `is the default of namespace ${namespace}`;
  }
}

function sidecarBinding(
  snapshot: MeshSnapshot,
  workload: Workload,
): WorkloadBinding[] {
  const { sidecar, says } = sidecarOf(
    snapshot,
    clientOfWorkload(snapshot, workload),
  );
  if (sidecar === undefined) {
    return [];
  }
  const { rootNamespace } = meshConfigOf(snapshot);
  let scope: BindingScope = 'namespace';
  if (sidecar.spec.workloadSelector !== undefined) {
    scope = 'selector';
  } else if (
    sidecar.metadata.namespace === rootNamespace &&
    workload.namespace !== rootNamespace
  ) {
    scope = 'mesh-wide';
  }
  return [
    bindingOf(
      sidecar,
      scope,
      'decides',
      workload.ref,
      provenanceOf(
        sidecar,
        scope === 'selector' ? 'spec.workloadSelector' : 'metadata.namespace',
        says,
      ),
      sidecarWords(scope, workload.namespace),
    ),
  ];
}

function proxyConfigBindings(
  snapshot: MeshSnapshot,
  workload: Workload,
): WorkloadBinding[] {
  const { rootNamespace } = meshConfigOf(snapshot);
  const { acting } = proxyConfigOf(snapshot, workload);
  return acting.map((object, index) => {
    const selects = object.spec.selector !== undefined;
    const wide: BindingScope =
      object.metadata.namespace === rootNamespace ? 'mesh-wide' : 'namespace';
    const says = selects
      ? 'Its selector matches the labels of the workload.'
      : 'It has no selector.';
    return bindingOf(
      object,
      selects ? 'selector' : wide,
      index === acting.length - 1 ? 'decides' : 'layered',
      workload.ref,
      provenanceOf(
        object,
        selects ? 'spec.selector.matchLabels' : 'metadata.namespace',
        says,
      ),
    );
  });
}

/** What decides how callers of the same namespace reach a service of the workload. R5.8, R6.2 */
function serviceBindings(
  snapshot: MeshSnapshot,
  workload: Workload,
  host: string,
): WorkloadBinding[] {
  const client = defaultClient(workload.namespace);
  const rules = destinationRuleFor(snapshot, client, host);
  const owners = (
    routesOfService(snapshot, client, { host })?.ports ?? []
  ).flatMap(({ owner }) => owner ?? []);
  const distinct = new Map(
    owners.map(owner => [
      `${owner.object.kind} ${owner.object.namespace}/${owner.object.name}`,
      owner,
    ]),
  );
  return [
    ...(rules.rule?.from ?? []).map((object, index) =>
      bindingOf(
        object,
        'host',
        index === 0 ? 'decides' : 'added',
        workload.ref,
        provenanceOf(object, 'spec.host', rules.says),
      ),
    ),
    ...[...distinct.values()].map(({ overrides: _, ...provenance }) => ({
      object: provenance.object,
      scope: 'host' as const,
      effect: 'decides' as const,
      at: workload.ref,
      says: `${provenance.says} where requests to ${host} go`,
      provenance,
    })),
  ];
}

function hostsOf(
  snapshot: MeshSnapshot,
  service: SlimObjectByKind['Service' | 'ServiceEntry'],
): readonly string[] {
  const { namespace, name } = service.metadata;
  return service.kind === 'ServiceEntry'
    ? service.spec.hosts ?? []
    : [serviceHostname(name, namespace, meshConfigOf(snapshot).clusterDomain)];
}

/** DestinationRules of its namespace that select it as a caller. R6.5 */
function clientRuleBindings(
  snapshot: MeshSnapshot,
  workload: Workload,
): WorkloadBinding[] {
  const client = clientOfWorkload(snapshot, workload);
  const { clusterDomain } = meshConfigOf(snapshot);
  if (!hasEnvoy(client.proxy)) {
    return [];
  }
  return snapshot
    .list('DestinationRule', workload.namespace)
    .filter(({ spec }) => spec.workloadSelector !== undefined)
    .flatMap(rule => {
      const choice = destinationRuleFor(
        snapshot,
        client,
        resolveShortName(rule.spec.host, workload.namespace, clusterDomain),
      );
      return choice.rule?.from.includes(rule)
        ? [
            bindingOf(
              rule,
              'selector',
              'decides',
              workload.ref,
              provenanceOf(
                rule,
                'spec.workloadSelector',
                `It decides about the workload's calls to ${rule.spec.host}`,
              ),
            ),
          ]
        : [];
    });
}

/**
 * Every object of Istio that acts on a workload, with how it reaches it and what becomes of it: what its own proxy applies,
 * what the waypoints of its services apply, and what decides how callers of its namespace reach its services. Semantics §8f
 */
export function whatActsOn(
  mesh: MeshSnapshot,
  workload: Workload,
): WorkloadBinding[] {
  const { proxy, revision } = membershipOf(mesh, workload);
  const snapshot = controlPlaneView(mesh, revision);
  const bindings: WorkloadBinding[] = [];
  if (proxy !== 'none' && proxy !== 'ztunnel') {
    const isServer = proxy !== 'gateway' && proxy !== 'waypoint';
    bindings.push(
      ...sidecarBinding(snapshot, workload),
      ...(isServer ? peerAuthenticationBindings(snapshot, workload) : []),
      ...proxyBindings(
        snapshot,
        envoyProxyOfWorkload(snapshot, workload),
        workload.ref,
      ),
      ...proxyConfigBindings(snapshot, workload),
      ...clientRuleBindings(snapshot, workload),
    );
  }
  for (const waypoint of waypointsOfWorkload(snapshot, workload)) {
    bindings.push(
      ...proxyBindings(
        snapshot,
        waypoint.proxy,
        waypoint.ref,
        waypoint.service,
      ),
    );
  }
  for (const service of servicesOfWorkload(snapshot, workload)) {
    for (const host of hostsOf(snapshot, service)) {
      bindings.push(...serviceBindings(snapshot, workload, host));
    }
  }
  return bindings;
}
