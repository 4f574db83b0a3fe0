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

import { ztunnelPolicyStatusOf } from '../ambient';
import { authorizationMeshOf, policiesOf } from '../authorization';
import {
  envoyFiltersOf,
  envoyProxyOfWorkload,
  trafficExtensionsOf,
  type EnvoyProxy,
} from '../extensions';
import { meshConfigOf } from '../identity';
import { clientOfWorkload, type Workload } from '../membership';
import {
  effectivePolicies,
  peerAuthenticationScopes,
} from '../mtls/peerAuthentication';
import { obeysSidecar, sidecarOf } from '../scoping';
import { chooseSidecar } from '../scoping/sidecarSelection';
import type { MeshSnapshot } from '../snapshot';
import { proxyConfigOf, telemetryOf } from '../telemetry';
import { objectRefOf, provenanceOf } from '../verdict';
import { isMeshWide } from './podSelectors';
import type { IgnoredCause } from './ignoredCauses';
import type { IgnoredObjects } from './IgnoredObjects';
import type { MeshObject } from '../objects';
import type { Provenance } from '../verdict';

/** The object does not mean this workload at all: nothing is ignored. Those that target its services are told apart. */
const ABOUT_OTHERS: ReadonlySet<string> = new Set([
  'selector-mismatch',
  'target-not-matched',
  'target-refs-on-sidecar',
  'ztunnel-target-refs',
]);

interface Idle {
  object: MeshObject;
  cause: string;
  provenance: Provenance;
}

type AboutOthers =
  | 'selector-mismatch'
  | 'target-not-matched'
  | 'target-refs-on-sidecar'
  | 'ztunnel-target-refs';

/** No proxy is there that could apply it: of a default for the whole mesh nobody expects it. */
const WITHOUT_PROXY: ReadonlySet<string> = new Set([
  'no-proxy',
  'ztunnel-http-only',
]);

function collectIdle<C extends IgnoredCause | AboutOthers>(
  idle: readonly (Idle & { cause: C })[],
  rootNamespace: string,
  into: IgnoredObjects,
): void {
  for (const { object, cause, provenance } of idle) {
    const isDefault =
      WITHOUT_PROXY.has(cause) && isMeshWide(object, rootNamespace);
    if (!isDefault && !isAboutOthers(cause)) {
      into.ignore(provenance, cause);
    }
  }
}

function isAboutOthers<C extends string>(
  cause: C | AboutOthers,
): cause is AboutOthers {
  return ABOUT_OTHERS.has(cause);
}

/** An object that acts, and the parts of it that are left out because they cannot be read. */
function actsUnlessMalformed(object: MeshObject, into: IgnoredObjects): void {
  if (object.problems.length > 0) {
    into.malformed(object);
  } else {
    into.acts(objectRefOf(object));
  }
}

function peerAuthentications(
  snapshot: MeshSnapshot,
  workload: Workload,
  proxy: EnvoyProxy,
  into: IgnoredObjects,
): void {
  const policies = effectivePolicies(
    peerAuthenticationScopes(snapshot, workload.namespace),
    workload.labels,
  );
  const acting = [policies.workload, policies.namespace, policies.mesh].flatMap(
    policy => policy ?? [],
  );
  for (const policy of acting) {
    if (proxy.target.proxy === 'none') {
      if (policy === policies.mesh) {
        continue;
      }
      into.ignore(
        provenanceOf(
          policy,
          'spec.mtls',
          'The workload has no proxy, so nothing enforces it.',
        ),
        'no-proxy',
      );
    } else {
      actsUnlessMalformed(policy, into);
    }
  }
  for (const loser of policies.losers) {
    into.ignore(
      loser,
      loser.path === 'spec.selector'
        ? 'selector-in-root-namespace'
        : 'younger-sibling',
    );
  }
}

function authorization(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  into: IgnoredObjects,
): void {
  const mesh = authorizationMeshOf(snapshot, proxy.revision);
  const attached = policiesOf(snapshot, proxy.target, mesh);
  const acting = [
    ...attached.custom,
    ...attached.deny,
    ...attached.allow,
    ...attached.audit,
  ];
  for (const { policy } of acting) {
    const status =
      proxy.target.proxy === 'ambient'
        ? ztunnelPolicyStatusOf(policy, mesh.rootNamespace)
        : undefined;
    if (status?.effect === 'no-effect') {
      into.ignore(
        provenanceOf(policy, 'spec.rules', status.says),
        'ztunnel-http-only',
      );
    } else {
      actsUnlessMalformed(policy, into);
    }
  }
  for (const { policy } of attached.requestAuthentications) {
    actsUnlessMalformed(policy, into);
  }
  collectIdle(
    attached.notActing.map(({ policy, cause, provenance }) => ({
      object: policy,
      cause,
      provenance,
    })),
    mesh.rootNamespace,
    into,
  );
}

/** Of several Sidecars one acts; where no Sidecar does, those that would are named. R8.1, R8.3 */
function sidecars(
  snapshot: MeshSnapshot,
  workload: Workload,
  into: IgnoredObjects,
): void {
  const client = clientOfWorkload(snapshot, workload);
  const choice = sidecarOf(snapshot, client);
  if (choice.sidecar !== undefined) {
    actsUnlessMalformed(choice.sidecar, into);
  }
  for (const loser of choice.losers) {
    into.ignore(loser, 'sidecar-not-chosen');
  }
  if (!obeysSidecar(client)) {
    const { rootNamespace } = meshConfigOf(snapshot);
    const wanted = chooseSidecar(
      { ...client, proxy: 'sidecar' },
      snapshot.list('Sidecar', client.namespace),
      snapshot.list('Sidecar', rootNamespace),
    ).sidecar;
    if (wanted !== undefined && !isMeshWide(wanted, rootNamespace)) {
      into.ignore(
        provenanceOf(wanted, 'spec', `${choice.says}.`),
        client.proxy === 'none' ? 'no-proxy' : 'ztunnel-http-only',
      );
    }
  }
}

/** Objects that select a workload, or its namespace, and do not act on it. Semantics §8f */
export function collectIgnoredPolicies(
  snapshot: MeshSnapshot,
  workload: Workload,
  into: IgnoredObjects,
): void {
  const proxy = envoyProxyOfWorkload(snapshot, workload);
  const { rootNamespace } = meshConfigOf(snapshot);
  peerAuthentications(snapshot, workload, proxy, into);
  authorization(snapshot, proxy, into);
  sidecars(snapshot, workload, into);
  const telemetry = telemetryOf(snapshot, proxy);
  const filters = envoyFiltersOf(snapshot, proxy);
  const extensions = trafficExtensionsOf(snapshot, proxy);
  const proxyConfig = proxyConfigOf(snapshot, workload);
  for (const { object } of [
    ...telemetry.levels,
    ...filters.applied,
    ...extensions.applied,
  ]) {
    actsUnlessMalformed(object, into);
  }
  for (const object of proxyConfig.acting) {
    actsUnlessMalformed(object, into);
  }
  collectIdle(telemetry.idle, rootNamespace, into);
  collectIdle(filters.idle, rootNamespace, into);
  collectIdle(extensions.idle, rootNamespace, into);
  collectIdle(proxyConfig.idle, rootNamespace, into);
}
