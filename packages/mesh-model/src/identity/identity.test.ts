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
  canonicalServiceOf,
  meshConfigOf,
  parseDuration,
  parseMeshConfig,
  protocolOfPort,
  isNamespaceDiscovered,
  isReadByRevision,
  spiffeId,
} from './index';

describe('mesh configuration', () => {
  it('R1.11: without a ConfigMap the defaults of Istio stand', () => {
    const config = meshConfigOf(mesh``);
    expect(config).toMatchObject({
      rootNamespace: 'istio-system',
      enableAutoMtls: true,
      outboundTrafficPolicy: 'ALLOW_ANY',
      problems: [],
    });
    expect(config.source).toBeUndefined();
  });

  it('R1.11: a revision reads its own ConfigMap, and an edit is seen', () => {
    const snapshot = mesh`
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "trustDomain: old"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-canary, namespace: istio-system}
data: {mesh: "{trustDomain: new, outboundTrafficPolicy: {mode: REGISTRY_ONLY}}"}
`;
    expect(meshConfigOf(snapshot).trustDomain).toBe('old');
    expect(meshConfigOf(snapshot, 'canary')).toMatchObject({
      trustDomain: 'new',
      outboundTrafficPolicy: 'REGISTRY_ONLY',
    });
    snapshot.replaceKind('ConfigMap', []);
    expect(meshConfigOf(snapshot).trustDomain).toBe('cluster.local');
  });

  it('keeps the default where a value is malformed, and says what to write', () => {
    const config = parseMeshConfig('enableAutoMtls: "yes"\ntrustDomain: a');
    expect(config).toMatchObject({ enableAutoMtls: true, trustDomain: 'a' });
    expect(config.problems).toEqual([
      {
        path: 'data.mesh: enableAutoMtls',
        message: expect.stringContaining('Expected true or false'),
      },
    ]);
    expect(parseMeshConfig('{').problems).toHaveLength(1);
  });

  it('R1.12: an empty default for exportTo is taken as it is', () => {
    expect(
      parseMeshConfig('defaultServiceExportTo: []').defaultServiceExportTo,
    ).toEqual([]);
  });

  it('R1.15: providers of the mesh stand beside the built-in ones', () => {
    const { extensionProviders } = parseMeshConfig(`
extensionProviders:
- name: opa
  envoyExtAuthzGrpc: {service: opa.auth.svc.cluster.local, port: 9191}
`);
    expect(extensionProviders[0]).toEqual({
      name: 'opa',
      type: 'envoyExtAuthzGrpc',
      service: 'opa.auth.svc.cluster.local',
      settings: { service: 'opa.auth.svc.cluster.local', port: 9191 },
      port: 9191,
    });
    expect(extensionProviders.map(({ name }) => name)).toContain('prometheus');
  });
});

describe('identity', () => {
  it('R1.6: appProtocol beats the name, a server-first port is TCP, UDP stays', () => {
    expect(protocolOfPort({ name: 'http-x', appProtocol: 'https' })).toBe(
      'https',
    );
    expect(protocolOfPort({ name: 'db', port: 3306 })).toBe('tcp');
    expect(protocolOfPort({ name: 'db', port: 5432 })).toBe('auto');
    expect(protocolOfPort({ name: 'http', protocol: 'UDP' })).toBe('udp');
    expect(protocolOfPort({ name: 'grpc-web-x' })).toBe('grpc-web');
    expect(protocolOfPort({ name: 'gRPC-WebUI' })).toBe('grpc-web');
    expect(protocolOfPort({ name: 'grpcweb-x' })).toBe('auto');
  });

  it('R1.7: an empty service account is `default`', () => {
    expect(spiffeId('a@b', 'shop', '')).toBe('spiffe://a.b/ns/shop/sa/default');
  });

  it('R1.9: labels name the canonical service before the workload does', () => {
    expect(canonicalServiceOf({ app: 'web' }, 'web-v2')).toEqual({
      name: 'web',
      revision: 'latest',
    });
  });

  it.each([
    ['1h2m3.5s', 3_723_500],
    ['250ms', 250],
    ['0', 0],
    ['-1s', -1_000],
    ['5', undefined],
    ['', undefined],
    ['1s x', undefined],
  ])('reads the duration %p', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });
});

describe('what a control plane reads', () => {
  const snapshot = mesh`
apiVersion: v1
kind: Namespace
metadata: {name: in, labels: {mesh: 'on'}}
---
apiVersion: v1
kind: Namespace
metadata: {name: out}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: a, namespace: in, labels: {istio.io/rev: r2}}
`;

  it('S134: an object of revision r2 is not read by r1', () => {
    const [policy] = snapshot.list('PeerAuthentication');
    expect(isReadByRevision(policy, 'r1', [])).toBe(false);
    expect(isReadByRevision(policy, 'r2', [])).toBe(true);
    expect(
      isReadByRevision(policy, 'r1', [{ tag: 'r2', revision: 'r1' }]),
    ).toBe(true);
  });

  it('S135: a namespace that no discovery selector selects is unknown to the mesh', () => {
    const config = { discoverySelectors: [{ matchLabels: { mesh: 'on' } }] };
    expect(isNamespaceDiscovered(snapshot, config, 'in')).toBe(true);
    expect(isNamespaceDiscovered(snapshot, config, 'out')).toBe(false);
    expect(
      isNamespaceDiscovered(snapshot, { discoverySelectors: [] }, 'out'),
    ).toBe(true);
  });
});
