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

/** How a cell of `kubectl get` is read from an object. */
export interface PrinterColumn {
  readonly name: string;
  /** fields from the object's root; arrays are joined with commas */
  readonly path: readonly string[];
  readonly priority?: number;
}

/** One resource the API server serves: one storage, any number of versions. */
export interface ResourceDefinition {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  /** served versions, preferred first; objects are stored in the first */
  readonly versions: readonly string[];
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly ('status' | 'scale')[];
  /** defined by a CustomResourceDefinition, so no strategic merge patch */
  readonly custom: boolean;
  readonly columns: readonly PrinterColumn[];
}

type Options = Partial<
  Pick<
    ResourceDefinition,
    'namespaced' | 'shortNames' | 'categories' | 'subresources' | 'columns'
  >
>;

function builtIn(
  group: string,
  version: string,
  kind: string,
  plural: string,
  options: Options = {},
): ResourceDefinition {
  return {
    group,
    kind,
    plural,
    singular: kind.toLowerCase(),
    versions: [version],
    namespaced: true,
    shortNames: [],
    categories: [],
    subresources: ['status'],
    custom: false,
    columns: [],
    ...options,
  };
}

function custom(
  group: string,
  versions: readonly string[],
  kind: string,
  plural: string,
  options: Options = {},
): ResourceDefinition {
  return {
    group,
    kind,
    plural,
    singular: kind.toLowerCase(),
    versions,
    namespaced: true,
    shortNames: [],
    categories: ['istio-io', group.replace(/\./g, '-')],
    subresources: ['status'],
    custom: true,
    columns: [],
    ...options,
  };
}

const APPS = {
  categories: ['all'],
  subresources: ['status', 'scale'],
} as const;
const V1_TO_ALPHA3 = ['v1', 'v1beta1', 'v1alpha3'] as const;
const V1_AND_BETA = ['v1', 'v1beta1'] as const;
const GATEWAY_API = 'gateway.networking.k8s.io';
const GATEWAY_CATEGORY = { categories: ['gateway-api'] } as const;

const CORE: readonly ResourceDefinition[] = [
  builtIn('', 'v1', 'Namespace', 'namespaces', {
    namespaced: false,
    shortNames: ['ns'],
  }),
  builtIn('', 'v1', 'Node', 'nodes', { namespaced: false, shortNames: ['no'] }),
  builtIn('', 'v1', 'Pod', 'pods', { shortNames: ['po'], categories: ['all'] }),
  builtIn('', 'v1', 'Service', 'services', {
    shortNames: ['svc'],
    categories: ['all'],
  }),
  builtIn('', 'v1', 'Endpoints', 'endpoints', {
    shortNames: ['ep'],
    subresources: [],
  }),
  builtIn('', 'v1', 'ServiceAccount', 'serviceaccounts', {
    shortNames: ['sa'],
    subresources: [],
  }),
  builtIn('', 'v1', 'ConfigMap', 'configmaps', {
    shortNames: ['cm'],
    subresources: [],
  }),
  builtIn('', 'v1', 'Secret', 'secrets', { subresources: [] }),
  builtIn('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
    shortNames: ['pvc'],
  }),
  builtIn('', 'v1', 'ResourceQuota', 'resourcequotas', {
    shortNames: ['quota'],
  }),
  builtIn('', 'v1', 'LimitRange', 'limitranges', {
    shortNames: ['limits'],
    subresources: [],
  }),
  builtIn('', 'v1', 'Event', 'events', {
    shortNames: ['ev'],
    subresources: [],
  }),
  builtIn('apps', 'v1', 'Deployment', 'deployments', {
    ...APPS,
    shortNames: ['deploy'],
  }),
  builtIn('apps', 'v1', 'ReplicaSet', 'replicasets', {
    ...APPS,
    shortNames: ['rs'],
  }),
  builtIn('apps', 'v1', 'StatefulSet', 'statefulsets', {
    ...APPS,
    shortNames: ['sts'],
  }),
  builtIn('apps', 'v1', 'DaemonSet', 'daemonsets', {
    categories: ['all'],
    shortNames: ['ds'],
  }),
  builtIn('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices', {
    subresources: [],
  }),
  builtIn('networking.k8s.io', 'v1', 'Ingress', 'ingresses', {
    shortNames: ['ing'],
  }),
  builtIn('networking.k8s.io', 'v1', 'IngressClass', 'ingressclasses', {
    namespaced: false,
    subresources: [],
  }),
  builtIn(
    'admissionregistration.k8s.io',
    'v1',
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
    { namespaced: false, subresources: [] },
  ),
  builtIn(
    'admissionregistration.k8s.io',
    'v1',
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
    { namespaced: false, subresources: [] },
  ),
  builtIn('events.k8s.io', 'v1', 'Event', 'events', {
    shortNames: ['ev'],
    subresources: [],
  }),
  builtIn(
    'apiextensions.k8s.io',
    'v1',
    'CustomResourceDefinition',
    'customresourcedefinitions',
    { namespaced: false, shortNames: ['crd', 'crds'] },
  ),
];

