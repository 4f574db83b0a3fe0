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
  booleanFlag,
  controlPlaneFlagsOf,
  meshConfigOf,
  revisionTagsOf,
  systemNamespaceOf,
} from '../identity';
import type { Workload } from '../membership';
import { controlPlaneOfPod, membershipOf } from '../membership';
import { plaintextPassing } from '../membership/interception';
import { providerServiceProblem } from '../routing/providerService';
import type { MeshSnapshot } from '../snapshot';
import { ENFORCING_PROXY } from './enforcingProxy';
import { externalAuthorizersOf } from './externalAuthorizers';
import type {
  AuthorizationMesh,
  ExternalAuthorizer,
  PolicyTarget,
  TargetService,
} from './policyTarget';

function withMissingService(
  snapshot: MeshSnapshot,
  authorizer: ExternalAuthorizer,
): ExternalAuthorizer {
  if (authorizer.invalid !== undefined) {
    return authorizer;
  }
  const problem = providerServiceProblem(snapshot, authorizer.service);
  return {
    ...authorizer,
    ...(problem && {
      [problem.perhapsElsewhere ? 'uncertain' : 'invalid']: problem.says,
    }),
  };
}

/**
 * The mesh-wide settings of authorization, from the mesh configuration of a revision. When no mesh configuration could
 * be read, its defaults stand and external authorizers are not known.
 *
 * @param revision - of the control plane that configures the proxy; left out, policies of every revision count
 */
export function authorizationMeshOf(
  snapshot: MeshSnapshot,
  revision?: string,
): AuthorizationMesh {
  const config = meshConfigOf(snapshot, revision ?? '');
  const tags = revisionTagsOf(snapshot)
    .filter(tag => tag.revision === revision)
    .map(({ tag }) => tag);
  const flags = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    revision,
  );
  const readable = config.source !== undefined && config.problems.length === 0;
  return {
    rootNamespace: config.rootNamespace,
    trustDomain: config.trustDomain,
    trustDomainAliases: config.trustDomainAliases,
    ...(config.source && { source: config.source }),
    ...(readable && {
      externalAuthorizers: externalAuthorizersOf(
        config.extensionProviders.map(({ name, type, settings }) => ({
          name,
          [type]: settings,
        })),
      ).map(authorizer => withMissingService(snapshot, authorizer)),
    }),
    selectorBasedGatewayPolicy: booleanFlag(
      flags,
      'ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY',
      true,
    ),
    multipleCustomProviders: booleanFlag(
      flags,
      'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS',
      false,
    ),
    autoAllowWaypoint: booleanFlag(
      flags,
      'PILOT_AUTO_ALLOW_WAYPOINT_POLICY',
      false,
    ),
    layeredWaypointPolicies: booleanFlag(
      flags,
      'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES',
      false,
    ),
    ambientDryRun: booleanFlag(
      flags,
      'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY',
      false,
    ),
    ...(revision !== undefined &&
      revision !== '' && { revisions: [revision, ...tags] }),
  };
}

/**
 * A workload as what policies attach to: by the proxy of most of its pods.
 *
 * @param services - only for a waypoint: the services whose chain is asked about
 */
export function policyTargetOf(
  snapshot: MeshSnapshot,
  workload: Workload,
  services?: readonly TargetService[],
): PolicyTarget {
  const { proxy } = membershipOf(snapshot, workload);
  const newest = workload.pods.at(-1);
  const revision = newest && controlPlaneOfPod(snapshot, newest);
  const plaintextPassesBy =
    proxy === 'ambient' ? plaintextPassing(workload.pods) : undefined;
  return {
    proxy: ENFORCING_PROXY[proxy],
    ...(revision !== undefined && { revision }),
    namespace: workload.namespace,
    labels: workload.labels,
    ...(services && { services }),
    ...(plaintextPassesBy && { plaintextPassesBy }),
  };
}
