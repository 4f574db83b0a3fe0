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

import type { StringMap } from './types';

export interface NodeSpec {
  /** kubelet version, for example `v1.33.1`; `''` when unknown */
  kubeletVersion: string;
}

export interface ContainerPort {
  name?: string;
  containerPort: number;
  protocol: 'TCP' | 'UDP' | 'SCTP';
}

export interface Container {
  name: string;
  image: string;
  ports: readonly ContainerPort[];
  /** Only of init containers; `Always` marks a native sidecar. */
  restartPolicy?: string;
  /** Variable `PROXY_CONFIG` of a container `istio-proxy`: JSON of what it was started with. */
  proxyConfig?: string;
  /** Of a container `istio-proxy` whose variable `ISTIO_META_UNPRIVILEGED_POD` is true: it opens no port below 1024. */
  unprivileged?: true;
}

export interface OwnerReference {
  kind: string;
  name: string;
  controller: boolean;
}

/** What the model reads of a pod: spec and status in one. */
export interface PodSpec {
  serviceAccountName: string;
  nodeName: string;
  hostNetwork: boolean;
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  /** condition `Ready` is `True` */
  ready: boolean;
  /** `metadata.deletionTimestamp` is set */
  /** Of a pod that is not ready: each container that is not, with the reason, for example `istio-proxy: ImagePullBackOff`. */
  waiting?: string;
  terminating: boolean;
  podIPs: readonly string[];
  containers: readonly Container[];
  initContainers: readonly Container[];
  owners: readonly OwnerReference[];
}

export interface ServicePort {
  name: string;
  port: number;
  protocol: 'TCP' | 'UDP' | 'SCTP';
  appProtocol?: string;
  /** number, or the name of a container port; equals `port` when unset */
  targetPort: number | string;
  nodePort?: number;
}

export interface ServiceSpec {
  type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** `None` marks a headless service; `''` when none is assigned */
  clusterIP: string;
  clusterIPs: readonly string[];
  externalName: string;
  /** empty when the service has no selector */
  selector: StringMap;
  ports: readonly ServicePort[];
  /** addresses of `status.loadBalancer.ingress` */
  ingressAddresses: readonly string[];
  trafficDistribution?: string;
  /** `Local` keeps traffic on the client's node */
  internalTrafficPolicy?: string;
  /** set when endpoints that are not ready get traffic too */
  publishNotReadyAddresses?: boolean;
  ipFamilies?: readonly string[];
}

export interface EndpointPort {
  name: string;
  port: number;
  protocol: string;
}

export interface Endpoint {
  addresses: readonly string[];
  ready: boolean;
  serving: boolean;
  terminating: boolean;
  nodeName?: string;
  zone?: string;
  /** `targetRef` when it names a pod */
  podName?: string;
}

export interface EndpointSliceSpec {
  /** label `kubernetes.io/service-name`; `''` when absent */
  serviceName: string;
  addressType: string;
  endpoints: readonly Endpoint[];
  ports: readonly EndpointPort[];
}

/** What the model reads of a controller that owns pods. */
export interface OwnerSpec {
  replicas: number;
  readyReplicas: number;
  /** `spec.selector.matchLabels` */
  selector: StringMap;
  templateLabels: StringMap;
  templateAnnotations: StringMap;
  serviceAccountName: string;
  owners: readonly OwnerReference[];
  /** Environment variables with a literal value of the container `discovery`; only of control planes. */
  controlPlaneEnvironment?: StringMap;
  /** `--domain` of an istiod: the domain of the cluster's names; absent: not written */
  clusterDomain?: string;
  /** Image of the container `discovery`; only of control planes. */
  controlPlaneImage?: string;
}

export interface ConfigMapSpec {
  /** only of the ConfigMaps named `istio*`; all others are dropped by the projection */
  data: StringMap;
}

export interface MutatingWebhookConfigurationSpec {
  webhooks: readonly {
    name: string;
    /** namespace and name of the service that is called */
    service?: { namespace: string; name: string };
    namespaceSelector: LabelSelector;
    objectSelector: LabelSelector;
  }[];
}

export interface LabelSelector {
  matchLabels?: StringMap;
  matchExpressions?: readonly {
    key: string;
    operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    values?: readonly string[];
  }[];
}

export interface IngressBackend {
  service?: { name: string; port?: { name?: string; number?: number } };
}

/** Who serves the Ingresses of a class. */
export interface IngressClassSpec {
  /** for Istio `istio.io/ingress-controller` */
  controller: string;
}

export interface IngressSpec {
  ingressClassName?: string;
  defaultBackend?: IngressBackend;
  tls?: readonly { hosts?: readonly string[]; secretName?: string }[];
  rules?: readonly {
    host?: string;
    http?: {
      paths?: readonly {
        path?: string;
        pathType?: 'Exact' | 'Prefix' | 'ImplementationSpecific';
        backend: IngressBackend;
      }[];
    };
  }[];
}
