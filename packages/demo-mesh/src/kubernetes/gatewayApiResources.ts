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

const GATEWAY_API = 'gateway.networking.k8s.io';
const GATEWAY_CATEGORY = { categories: ['gateway-api'] } as const;
const V1_AND_BETA = ['v1', 'v1beta1'] as const;

/** Resources of the Gateway API that the demo cluster serves. */
export const GATEWAY_API_RESOURCES: readonly ResourceDefinition[] = [
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
