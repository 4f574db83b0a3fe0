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

import { workloadOf, type Workload } from '../membership';
import type { SnapshotStore } from '../snapshot';
import { mesh } from '../testing';
import { proxyConfigOf } from './proxyConfig';

function deployment(annotation = '', proxyConfig = '{}'): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: foo}
spec:
  replicas: 1
  template:
    metadata:
      labels: {app: a}
      annotations: {${annotation}}
---
apiVersion: v1
kind: Pod
metadata:
  name: a-1
  namespace: foo
  labels: {app: a}
  ownerReferences: [{kind: Deployment, name: a, controller: true}]
spec:
  containers:
  - {name: a}
  - name: istio-proxy
    image: proxyv2:1.27.1
    env: [{name: PROXY_CONFIG, value: '${proxyConfig}'}]
status: {phase: Running}
---
`;
}

function config(
  name: string,
  namespace: string,
  spec: string,
  second = 0,
): string {
  return `
---
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "2026-01-01T00:00:0${second}Z"}
spec: ${spec}`;
}

function workload(snapshot: SnapshotStore): Workload {
  const found = workloadOf(snapshot, 'foo', 'Deployment', 'a');
  if (found === undefined) {
    throw new Error('The test needs Deployment foo/a.');
  }
  return found;
}

const effective = (yaml: string) => {
  const snapshot = mesh`${yaml}`;
  return proxyConfigOf(snapshot, workload(snapshot));
};

const ANNOTATED = `proxy.istio.io/config: "concurrency: 5"`;

describe('ProxyConfig (R8.17, R8.18)', () => {
  it('S130: namespace 2, workload 3, annotation 5 give 3', () => {
    const { concurrency } = effective(
      deployment(ANNOTATED) +
        config('root', 'istio-system', '{concurrency: 1}') +
        config('ns', 'foo', '{concurrency: 2}') +
        config(
          'workload',
          'foo',
          '{selector: {matchLabels: {app: a}}, concurrency: 3}',
        ),
    );
    expect(concurrency).toMatchObject({
      value: 3,
      provenance: {
        object: { kind: 'ProxyConfig', name: 'workload' },
        path: 'spec.concurrency',
        overrides: [
          { object: { kind: 'Deployment', name: 'a' } },
          { object: { name: 'ns' } },
          { object: { name: 'root' } },
        ],
      },
    });
  });

  it('S130: an empty selector applies to nothing', () => {
    const found = effective(
      deployment() + config('empty', 'foo', '{selector: {}, concurrency: 8}'),
    );
    expect(found.concurrency).toBeUndefined();
    expect(found.idle).toMatchObject([
      {
        cause: 'empty-selector',
        provenance: { path: 'spec.selector' },
      },
    ]);
  });

  it('of several of one scope the oldest acts; one with a selector in the root namespace does not reach out of it', () => {
    const found = effective(
      deployment() +
        config('young', 'foo', '{concurrency: 2}', 2) +
        config('old', 'foo', '{concurrency: 4}', 1) +
        config(
          'root',
          'istio-system',
          '{selector: {matchLabels: {app: a}}, concurrency: 9}',
        ),
    );
    expect(found.concurrency?.value).toBe(4);
    expect(
      found.idle.map(({ object, cause }) => [object.metadata.name, cause]),
    ).toEqual([
      ['root', 'selector-in-root-namespace'],
      ['young', 'younger-sibling'],
    ]);
  });

  it('environment variables merge by key', () => {
    const { environment } = effective(
      `${deployment()}
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: "defaultConfig: {proxyMetadata: {A: mesh, B: mesh}}"
${config('ns', 'foo', '{environmentVariables: {B: ns, C: ns}}')}`,
    );
    expect([...environment].map(([name, { value }]) => [name, value])).toEqual([
      ['A', 'mesh'],
      ['B', 'ns'],
      ['C', 'ns'],
    ]);
    expect(environment.get('B')?.provenance).toMatchObject({
      path: 'spec.environmentVariables[B]',
      overrides: [
        {
          object: { kind: 'ConfigMap' },
          path: 'data.mesh: defaultConfig.proxyMetadata[B]',
        },
      ],
    });
  });

  it('a proxy that was started with something else needs a restart', () => {
    const configured = config('ns', 'foo', '{concurrency: 2}');
    expect(effective(deployment() + configured).drift).toMatchObject({
      state: 'drifted',
      settings: [{ path: 'concurrency', configured: '2', pods: ['a-1'] }],
    });
    expect(
      effective(deployment('', '{"concurrency":2}') + configured).drift.state,
    ).toBe('none');
    expect(effective(deployment('', '{"concurrency":2}')).drift).toMatchObject({
      state: 'drifted',
      settings: [{ path: 'concurrency', running: '2' }],
    });
    expect(effective(deployment('', 'not json') + configured).drift.state).toBe(
      'unknown',
    );
  });
});
