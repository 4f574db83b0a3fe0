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

/** One kind of the closed table that the portal reads. */
export interface KindDefinition {
  kind: string;
  /** API group, `''` for core. */
  group: string;
  /** Served versions we understand, preferred first. */
  versions: readonly string[];
  plural: string;
  namespaced: boolean;
}

function define<const K extends string>(
  kind: K,
  group: string,
  versions: readonly string[],
  plural: string,
  namespaced = true,
) {
  return { kind, group, versions, plural, namespaced } as const;
}

const ISTIO_NETWORKING = ['v1', 'v1beta1', 'v1alpha3'] as const;

/**
 * The closed table of kinds (design §6). Nothing outside it is ever read from a cluster.
 */
export const KINDS = [
  define('Namespace', '', ['v1'], 'namespaces', false),
  define('Node', '', ['v1'], 'nodes', false),
  define('Pod', '', ['v1'], 'pods'),
  define('Service', '', ['v1'], 'services'),
  define('ServiceAccount', '', ['v1'], 'serviceaccounts'),
  define('ConfigMap', '', ['v1'], 'configmaps'),
  define('EndpointSlice', 'discovery.k8s.io', ['v1'], 'endpointslices'),
  define('ReplicaSet', 'apps', ['v1'], 'replicasets'),
  define('Deployment', 'apps', ['v1'], 'deployments'),
  define('StatefulSet', 'apps', ['v1'], 'statefulsets'),
  define('DaemonSet', 'apps', ['v1'], 'daemonsets'),
  define('Ingress', 'networking.k8s.io', ['v1'], 'ingresses'),
  define('IngressClass', 'networking.k8s.io', ['v1'], 'ingressclasses', false),
  define(
    'MutatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    ['v1'],
    'mutatingwebhookconfigurations',
    false,
  ),
  define(
    'VirtualService',
    'networking.istio.io',
    ISTIO_NETWORKING,
    'virtualservices',
  ),
  define(
    'DestinationRule',
    'networking.istio.io',
    ISTIO_NETWORKING,
    'destinationrules',
  ),
  define('Gateway', 'networking.istio.io', ISTIO_NETWORKING, 'gateways'),
  define(
    'ServiceEntry',
    'networking.istio.io',
    ISTIO_NETWORKING,
    'serviceentries',
  ),
  define('Sidecar', 'networking.istio.io', ISTIO_NETWORKING, 'sidecars'),
  define(
    'WorkloadEntry',
    'networking.istio.io',
    ISTIO_NETWORKING,
    'workloadentries',
  ),
  define(
    'WorkloadGroup',
    'networking.istio.io',
    ISTIO_NETWORKING,
    'workloadgroups',
  ),
  define('EnvoyFilter', 'networking.istio.io', ['v1alpha3'], 'envoyfilters'),
  define('ProxyConfig', 'networking.istio.io', ['v1beta1'], 'proxyconfigs'),
  define(
    'PeerAuthentication',
    'security.istio.io',
    ['v1', 'v1beta1'],
    'peerauthentications',
  ),
  define(
    'RequestAuthentication',
    'security.istio.io',
    ['v1', 'v1beta1'],
    'requestauthentications',
  ),
  define(
    'AuthorizationPolicy',
    'security.istio.io',
    ['v1', 'v1beta1'],
    'authorizationpolicies',
  ),
  define('Telemetry', 'telemetry.istio.io', ['v1', 'v1alpha1'], 'telemetries'),
  define('WasmPlugin', 'extensions.istio.io', ['v1alpha1'], 'wasmplugins'),
  define(
    'TrafficExtension',
    'extensions.istio.io',
    ['v1alpha1'],
    'trafficextensions',
  ),
  define(
    'GatewayClass',
    'gateway.networking.k8s.io',
    ['v1', 'v1beta1'],
    'gatewayclasses',
    false,
  ),
  define(
    'K8sGateway',
    'gateway.networking.k8s.io',
    ['v1', 'v1beta1'],
    'gateways',
  ),
  define(
    'HTTPRoute',
    'gateway.networking.k8s.io',
    ['v1', 'v1beta1'],
    'httproutes',
  ),
  define('GRPCRoute', 'gateway.networking.k8s.io', ['v1'], 'grpcroutes'),
  define(
    'TLSRoute',
    'gateway.networking.k8s.io',
    ['v1', 'v1alpha3', 'v1alpha2'],
    'tlsroutes',
  ),
  define(
    'TCPRoute',
    'gateway.networking.k8s.io',
    ['v1', 'v1alpha2'],
    'tcproutes',
  ),
  define(
    'ReferenceGrant',
    'gateway.networking.k8s.io',
    ['v1', 'v1beta1'],
    'referencegrants',
  ),
  define('ListenerSet', 'gateway.networking.k8s.io', ['v1'], 'listenersets'),
  define(
    'BackendTLSPolicy',
    'gateway.networking.k8s.io',
    ['v1', 'v1alpha3'],
    'backendtlspolicies',
  ),
  define(
    'XBackendTrafficPolicy',
    'gateway.networking.x-k8s.io',
    ['v1alpha1'],
    'xbackendtrafficpolicies',
  ),
] as const satisfies readonly KindDefinition[];

/**
 * Name of a kind inside the model. It equals the Kubernetes kind, except that Gateway API's
 * `Gateway` is `K8sGateway`, because Istio has a `Gateway` of its own.
 */
export type MeshKind = (typeof KINDS)[number]['kind'];