function column(name: string, ...path: string[]): PrinterColumn {
  return { name, path };
}

const ISTIO: readonly ResourceDefinition[] = [
  custom(
    'networking.istio.io',
    V1_TO_ALPHA3,
    'VirtualService',
    'virtualservices',
    {
      shortNames: ['vs'],
      columns: [
        column('Gateways', 'spec', 'gateways'),
        column('Hosts', 'spec', 'hosts'),
      ],
    },
  ),
  custom(
    'networking.istio.io',
    V1_TO_ALPHA3,
    'DestinationRule',
    'destinationrules',
    {
      shortNames: ['dr'],
      columns: [column('Host', 'spec', 'host')],
    },
  ),
  custom('networking.istio.io', V1_TO_ALPHA3, 'Gateway', 'gateways', {
    shortNames: ['gw'],
  }),
  custom(
    'networking.istio.io',
    V1_TO_ALPHA3,
    'ServiceEntry',
    'serviceentries',
    {
      shortNames: ['se'],
      columns: [
        column('Hosts', 'spec', 'hosts'),
        column('Location', 'spec', 'location'),
        column('Resolution', 'spec', 'resolution'),
      ],
    },
  ),
  custom('networking.istio.io', V1_TO_ALPHA3, 'Sidecar', 'sidecars'),
  custom(
    'networking.istio.io',
    V1_TO_ALPHA3,
    'WorkloadEntry',
    'workloadentries',
    {
      shortNames: ['we'],
      columns: [column('Address', 'spec', 'address')],
    },
  ),
  custom(
    'networking.istio.io',
    V1_TO_ALPHA3,
    'WorkloadGroup',
    'workloadgroups',
    {
      shortNames: ['wg'],
    },
  ),
  custom('networking.istio.io', ['v1alpha3'], 'EnvoyFilter', 'envoyfilters'),
  custom('networking.istio.io', ['v1beta1'], 'ProxyConfig', 'proxyconfigs'),
  custom(
    'security.istio.io',
    V1_AND_BETA,
    'PeerAuthentication',
    'peerauthentications',
    {
      shortNames: ['pa'],
      columns: [column('Mode', 'spec', 'mtls', 'mode')],
    },
  ),
  custom(
    'security.istio.io',
    V1_AND_BETA,
    'RequestAuthentication',
    'requestauthentications',
    { shortNames: ['ra'] },
  ),
  custom(
    'security.istio.io',
    V1_AND_BETA,
    'AuthorizationPolicy',
    'authorizationpolicies',
    {
      shortNames: ['ap'],
      columns: [column('Action', 'spec', 'action')],
    },
  ),
  custom('telemetry.istio.io', ['v1', 'v1alpha1'], 'Telemetry', 'telemetries', {
    shortNames: ['telemetry'],
  }),
  custom('extensions.istio.io', ['v1alpha1'], 'WasmPlugin', 'wasmplugins'),
  custom(
    'extensions.istio.io',
    ['v1alpha1'],
    'TrafficExtension',
    'trafficextensions',
  ),
];

