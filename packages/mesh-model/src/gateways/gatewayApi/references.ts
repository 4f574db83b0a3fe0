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

import type { LabelSelector, SlimObjectByKind, StringMap } from '../../objects';
import type { CrossReference } from '../referenceGrant';

/** What is known of a Secret that a listener names. The portal reads no Secrets, so there it is `unread`. */
export type SecretState = 'valid' | 'missing' | 'malformed' | 'unread';

/** What is known of a ConfigMap that a Gateway or a policy names. */
export type ConfigMapState = 'with-ca' | 'without-ca' | 'missing' | 'unread';

/** Looks up what objects of Gateway API refer to. Every function must answer from one consistent state. */
export interface References {
  clusterDomain: string;
  gatewayClass: (name: string) => SlimObjectByKind['GatewayClass'] | undefined;
  /** Labels of a namespace; `undefined` when it does not exist. */
  namespaceLabels: (name: string) => StringMap | undefined;
  /** Names of the namespaces that a selector matches, by the alphabet. */
  namespacesMatching: (selector: LabelSelector) => readonly string[];
  service: (namespace: string, name: string) => ReferredService | undefined;
  serviceEntry: (
    namespace: string,
    name: string,
  ) => ReferredServiceEntry | undefined;
  /** Does another implementation than Istio serve the waypoint of a Service or ServiceEntry? */
  hasForeignWaypoint: (
    kind: 'Service' | 'ServiceEntry',
    namespace: string,
    name: string,
  ) => boolean;
  /** Is there a Service or a ServiceEntry of this host name in the namespace? */
  hostnameExists: (hostname: string, namespace: string) => boolean;
  secret: (namespace: string, name: string) => SecretState;
  configMap: (namespace: string, name: string) => ConfigMapState;
  isGranted: (reference: CrossReference) => boolean;
}

/** What routes and policies need to know of a Service. */
export interface ReferredService {
  ports: readonly { name: string; port: number }[];
}

/** What routes and policies need to know of a ServiceEntry. */
export interface ReferredServiceEntry extends ReferredService {
  hosts: readonly string[];
}

/** API group of Gateway API. */
export const GATEWAY_API = 'gateway.networking.k8s.io';

/** API group of Istio's networking objects. */
export const ISTIO_NETWORKING = 'networking.istio.io';

const KUBERNETES_NAME = 'kubernetes.io/metadata.name';

/** A namespace's labels with its name among them, as every newer Kubernetes sets it. */
export function selectableLabels(name: string, labels: StringMap): StringMap {
  return labels[KUBERNETES_NAME] === name
    ? labels
    : { ...labels, [KUBERNETES_NAME]: name };
}
