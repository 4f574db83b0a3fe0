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

import { KINDS, type MeshKind } from './kinds';
import { lastChangeOf } from './lastChange';
import type { MeshObject, ObjectMeta, StringMap } from './types';
import { EMPTY_LIST, EMPTY_MAP, internMap, internString } from './interning';
import { isRecord, Reading, string, stringMap, type Shape } from './shape';
import {
  configMapSpec,
  mutatingWebhookConfigurationSpec,
} from './controlPlaneShapes';
import { ingressClassSpec, ingressSpec } from './ingressShapes';
import {
  backendTLSPolicySpec,
  xBackendTrafficPolicySpec,
} from './backendPolicyShapes';
import { nodeSpec, ownerSpec, podSpec } from './podShapes';
import { endpointSliceSpec, serviceSpec } from './serviceShapes';
import {
  istioGatewaySpec,
  serviceEntrySpec,
  serviceEntryStatus,
  sidecarSpec,
  workloadEntrySpec,
  workloadEntryStatus,
  workloadGroupSpec,
} from './networkingShapes';
import { virtualServiceSpec } from './virtualServiceShapes';
import { destinationRuleSpec } from './trafficShapes';
import {
  authorizationPolicySpec,
  peerAuthenticationSpec,
  requestAuthenticationSpec,
} from './securityShapes';
import {
  envoyFilterSpec,
  trafficExtensionSpec,
  wasmPluginSpec,
} from './extensionShapes';
import { proxyConfigSpec, telemetrySpec } from './telemetryShapes';
import {
  gatewayClassSpec,
  gatewayClassStatus,
  grpcRouteSpec,
  httpRouteSpec,
  k8sGatewaySpec,
  k8sGatewayStatus,
  listenerSetSpec,
  listenerSetStatus,
  referenceGrantSpec,
  routeStatus,
  tcpRouteSpec,
  tlsRouteSpec,
} from './gatewayApiShapes';

type Raw = Readonly<Record<string, unknown>>;
type Projector = (
  raw: Raw,
  reading: Reading,
  metadata: ObjectMeta,
) => { spec: object; status?: object } | undefined;

const DEFINITIONS = new Map(KINDS.map(kind => [kind.kind, kind]));

const KIND_BY_GROUP_AND_NAME = new Map<string, MeshKind>(
  KINDS.map(({ group, kind }) => [
    `${group}/${kind === 'K8sGateway' ? 'Gateway' : kind}`,
    kind,
  ]),
);

const OTHER_ANNOTATIONS = new Set([
  'kubernetes.io/ingress.class',
  'service.kubernetes.io/topology-mode',
  'prometheus.io/scrape',
  'prometheus.io/port',
  'prometheus.io/path',
]);

/** Annotations of Istio (`istio.io` and every domain below it) and the few others that the model reads. */
function isReadAnnotation(key: string): boolean {
  const slash = key.indexOf('/');
  const domain = slash < 0 ? '' : key.slice(0, slash);
  return (
    domain === 'istio.io' ||
    domain.endsWith('.istio.io') ||
    OTHER_ANNOTATIONS.has(key)
  );
}

function readAnnotations(annotations: StringMap): StringMap {
  const keys = Object.keys(annotations);
  const kept = keys.filter(isReadAnnotation);
  return kept.length === keys.length
    ? annotations
    : internMap(kept.map(key => [key, annotations[key]] as const));
}

/** Annotations are filtered before they are shared, because most are unique and large. */
function annotationsOf(raw: unknown, reading: Reading): StringMap {
  if (!isRecord(raw)) {
    return stringMap(raw, reading) ?? EMPTY_MAP;
  }
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(raw)) {
    if (isReadAnnotation(key)) {
      kept[key] = raw[key];
    }
  }
  return stringMap(kept, reading) ?? EMPTY_MAP;
}

function readMetadata(
  raw: Raw,
  kind: MeshKind,
  reading: Reading,
): ObjectMeta | undefined {
  const metadata = isRecord(raw.metadata) ? raw.metadata : {};
  reading.enter('metadata');
  const read = <T>(name: string, shape: Shape<T>): T | undefined => {
    reading.enter(name);
    const value = shape(metadata[name], reading);
    reading.leave();
    return value;
  };
  const name = read('name', string);
  const namespace = read('namespace', string);
  const created = Date.parse(read('creationTimestamp', string) ?? '');
  reading.enter('annotations');
  const annotations = annotationsOf(metadata.annotations, reading);
  reading.leave();
  const lastChange = lastChangeOf(metadata.managedFields, kind);
  const result =
    name === undefined || name === ''
      ? undefined
      : {
          name,
          namespace: DEFINITIONS.get(kind)?.namespaced
            ? internString(namespace || 'default')
            : '',
          labels: read('labels', stringMap) ?? EMPTY_MAP,
          annotations,
          createdAt: Number.isFinite(created) ? created : 0,
          ...(lastChange && { lastChange }),
          uid: read('uid', string) ?? '',
          resourceVersion: read('resourceVersion', string) ?? '',
        };
  reading.leave();
  return result;
}

const NO_SPEC = Object.freeze({});

const metadataOnly: Projector = () => ({ spec: NO_SPEC });

function specOf<S extends object>(shape: Shape<S>): Projector {
  return (raw, reading) => {
    reading.enter('spec');
    const spec = shape(raw.spec ?? {}, reading) ?? shape({}, new Reading());
    reading.leave();
    return spec === undefined ? undefined : { spec };
  };
}

