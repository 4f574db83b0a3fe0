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


import type {
  ConnectionPoolSettings,
  LocalityLoadBalancerSetting,
  HttpRetry,
  OutlierDetection,
} from '../objects';
import type { MeshSnapshot } from '../snapshot';

/** What happens to a destination that a client does not know. R8.9 */
export type OutboundMode =
  | 'ALLOW_ANY'
  | 'REGISTRY_ONLY'
  | 'ALLOW_ANY_DYNAMIC_DNS';

/** The settings of the mesh that routing reads. R1.11 */
export interface RoutingSettings {
  rootNamespace: string;
  clusterDomain: string;
  defaultServiceExportTo: readonly string[];
  defaultVirtualServiceExportTo: readonly string[];
  defaultDestinationRuleExportTo: readonly string[];
  outboundTrafficPolicy: OutboundMode;
  connectTimeout: string;
  localityLbSetting: LocalityLoadBalancerSetting;
  defaultTrafficPolicy?: {
    connectionPool?: ConnectionPoolSettings;
    outlierDetection?: OutlierDetection;
  };
  defaultHttpRetryPolicy?: HttpRetry;
  ingressClass: string;
  ingressControllerMode: 'OFF' | 'DEFAULT' | 'STRICT';
  ingressSelector: string;
  ingressService: string;
}

/** The settings Istio has when the mesh configuration says nothing. */
export const DEFAULT_ROUTING_SETTINGS: RoutingSettings = {
  rootNamespace: 'istio-system',
  clusterDomain: 'cluster.local',
  defaultServiceExportTo: ['*'],
  defaultVirtualServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  outboundTrafficPolicy: 'ALLOW_ANY',
  connectTimeout: '10s',
  localityLbSetting: { enabled: true },
  ingressClass: 'istio',
  ingressControllerMode: 'STRICT',
  ingressSelector: '',
  ingressService: 'istio-ingressgateway',
};

/** The settings in effect. */
export function routingSettingsOf(_snapshot: MeshSnapshot): RoutingSettings {
  return DEFAULT_ROUTING_SETTINGS;
}
