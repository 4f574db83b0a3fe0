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

import { column, custom, type ResourceDefinition } from './resourceDefinition';

const V1_TO_ALPHA3 = ['v1', 'v1beta1', 'v1alpha3'] as const;
const V1_AND_BETA = ['v1', 'v1beta1'] as const;

/** Resources of Istio that the demo cluster serves. */
export const ISTIO_RESOURCES: readonly ResourceDefinition[] = [
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
