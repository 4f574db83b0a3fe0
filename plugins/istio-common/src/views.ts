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

import type { z } from 'zod';
import type * as schema from './schema';

/** Seconds, shares, milliseconds and words of these types are described in the schemas (`schema/`). */
export type ServiceRef = z.infer<typeof schema.serviceRefSchema>;
export type WorkloadRef = z.infer<typeof schema.workloadRefSchema>;
export type ClusterStatus = z.infer<typeof schema.clusterStatusSchema>;
export type SnapshotStatus = z.infer<typeof schema.snapshotStatusSchema>;
export type ObservedStatus = z.infer<typeof schema.observedStatusSchema>;
export type Confidence = z.infer<typeof schema.confidenceSchema>;
export type ResolutionStep = z.infer<typeof schema.resolutionStepSchema>;
export type EntityResolution = z.infer<typeof schema.entityResolutionSchema>;
export type EffectiveSetting = z.infer<typeof schema.effectiveSettingSchema>;
export type IgnoredObject = z.infer<typeof schema.ignoredObjectSchema>;
export type ClientRef = z.infer<typeof schema.clientRefSchema>;

export type ProxyType = z.infer<typeof schema.proxyTypeSchema>;
export type WorkloadMembership = z.infer<
  typeof schema.workloadMembershipSchema
>;
export type OverviewView = z.infer<typeof schema.overviewViewSchema>;

export type ServerMode = z.infer<typeof schema.serverModeSchema>;
export type Transport = z.infer<typeof schema.transportSchema>;
export type MtlsPath = z.infer<typeof schema.mtlsPathSchema>;
export type MtlsPort = z.infer<typeof schema.mtlsPortSchema>;
export type MtlsCaller = z.infer<typeof schema.mtlsCallerSchema>;
export type MtlsView = z.infer<typeof schema.mtlsViewSchema>;

export type RouteDestination = z.infer<typeof schema.routeDestinationSchema>;
export type RouteRule = z.infer<typeof schema.routeRuleSchema>;
export type RoutePort = z.infer<typeof schema.routePortSchema>;
export type RoutesView = z.infer<typeof schema.routesViewSchema>;

export type PolicyDescription = z.infer<typeof schema.policyDescriptionSchema>;
export type CallerVerdict = z.infer<typeof schema.callerVerdictSchema>;
export type AuthorizationWorkload = z.infer<
  typeof schema.authorizationWorkloadSchema
>;
export type AuthorizationView = z.infer<typeof schema.authorizationViewSchema>;

export type RequestAuthenticationView = z.infer<
  typeof schema.requestAuthenticationSchema
>;

export type ExposureAccess = z.infer<typeof schema.exposureAccessSchema>;
export type ExposureStep = z.infer<typeof schema.exposureStepSchema>;
export type ExposurePath = z.infer<typeof schema.exposurePathSchema>;
export type ExposureView = z.infer<typeof schema.exposureViewSchema>;

export type ResilienceGroup = z.infer<typeof schema.resilienceGroupSchema>;
export type ResilienceTarget = z.infer<typeof schema.resilienceTargetSchema>;
export type ResilienceView = z.infer<typeof schema.resilienceViewSchema>;

export type ExternalHost = z.infer<typeof schema.externalHostSchema>;
export type ExternalView = z.infer<typeof schema.externalViewSchema>;

export type RequestStep = z.infer<typeof schema.requestStepSchema>;
export type RequestOutcome = z.infer<typeof schema.requestOutcomeSchema>;
export type RequestBranch = z.infer<typeof schema.requestBranchSchema>;
export type RequestPathView = z.infer<typeof schema.requestPathViewSchema>;

export type ActingObject = z.infer<typeof schema.actingObjectSchema>;
export type AmbientService = z.infer<typeof schema.ambientServiceSchema>;
export type BindingsWorkload = z.infer<typeof schema.bindingsWorkloadSchema>;
export type BindingsView = z.infer<typeof schema.bindingsViewSchema>;

