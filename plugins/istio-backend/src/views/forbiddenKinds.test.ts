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

import { entityInYaml, podYaml, serviceYaml } from '../__testUtils__/meshYaml';
import { observationOf } from '../__testUtils__/observation';
import { authorizationView } from './authorizationView';
import { mtlsView } from './mtlsView';
import { routesView } from './routesView';

const CALLED = observationOf({
  labels: {
    part: 'now',
    reporter: 'destination',
    destination_service_namespace: 'shop',
    destination_service_name: 'cart',
    destination_workload: 'cart',
    source_workload_namespace: 'shop',
    source_workload: 'web',
    response_code: '200',
    response_flags: '-',
  },
  rate: 1,
});

/** The entity `shop/cart`, which one caller calls, in a cluster of which one kind may not be read. */
function withoutRight(
  kind: 'AuthorizationPolicy' | 'DestinationRule' | 'ServiceEntry',
  more = '',
) {
  return entityInYaml(
    `${more}${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}`,
    {
      services: 'shop/cart',
      observation: CALLED,
      status: {
        name: 'demo',
        state: 'synced',
        missingKinds: [
          { kind, reason: 'forbidden', message: `cannot list ${kind}` },
        ],
      },
    },
  );
}

describe('an answer that rests on a kind that may not be read', () => {
  it('does not say who may call', () => {
    const [{ posture, sentence, verdict, callers }] = authorizationView(
      withoutRight('AuthorizationPolicy'),
    ).workloads;
    expect(posture).toBe('unknown');
    expect(sentence).toBe('cannot list AuthorizationPolicy');
    expect(verdict.state).toBe('unknown');
    expect(callers).toMatchObject([
      { decision: 'unknown', reason: 'cannot list AuthorizationPolicy' },
    ]);
  });

  it('needs ServiceEntries for authorization only where a CUSTOM policy asks a service', () => {
    const states = [
      '',
      `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    extensionProviders:
      - name: opa
        envoyExtAuthzHttp: { service: opa.example.com, port: 80 }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask, namespace: shop }
spec: { action: CUSTOM, provider: { name: opa }, rules: [{}] }
---`,
    ].map(more => {
      const input = withoutRight('ServiceEntry', more);
      const [{ verdict, callers }] = authorizationView(input).workloads;
      return [verdict.state, callers[0].decision];
    });
    expect(states).toEqual([
      ['not-applicable', 'allow'],
      ['unknown', 'unknown'],
    ]);
  });

  it('has no green rule or port of routes', () => {
    const [{ ports, verdict }] = routesView(
      withoutRight('DestinationRule'),
      undefined,
    ).services;
    const verdicts = [
      verdict,
      ...ports.flatMap(port => [
        port.verdict,
        ...port.rules.map(rule => rule.verdict),
      ]),
    ];
    expect(verdicts.map(({ state }) => state)).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
  });

  it('has no client that is said to be encrypted', () => {
    const [{ ports }] = mtlsView(withoutRight('DestinationRule')).services;
    expect(
      ports.flatMap(port => port.paths.map(({ outcome }) => outcome)),
    ).toEqual(['unknown', 'unknown']);
  });
});
