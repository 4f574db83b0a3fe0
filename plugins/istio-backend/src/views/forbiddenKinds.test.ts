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
import { authorizationView } from './authorizationView';
import { mtlsView } from './mtlsView';
import { routesView } from './routesView';

/** The entity `shop/cart` in a cluster of which one kind may not be read. */
function withoutRight(kind: 'AuthorizationPolicy' | 'DestinationRule') {
  return entityInYaml(
    `${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}`,
    {
      services: 'shop/cart',
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
    const [{ posture, sentence, verdict }] = authorizationView(
      withoutRight('AuthorizationPolicy'),
    ).workloads;
    expect(posture).toBe('unknown');
    expect(sentence).toBe('cannot list AuthorizationPolicy');
    expect(verdict.state).toBe('unknown');
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
