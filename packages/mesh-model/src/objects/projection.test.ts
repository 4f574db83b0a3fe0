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

import fc from 'fast-check';
import { projectObject } from './projection';
import { KINDS } from './kinds';

const policy = (spec: unknown) =>
  projectObject({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: 'shop' },
    spec,
  });

describe('projectObject', () => {
  it('never throws, whatever the JSON', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS.map(({ kind }) => kind)),
        fc.jsonValue(),
        fc.jsonValue(),
        fc.jsonValue(),
        (kind, spec, status, metadata) => {
          projectObject({ metadata, spec, status }, kind);
          projectObject(spec, kind);
          const named = projectObject(
            { metadata: { name: 'x', labels: metadata }, spec, status },
            kind,
          );
          expect(named === undefined || named.kind === kind).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves malformed parts out and says where and what to write', () => {
    const object = policy({
      mtls: { mode: 'STRCT' },
      portLevelMtls: { '8080': { mode: 'DISABLE' }, '9090': 'STRICT' },
    });
    expect(object?.spec).toEqual({
      mtls: {},
      portLevelMtls: { '8080': { mode: 'DISABLE' } },
    });
    expect(object?.problems).toEqual([
      {
        path: 'spec.mtls.mode',
        message: expect.stringContaining('UNSET, DISABLE, PERMISSIVE, STRICT'),
      },
      {
        path: 'spec.portLevelMtls[9090]',
        message: expect.stringContaining('Expected an object'),
      },
    ]);
  });

  it('tells the two kinds named Gateway apart', () => {
    const gateway = (apiVersion: string) =>
      projectObject({ apiVersion, kind: 'Gateway', metadata: { name: 'g' } });
    expect(gateway('networking.istio.io/v1')?.kind).toBe('Gateway');
    expect(gateway('gateway.networking.k8s.io/v1')?.kind).toBe('K8sGateway');
  });

  it('shares equal label maps, and keeps data of Istio’s ConfigMaps only', () => {
    const pod = (name: string) =>
      projectObject({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: { b: '2', a: '1' } },
      });
    expect(pod('x')?.metadata.labels).toBe(pod('y')?.metadata.labels);
    const map = (name: string) =>
      projectObject({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name },
        data: { mesh: 'a: b' },
      })?.spec;
    expect(map('istio')).toEqual({ data: { mesh: 'a: b' } });
    expect(map('secrets')).toEqual({ data: {} });
  });
});
