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

import { mesh } from '../testing';
import {
  AMBIENT_BOOKINFO,
  BOOKINFO,
  reviewsWorkload,
} from '../testing/bookinfo';
import { whatActsOn } from './whatActsOn';

function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec: string,
): string {
  const [namespace, bare] = name.split('/');
  return `
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${bare}, namespace: ${namespace}}
spec: ${spec}`;
}

function summary(yaml: string) {
  const snapshot = mesh`${yaml}`;
  return whatActsOn(snapshot, reviewsWorkload(snapshot)).map(
    ({ object: { kind, name }, scope, effect, at }) =>
      `${kind} ${name}: ${scope}, ${effect}, at ${at.kind} ${at.name}`,
  );
}

const NETWORKING = 'networking.istio.io/v1';
const SECURITY = 'security.istio.io/v1';

describe('what acts on a workload (semantics §8f)', () => {
  it.each([
    ['bookinfo', '', 'is the default of namespace bookinfo'],
    ['istio-system', '', 'is the default of the mesh'],
    [
      'bookinfo',
      'workloadSelector: {labels: {app: reviews}}, ',
      'selects the workload',
    ],
  ])(
    'says of a Sidecar of %s why it acts: %s%s',
    (namespace, selector, said) => {
      const snapshot = mesh`${
        BOOKINFO +
        object(
          NETWORKING,
          'Sidecar',
          `${namespace}/scope`,
          `{${selector}egress: [{hosts: ["*/*"]}]}`,
        )
      }`;
      const binding = whatActsOn(snapshot, reviewsWorkload(snapshot)).find(
        each => each.object.kind === 'Sidecar',
      );
      expect(binding?.says).toBe(said);
    },
  );

  it('names every kind with its reach and what becomes of it', () => {
    expect(
      summary(
        BOOKINFO +
          object(
            NETWORKING,
            'Sidecar',
            'bookinfo/scope',
            '{egress: [{hosts: ["*/*"]}]}',
          ) +
          object(
            SECURITY,
            'PeerAuthentication',
            'istio-system/mesh',
            '{mtls: {mode: STRICT}}',
          ) +
          object(
            SECURITY,
            'PeerAuthentication',
            'bookinfo/ns',
            '{mtls: {mode: PERMISSIVE}}',
          ) +
          object(
            SECURITY,
            'PeerAuthentication',
            'bookinfo/own',
            '{selector: {matchLabels: {app: reviews}}}',
          ) +
          object(
            SECURITY,
            'AuthorizationPolicy',
            'istio-system/deny',
            '{action: DENY}',
          ) +
          object(
            SECURITY,
            'AuthorizationPolicy',
            'bookinfo/allow',
            '{rules: [{}]}',
          ) +
          object(
            SECURITY,
            'RequestAuthentication',
            'bookinfo/jwt',
            '{selector: {matchLabels: {app: reviews}}, jwtRules: [{issuer: a}]}',
          ) +
          object(
            'telemetry.istio.io/v1',
            'Telemetry',
            'istio-system/all',
            '{}',
          ) +
          object(
            'telemetry.istio.io/v1',
            'Telemetry',
            'bookinfo/some',
            '{selector: {matchLabels: {app: reviews}}}',
          ) +
          object(
            'networking.istio.io/v1alpha3',
            'EnvoyFilter',
            'bookinfo/patch',
            '{configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE}}]}',
          ) +
          object(
            'extensions.istio.io/v1alpha1',
            'WasmPlugin',
            'bookinfo/wasm',
            '{url: x}',
          ) +
          object(
            'networking.istio.io/v1beta1',
            'ProxyConfig',
            'bookinfo/pc',
            '{concurrency: 1}',
          ) +
          object(
            NETWORKING,
            'DestinationRule',
            'bookinfo/dr',
            '{host: reviews}',
          ) +
          object(
            NETWORKING,
            'VirtualService',
            'bookinfo/vs',
            '{hosts: [reviews], http: [{route: [{destination: {host: reviews}}]}]}',
          ) +
          object(
            SECURITY,
            'AuthorizationPolicy',
            'bookinfo/of-others',
            '{selector: {matchLabels: {app: ratings}}}',
          ),
      ),
    ).toEqual([
      'Sidecar scope: namespace, decides, at Pod reviews-1',
      'PeerAuthentication own: selector, layered, at Pod reviews-1',
      'PeerAuthentication ns: namespace, decides, at Pod reviews-1',
      'PeerAuthentication mesh: mesh-wide, overridden, at Pod reviews-1',
      'AuthorizationPolicy deny: mesh-wide, added, at Pod reviews-1',
      'AuthorizationPolicy allow: namespace, added, at Pod reviews-1',
      'RequestAuthentication jwt: selector, added, at Pod reviews-1',
      'Telemetry all: mesh-wide, layered, at Pod reviews-1',
      'Telemetry some: selector, decides, at Pod reviews-1',
      'EnvoyFilter patch: namespace, added, at Pod reviews-1',
      'WasmPlugin wasm: namespace, added, at Pod reviews-1',
      'ProxyConfig pc: namespace, decides, at Pod reviews-1',
      'DestinationRule dr: host, decides, at Pod reviews-1',
      'VirtualService vs: host, decides, at Pod reviews-1',
    ]);
  });

  it('in ambient mode, what ztunnel enforces at the pod and what the waypoint of the service applies', () => {
    expect(
      summary(
        `${AMBIENT_BOOKINFO.replace(
          'metadata: {name: reviews, namespace: bookinfo}',
          'metadata: {name: reviews, namespace: bookinfo, labels: {istio.io/use-waypoint: wp}}',
        )}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: bookinfo}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
status: {addresses: [{value: 10.0.0.9}]}${object(
          SECURITY,
          'AuthorizationPolicy',
          'bookinfo/pods',
          '{rules: [{}]}',
        )}${object(
          SECURITY,
          'AuthorizationPolicy',
          'bookinfo/service',
          '{targetRefs: [{kind: Service, name: reviews}], rules: [{}]}',
        )}${object(
          'telemetry.istio.io/v1',
          'Telemetry',
          'bookinfo/some',
          '{}',
        )}`,
      ),
    ).toEqual([
      'AuthorizationPolicy pods: namespace, added, at Pod reviews-1',
      'AuthorizationPolicy service: targetRef, added, at Gateway wp',
      'Telemetry some: namespace, decides, at Gateway wp',
    ]);
  });
});