const GATEWAYS: readonly ResourceDefinition[] = [
  custom(GATEWAY_API, V1_AND_BETA, 'GatewayClass', 'gatewayclasses', {
    ...GATEWAY_CATEGORY,
    namespaced: false,
    shortNames: ['gc'],
    columns: [
      column('Controller', 'spec', 'controllerName'),
      column('Accepted', 'status', 'conditions', 'Accepted'),
    ],
  }),
  custom(GATEWAY_API, V1_AND_BETA, 'Gateway', 'gateways', {
    ...GATEWAY_CATEGORY,
    shortNames: ['gtw'],
    columns: [
      column('Class', 'spec', 'gatewayClassName'),
      column('Address', 'status', 'addresses', 'value'),
      column('Programmed', 'status', 'conditions', 'Programmed'),
    ],
  }),
  custom(GATEWAY_API, V1_AND_BETA, 'HTTPRoute', 'httproutes', {
    ...GATEWAY_CATEGORY,
    columns: [column('Hostnames', 'spec', 'hostnames')],
  }),
  custom(GATEWAY_API, ['v1'], 'GRPCRoute', 'grpcroutes', {
    ...GATEWAY_CATEGORY,
    columns: [column('Hostnames', 'spec', 'hostnames')],
  }),
  custom(
    GATEWAY_API,
    ['v1', 'v1alpha3', 'v1alpha2'],
    'TLSRoute',
    'tlsroutes',
    GATEWAY_CATEGORY,
  ),
  custom(
    GATEWAY_API,
    ['v1', 'v1alpha2'],
    'TCPRoute',
    'tcproutes',
    GATEWAY_CATEGORY,
  ),
  custom(
    GATEWAY_API,
    ['v1', 'v1alpha3'],
    'BackendTLSPolicy',
    'backendtlspolicies',
    {
      ...GATEWAY_CATEGORY,
      shortNames: ['btlspolicy'],
    },
  ),
  custom(
    'gateway.networking.x-k8s.io',
    ['v1alpha1'],
    'XBackendTrafficPolicy',
    'xbackendtrafficpolicies',
    { ...GATEWAY_CATEGORY, shortNames: ['xbtrafficpolicy'] },
  ),
  custom(GATEWAY_API, ['v1'], 'ListenerSet', 'listenersets', {
    ...GATEWAY_CATEGORY,
    shortNames: ['lset'],
  }),
  custom(GATEWAY_API, V1_AND_BETA, 'ReferenceGrant', 'referencegrants', {
    ...GATEWAY_CATEGORY,
    shortNames: ['refgrant'],
    subresources: [],
  }),
];

/** Every resource the demo cluster can serve. */
const RESOURCES: readonly ResourceDefinition[] = [
  ...CORE,
  ...ISTIO,
  ...GATEWAYS,
];

/** The resource's name as `kubectl` writes it: `pods`, `virtualservices.networking.istio.io`. */
export function resourceName(
  definition: Pick<ResourceDefinition, 'group' | 'plural'>,
): string {
  return definition.group
    ? `${definition.plural}.${definition.group}`
    : definition.plural;
}

/** `v1`, `apps/v1`, `networking.istio.io/v1`. */
export function apiVersionOf(group: string, version: string): string {
  return group ? `${group}/${version}` : version;
}

/** The group of an apiVersion, `''` for core. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/**
 * The resources of one demo cluster.
 *
 * @param absentGroups - API groups whose CRDs this cluster does not have
 */
export class ResourceTable {
  readonly all: readonly ResourceDefinition[];
  private readonly byName = new Map<string, ResourceDefinition>();
  private readonly byKind = new Map<string, ResourceDefinition>();

  constructor(absentGroups: readonly string[] = []) {
    this.all = RESOURCES.filter(entry => !absentGroups.includes(entry.group));
    for (const definition of this.all) {
      this.byName.set(resourceName(definition), definition);
      this.byKind.set(`${definition.group}/${definition.kind}`, definition);
    }
  }

  /** Finds a resource by group, version and plural; `undefined` when it is not served. */
  find(
    group: string,
    version: string,
    plural: string,
  ): ResourceDefinition | undefined {
    const definition = this.byName.get(resourceName({ group, plural }));
    return definition?.versions.includes(version) ? definition : undefined;
  }

  /** Finds a resource by its name, for example `deployments.apps`. */
  named(name: string): ResourceDefinition | undefined {
    return this.byName.get(name);
  }

  /** Finds the resource of an object. */
  ofObject(apiVersion: string, kind: string): ResourceDefinition | undefined {
    return this.byKind.get(`${groupOf(apiVersion)}/${kind}`);
  }
}
