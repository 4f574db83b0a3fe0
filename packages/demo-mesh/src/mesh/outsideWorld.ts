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

import { seed, type SeedObject } from './workloads';

/** Ways in and out of the mesh beside its gateways, tokens, and objects that do not act. */
export function outsideWorldSeeds(): readonly SeedObject[] {
  return [
    // An Ingress of the old kind, served by Istio.
    seed(
      'ingresses.networking.k8s.io',
      'identity',
      'login',
      {
        spec: {
          rules: [
            {
              host: 'login.demo.example',
              http: {
                paths: [
                  {
                    path: '/login',
                    pathType: 'Prefix',
                    backend: {
                      service: { name: 'login', port: { number: 8080 } },
                    },
                  },
                ],
              },
            },
          ],
        },
      },
      { annotations: { 'kubernetes.io/ingress.class': 'istio' } },
    ),
    // The bank that the payment API asks, with TLS by the proxy.
    seed('serviceentries.networking.istio.io', 'payments', 'bank', {
      spec: {
        hosts: ['api.bank.example'],
        location: 'MESH_EXTERNAL',
        resolution: 'DNS',
        ports: [
          { number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 },
        ],
      },
    }),
    seed('destinationrules.networking.istio.io', 'payments', 'bank', {
      spec: {
        host: 'api.bank.example',
        trafficPolicy: {
          tls: { mode: 'SIMPLE' },
          outlierDetection: { consecutive5xxErrors: 3 },
        },
      },
    }),
    // The payments namespace may call nothing that is not declared.
    seed('sidecars.networking.istio.io', 'payments', 'default', {
      spec: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
    }),
    // Tokens are checked in front of the orders, and no policy asks for one.
    seed('requestauthentications.security.istio.io', 'inventory', 'orders', {
      spec: {
        selector: { matchLabels: { app: 'orders' } },
        jwtRules: [
          {
            issuer: 'https://login.demo.example',
            jwksUri: 'https://login.demo.example/keys',
          },
        ],
      },
    }),
    // Means to lead to the orders; its host is none of the gateway's.
    seed('virtualservices.networking.istio.io', 'inventory', 'partner-orders', {
      spec: {
        hosts: ['orders.demo.example'],
        gateways: ['edge/partner-gateway'],
        http: [{ route: [{ destination: { host: 'orders' } }] }],
      },
    }),
    // Written in a namespace without proxies: no client looks for it there.
    seed('destinationrules.networking.istio.io', 'legacy', 'orders', {
      spec: {
        host: 'orders.inventory.svc.cluster.local',
        exportTo: ['.'],
        trafficPolicy: { connectionPool: { tcp: { connectTimeout: '1s' } } },
      },
    }),
  ];
}