function specAndStatusOf<S extends object, T extends object>(
  specShape: Shape<S>,
  statusShape: Shape<T>,
): Projector {
  const projectSpec = specOf(specShape);
  return (raw, reading, metadata) => {
    const projected = projectSpec(raw, reading, metadata);
    reading.enter('status');
    const status =
      statusShape(raw.status ?? {}, reading) ?? statusShape({}, new Reading());
    reading.leave();
    return projected && { ...projected, status };
  };
}

const owner: Projector = (raw, reading) => ({
  spec: ownerSpec(raw, reading, readAnnotations),
});

const PROJECTORS: Readonly<Record<MeshKind, Projector>> = {
  Namespace: metadataOnly,
  Node: (raw, reading) => ({ spec: nodeSpec(raw, reading) }),
  Pod: (raw, reading) => ({ spec: podSpec(raw, reading) }),
  Service: (raw, reading) => ({ spec: serviceSpec(raw, reading) }),
  ServiceAccount: metadataOnly,
  ConfigMap: (raw, reading, { name }) => ({
    spec: configMapSpec(raw, reading, name),
  }),
  EndpointSlice: (raw, reading, { labels }) => ({
    spec: endpointSliceSpec(raw, reading, labels),
  }),
  ReplicaSet: owner,
  Deployment: owner,
  StatefulSet: owner,
  DaemonSet: owner,
  Ingress: specOf(ingressSpec),
  IngressClass: specOf(ingressClassSpec),
  MutatingWebhookConfiguration: (raw, reading) => ({
    spec: mutatingWebhookConfigurationSpec(raw, reading),
  }),
  VirtualService: specOf(virtualServiceSpec),
  DestinationRule: specOf(destinationRuleSpec),
  Gateway: specOf(istioGatewaySpec),
  ServiceEntry: specAndStatusOf(serviceEntrySpec, serviceEntryStatus),
  Sidecar: specOf(sidecarSpec),
  WorkloadEntry: specAndStatusOf(workloadEntrySpec, workloadEntryStatus),
  WorkloadGroup: specOf(workloadGroupSpec),
  EnvoyFilter: specOf(envoyFilterSpec),
  ProxyConfig: specOf(proxyConfigSpec),
  PeerAuthentication: specOf(peerAuthenticationSpec),
  RequestAuthentication: specOf(requestAuthenticationSpec),
  AuthorizationPolicy: specOf(authorizationPolicySpec),
  Telemetry: specOf(telemetrySpec),
  WasmPlugin: specOf(wasmPluginSpec),
  TrafficExtension: specOf(trafficExtensionSpec),
  GatewayClass: specAndStatusOf(gatewayClassSpec, gatewayClassStatus),
  K8sGateway: specAndStatusOf(k8sGatewaySpec, k8sGatewayStatus),
  HTTPRoute: specAndStatusOf(httpRouteSpec, routeStatus),
  GRPCRoute: specAndStatusOf(grpcRouteSpec, routeStatus),
  TLSRoute: specAndStatusOf(tlsRouteSpec, routeStatus),
  TCPRoute: specAndStatusOf(tcpRouteSpec, routeStatus),
  ReferenceGrant: specOf(referenceGrantSpec),
  ListenerSet: specAndStatusOf(listenerSetSpec, listenerSetStatus),
  BackendTLSPolicy: specOf(backendTLSPolicySpec),
  XBackendTrafficPolicy: specOf(xBackendTrafficPolicySpec),
};

/** Kinds whose every field may decide about traffic: those of Istio and of Gateway API. */
const CONFIGURATION_KINDS: ReadonlySet<MeshKind> = new Set(
  KINDS.filter(
    ({ group }) =>
      group.endsWith('.istio.io') || group === 'gateway.networking.k8s.io',
  ).map(({ kind }) => kind),
);

/**
 * The kind of the model that raw JSON with this `apiVersion` and `kind` is, or `undefined` when the portal does not
 * read it. Gateway API's `Gateway` is `K8sGateway`.
 */
export function kindOf(
  apiVersion: unknown,
  kind: unknown,
): MeshKind | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    return undefined;
  }
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return KIND_BY_GROUP_AND_NAME.get(`${group}/${kind}`);
}

/**
 * Projects raw Kubernetes JSON to the slim object that the model reads. Never throws: parts that do not have the
 * shape of the schema are left out and named in `problems`.
 *
 * @param raw - one object as the Kubernetes API gives it
 * @param kind - what the object is, for items of a list, which carry no `apiVersion` and `kind` of their own
 * @returns `undefined` when the kind is not in the closed table, the object has no name, or a DestinationRule has no
 * host (it then configures nothing)
 */
export function projectObject(
  raw: unknown,
  kind?: MeshKind,
): MeshObject | undefined {
  if (!isRecord(raw)) {
    return undefined;
  }
  const meshKind = kind ?? kindOf(raw.apiVersion, raw.kind);
  if (meshKind === undefined) {
    return undefined;
  }
  const reading = new Reading(CONFIGURATION_KINDS.has(meshKind));
  const metadata = readMetadata(raw, meshKind, reading);
  if (metadata === undefined) {
    return undefined;
  }
  const projected = PROJECTORS[meshKind](raw, reading, metadata);
  if (projected === undefined) {
    return undefined;
  }
  const object = {
    kind: meshKind,
    metadata,
    spec: projected.spec,
    status: projected.status,
    problems: reading.problems.length === 0 ? EMPTY_LIST : reading.problems,
    ...(reading.unread.length === 0 ? undefined : { unread: reading.unread }),
  };
  // The projector of a kind builds that kind's spec and status; the compiler cannot follow the table look-up.
  return object as MeshObject;
}
