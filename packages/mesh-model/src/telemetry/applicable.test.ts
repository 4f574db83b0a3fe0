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
import type { EnvoyProxy } from '../extensions';
import { app, telemetry } from './__testUtils__/telemetryYaml';
import { telemetryOf } from './telemetryOf';

describe('which Telemetries act, and in which order (R8.19)', () => {
  it('root namespace, then namespace, then every one that selects the workload, oldest first', () => {
    const { levels, idle } = telemetryOf(
      mesh`${
        telemetry('young', 'shop', '{selector: {matchLabels: {app: a}}}', 3) +
        telemetry('old', 'shop', '{selector: {matchLabels: {app: a}}}', 2) +
        telemetry('ns', 'shop', '{}', 5) +
        telemetry('ns-younger', 'shop', '{}', 6) +
        telemetry('root', 'istio-system', '{}', 9) +
        telemetry(
          'root-selector',
          'istio-system',
          '{selector: {matchLabels: {app: a}}}',
        ) +
        telemetry('of-b', 'shop', '{selector: {matchLabels: {app: b}}}') +
        telemetry('elsewhere', 'other', '{}')
      }`,
      app('a'),
    );
    expect(
      levels.map(({ object, scope }) => [object.metadata.name, scope]),
    ).toEqual([
      ['root', 'mesh'],
      ['ns', 'namespace'],
      ['old', 'workload'],
      ['young', 'workload'],
    ]);
    expect(
      idle.map(({ object, cause }) => [object.metadata.name, cause]),
    ).toEqual([
      ['ns-younger', 'younger-sibling'],
      ['of-b', 'selector-mismatch'],
      ['root-selector', 'selector-in-root-namespace'],
    ]);
  });

  it('at a waypoint, those of the namespace of the service, and those that target it (R8.24)', () => {
    const waypoint: EnvoyProxy = {
      ...app('wp', 'waypoint'),
      target: {
        proxy: 'waypoint',
        namespace: 'infra',
        labels: { 'gateway.networking.k8s.io/gateway-name': 'wp' },
      },
    };
    const snapshot = mesh`${
      telemetry('infra', 'infra', '{}') +
      telemetry('shop', 'shop', '{}') +
      telemetry(
        'of-service',
        'shop',
        '{targetRefs: [{kind: Service, name: a}]}',
      ) +
      telemetry('of-other', 'shop', '{targetRefs: [{kind: Service, name: b}]}')
    }`;
    const service = {
      name: 'a',
      namespace: 'shop',
      registry: 'Kubernetes' as const,
    };
    expect(
      telemetryOf(snapshot, waypoint, service).levels.map(
        ({ object }) => object.metadata.name,
      ),
    ).toEqual(['infra', 'shop', 'of-service']);
  });

  it('ztunnel ignores them all', () => {
    const found = telemetryOf(
      mesh`${telemetry('ns', 'shop', '{}')}`,
      app('a', 'ambient'),
    );
    expect(found.levels).toEqual([]);
    expect(found.tracing).toEqual([]);
    expect(found.idle[0].cause).toBe('ztunnel-http-only');
  });
});
