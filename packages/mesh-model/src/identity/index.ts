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

export { DEFAULT_MESH_CONFIG, parseMeshConfig } from './meshConfig';
export { meshConfigOf } from './meshConfigSource';
export { controlPlaneView } from './controlPlaneView';
export { localityIn, localityOfNode, localityOfPod } from './locality';
export type { Locality } from './locality';
export { clusterNetworkOf, NETWORK_LABEL, systemNamespaceOf } from './network';
export { booleanFlag, controlPlaneFlagsOf } from './controlPlaneFlags';
export type { ControlPlaneFlags } from './controlPlaneFlags';
export {
  serviceEntriesSelectPods,
  servicesSelectMachines,
} from './selectionFlags';
export {
  controlPlaneVersionOf,
  isOlder,
  parseVersion,
} from './controlPlaneVersion';
export type { Version } from './controlPlaneVersion';
export { clusterLocalityOf } from './clusterLocal';
export type { ClusterLocality } from './clusterLocal';
export { serviceEntryVisibilityOf, serviceScopeOf } from './serviceReach';
export type {
  ServiceEntryVisibility,
  ServiceScopeConfig,
  ServiceSettings,
  ServiceVisibility,
} from './serviceReach';
export type { ExtensionProvider, MeshConfig } from './meshConfig';
export { declaredProtocolOf, isHttpProtocol, protocolOfPort } from './protocol';
export type { Protocol } from './protocol';
export {
  hostsForNamespace,
  hostsMatch,
  intersectHosts,
  isHostWithin,
  isMoreSpecificHost,
  isScopedHostVisible,
  namespacesOfExportTo,
  serviceHostname,
} from './hosts';
export { principal, spiffeId } from './principal';
export { canonicalServiceOf } from './canonicalService';
export type { CanonicalService } from './canonicalService';
export { parseDuration } from './duration';
export { parseGoBool } from './goBool';
export {
  isNamespaceDiscovered,
  isReadByRevision,
  resolveRevision,
  revisionTagsOf,
} from './revision';
export type { RevisionTag } from './revision';