export type RefusedObjects = z.infer<typeof schema.refusedObjectsSchema>;
export type Refusal = z.infer<typeof schema.refusalSchema>;

export type ClusterEndpoints = z.infer<typeof schema.clusterEndpointsSchema>;
export type ClustersService = z.infer<typeof schema.clustersServiceSchema>;
export type ClustersView = z.infer<typeof schema.clustersViewSchema>;

export type SloState = z.infer<typeof schema.sloStateSchema>;
export type SloWindow = z.infer<typeof schema.sloWindowSchema>;
export type SloCondition = z.infer<typeof schema.sloConditionSchema>;
export type SloBudget = z.infer<typeof schema.sloBudgetSchema>;
export type SloObjective = z.infer<typeof schema.sloObjectiveSchema>;
export type SloService = z.infer<typeof schema.sloServiceSchema>;
export type SloBrief = z.infer<typeof schema.sloBriefSchema>;

export type Latency = z.infer<typeof schema.latencySchema>;
export type SignalNumbers = z.infer<typeof schema.signalNumbersSchema>;
export type SignalPoint = z.infer<typeof schema.signalPointSchema>;
export type ContainerSaturation = z.infer<
  typeof schema.containerSaturationSchema
>;
export type SignalBaseline = z.infer<typeof schema.signalBaselineSchema>;
export type UpstreamClient = z.infer<typeof schema.upstreamClientSchema>;
export type SignalUpstream = z.infer<typeof schema.signalUpstreamSchema>;
export type SignalGap = z.infer<typeof schema.signalGapSchema>;
export type SignalDetails = z.infer<typeof schema.signalDetailsSchema>;
export type SignalsService = z.infer<typeof schema.signalsServiceSchema>;
export type SignalsView = z.infer<typeof schema.signalsViewSchema>;

export type DependencyNeighbour = z.infer<
  typeof schema.dependencyNeighbourSchema
>;
export type DependencyEdge = z.infer<typeof schema.dependencyEdgeSchema>;
export type DependencyDifference = z.infer<
  typeof schema.dependencyDifferenceSchema
>;
export type DependenciesView = z.infer<typeof schema.dependenciesViewSchema>;

export type TriageMoment = z.infer<typeof schema.triageMomentSchema>;
export type TriageCell = z.infer<typeof schema.triageCellSchema>;
export type TriageEvidence = z.infer<typeof schema.triageEvidenceSchema>;
export type TriageCheck = z.infer<typeof schema.triageCheckSchema>;
export type TriageChange = z.infer<typeof schema.triageChangeSchema>;
export type TriageService = z.infer<typeof schema.triageServiceSchema>;
export type TriageView = z.infer<typeof schema.triageViewSchema>;
export type MyService = z.infer<typeof schema.myServiceSchema>;
export type MyServicesView = z.infer<typeof schema.myServicesViewSchema>;

export type MeshService = z.infer<typeof schema.meshServiceSchema>;
export type MeshServicesView = z.infer<typeof schema.meshServicesViewSchema>;
export type PrometheusStatus = z.infer<typeof schema.prometheusStatusSchema>;
export type Health = z.infer<typeof schema.healthSchema>;

/** What every view answer looks like. `resolution` is present on entity views. */
export interface ViewEnvelope<T> {
  view: T;
  resolution?: EntityResolution;
  clusters: ClusterStatus[];
  snapshot: SnapshotStatus;
  observed?: ObservedStatus;
  confidence?: Confidence;
}

/** The entity views by the name they have in the address. */
export interface EntityViews {
  overview: OverviewView;
  mtls: MtlsView;
  routes: RoutesView;
  authorization: AuthorizationView;
  signals: SignalsView;
  triage: TriageView;
  dependencies: DependenciesView;
  exposure: ExposureView;
  resilience: ResilienceView;
  external: ExternalView;
  bindings: BindingsView;
  clusters: ClustersView;
  'request-path': RequestPathView;
}

export type EntityViewName = keyof EntityViews;
