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

import { ztunnelPoliciesOf } from '../ambient';
import { clientTlsFor } from '../destinations';
import { defaultClient, waypointOf, type Client } from '../membership';
import { landingOf } from '../routing/inboundConnection';
import { mesh } from '../testing';
import {
  mtlsPathOf,
  serverModeOfPod,
  transportsToServiceEntry,
  trustVerdictOf,
} from '.';

const SIDECAR = `
apiVersion: v1
kind: Pod
metadata: {name: a-1, namespace: foo, labels: {app: a, security.istio.io/tlsMode: istio}}
spec: {containers: [{name: app}, {name: istio-proxy}]}
status: {phase: Running}
---`;

const AMBIENT = `
apiVersion: v1
kind: Pod
metadata: {name: a-1, namespace: foo, labels: {app: a}, annotations: {ambient.istio.io/redirection: enabled}}
spec: {containers: [{name: app}]}
status: {phase: Running}
---`;

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: a, namespace: foo}
spec: {clusterIP: 10.0.0.1, selector: {app: a}, ports: [{name: http, port: 80, targetPort: 8080}]}
---`;

function peerAuthentication(namespace: string, name: string, spec: string) {
  return `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
---`;
}

function world(...parts: readonly string[]) {
  return mesh`${parts.join('\n')}`;
}

function modeOn(port: number, ...parts: readonly string[]) {
  const snapshot = world(...parts);
  const { mode } = serverModeOfPod(snapshot, snapshot.list('Pod')[0], port);
  if (mode === 'NONE') {
    throw new Error('The pod must have a proxy.');
  }
  return mode;
}

const meshed = defaultClient('foo');
const outside: Client = { ...meshed, proxy: 'none' };

describe('what a sidecar does with connections (R3.5, R3.6)', () => {
  it('S11: mesh DISABLE, workload STRICT on 9000, which is in no Service: plaintext is refused, mesh mTLS accepted', () => {
    const mode = modeOn(
      9000,
      SIDECAR,
      SERVICE,
      peerAuthentication('istio-system', 'default', '{mtls: {mode: DISABLE}}'),
      peerAuthentication(
        'foo',
        'a',
        '{selector: {matchLabels: {app: a}}, portLevelMtls: {"9000": {mode: STRICT}}}',
      ),
    );
    expect(mode).toBe('STRICT');
    expect(landingOf(mode, 'auto', { protocol: 'tcp', tls: 'plaintext' })).toBe(
      'refused',
    );
    expect(landingOf(mode, 'auto', { protocol: 'tcp', tls: 'mtls' })).toBe(
      'bytes',
    );
  });

  it('S12: mesh DISABLE, mesh mTLS to an HTTP port: a protocol error', () => {
    expect(
      landingOf('DISABLE', 'http', { protocol: 'http', tls: 'mtls' }),
    ).toBe('protocol-error');
  });

  it('S13: mesh DISABLE, mesh mTLS to a TCP or sniffed port: the application gets the TLS bytes', () => {
    expect(landingOf('DISABLE', 'tcp', { protocol: 'tcp', tls: 'mtls' })).toBe(
      'bytes',
    );
    expect(landingOf('DISABLE', 'auto', { protocol: 'tcp', tls: 'mtls' })).toBe(
      'bytes',
    );
  });

  it('S14: PERMISSIVE, HTTPS of the client: reset on a port declared as HTTP, forwarded on a TCP or sniffed one', () => {
    const https = { protocol: 'http', tls: 'tls' } as const;
    expect(landingOf('PERMISSIVE', 'http', https)).toBe('refused');
    expect(landingOf('PERMISSIVE', 'tcp', https)).toBe('bytes');
    expect(landingOf('PERMISSIVE', 'auto', https)).toBe('bytes');
  });

  it('S15: STRICT, plaintext to a port that nothing declares: no filter chain', () => {
    const mode = modeOn(
      82,
      SIDECAR,
      SERVICE,
      peerAuthentication('foo', 'ns', '{mtls: {mode: STRICT}}'),
    );
    expect(
      landingOf(mode, 'auto', { protocol: 'http', tls: 'plaintext' }),
    ).toBe('refused');
  });

  it('S16: ports that Sidecar.ingress does not list follow the PeerAuthentication', () => {
    const parts = [
      SIDECAR,
      SERVICE,
      peerAuthentication(
        'foo',
        'a',
        '{selector: {matchLabels: {app: a}}, mtls: {mode: DISABLE}, portLevelMtls: {"9090": {mode: STRICT}}}',
      ),
      `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: a, namespace: foo}
spec:
  workloadSelector: {labels: {app: a}}
  ingress: [{port: {number: 8080, protocol: HTTP, name: http}, defaultEndpoint: "127.0.0.1:8080"}]
---`,
    ];
    expect(modeOn(9090, ...parts)).toBe('STRICT');
    expect(modeOn(9091, ...parts)).toBe('DISABLE');
  });

  it.each([
    ['false', 'DISABLE', 'plaintext'],
    ['true', 'PERMISSIVE', 'mtls'],
    ['true', 'DISABLE', 'broken'],
  ])(
    'R3.8: TLS of Sidecar.ingress with its flag %s and mesh TLS %s is %s',
    (flag, mode, summary) => {
      const snapshot = world(
        SIDECAR,
        SERVICE,
        peerAuthentication('foo', 'a', `{mtls: {mode: ${mode}}}`),
        `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: a, namespace: foo}
spec:
  workloadSelector: {labels: {app: a}}
  ingress: [{port: {number: 8080, protocol: HTTP, name: http}, defaultEndpoint: "127.0.0.1:8080", tls: {mode: SIMPLE}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system, labels: {app: istiod, istio.io/rev: default}}
spec: {template: {metadata: {labels: {app: istiod}}, spec: {containers: [{name: discovery, env: [{name: ENABLE_TLS_ON_SIDECAR_INGRESS, value: "${flag}"}]}]}}}
---`,
      );
      const [service] = snapshot.list('Service');
      const [port] = service.spec.ports;
      const path = mtlsPathOf(snapshot, meshed, service, port);
      expect(path.summary).toBe(summary);
      expect(
        path.verdict.facts.some(fact => fact.path === 'spec.ingress[0]'),
      ).toBe(summary === 'broken');
    },
  );

  it('R3.8: whether a sender takes the certificate of a Sidecar is unknown, not green', () => {
    const snapshot = world(
      SIDECAR,
      SERVICE.replace('name: http', 'name: tls'),
      peerAuthentication('foo', 'a', '{mtls: {mode: DISABLE}}'),
      `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: a, namespace: foo}
spec: {ingress: [{port: {number: 8080, protocol: TLS, name: tls}, defaultEndpoint: "127.0.0.1:8080", tls: {mode: MUTUAL}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system, labels: {app: istiod, istio.io/rev: default}}
spec: {template: {metadata: {labels: {app: istiod}}, spec: {containers: [{name: discovery, env: [{name: ENABLE_TLS_ON_SIDECAR_INGRESS, value: "true"}]}]}}}
---`,
    );
    const [service] = snapshot.list('Service');
    expect(
      mtlsPathOf(snapshot, meshed, service, service.spec.ports[0]).verdict,
    ).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('MUTUAL'),
    });
  });
});

function entry(spec: string, more = '') {
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: out, namespace: foo}
spec: {hosts: [out.example.com], ports: [{number: 80, name: http, protocol: HTTP}], ${spec}}
---${more}`;
}

function sentTo(...parts: readonly string[]) {
  const snapshot = world(...parts);
  return transportsToServiceEntry(
    snapshot,
    meshed,
    snapshot.list('ServiceEntry')[0],
    'out.example.com',
    80,
  ).map(({ sent }) => sent.transport);
}

describe('what clients send to ServiceEntries (R3.9, R8.13)', () => {
  it('S24: a service outside the mesh never gets mutual TLS by itself', () => {
    const endpoints =
      'resolution: STATIC, endpoints: [{address: 1.2.3.4, labels: {security.istio.io/tlsMode: istio}}]';
    expect(sentTo(entry(endpoints))).toEqual(['plaintext']);
    expect(sentTo(entry(`${endpoints}, location: MESH_INTERNAL`))).toEqual([
      'mutual-tls',
    ]);
    expect(sentTo(entry('resolution: DNS'))).toEqual(['plaintext']);
  });

  it('S25: a machine of the mesh gets mutual TLS only with a service account or the label', () => {
    const selecting =
      'resolution: STATIC, location: MESH_INTERNAL, workloadSelector: {labels: {app: vm}}';
    const machine = (spec: string, labels = '') => `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm, namespace: foo, labels: {${labels}}}
spec: {address: 10.9.0.1, labels: {app: vm}${spec}}
---`;
    expect(sentTo(entry(selecting, machine('')))).toEqual(['plaintext']);
    expect(sentTo(entry(selecting, machine(', serviceAccount: vm')))).toEqual([
      'mutual-tls',
    ]);
    expect(
      sentTo(
        entry(
          selecting,
          machine(
            ', serviceAccount: vm',
            'security.istio.io/tlsMode: disabled',
          ),
        ),
      ),
    ).toEqual(['plaintext']);
    expect(
      sentTo(entry(selecting, machine('', 'security.istio.io/tlsMode: istio'))),
    ).toEqual(['mutual-tls']);
  });
});

describe('subsets and trust domains', () => {
  it('S28: a subset with a policy of its own but no tls inherits ISTIO_MUTUAL', () => {
    const snapshot = world(
      SERVICE,
      `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: foo}
spec:
  host: a
  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
  subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {loadBalancer: {simple: RANDOM}}}]
---`,
    );
    expect(
      clientTlsFor(snapshot, meshed, 'a.foo.svc.cluster.local', 80, 'v1').mode,
    ).toBe('ISTIO_MUTUAL');
  });

  it('S29: a peer of another trust domain is accepted only when the mesh names it as an alias', () => {
    const config = (text: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "${text}"}
---`;
    const verdict = (text: string) =>
      trustVerdictOf(world(config(text)), 'td2').state;
    expect(verdict('trustDomainAliases: [td2]')).toBe('pass');
    expect(verdict('trustDomain: td1')).toBe('fail');
    expect(verdict('caCertificates: [{trustDomains: [td2]}]')).toBe('pass');
  });
});

describe('ambient servers (R3.14, R3.15)', () => {
  const strict = peerAuthentication('foo', 'ns', '{mtls: {mode: STRICT}}');
  const STATIC_STRICT = 'istio-system/istio_converted_static_strict';

  it('S33: namespace STRICT, workload PERMISSIVE: the workload carries no static strict policy', () => {
    const policies = (...more: readonly string[]) =>
      ztunnelPoliciesOf(
        world(AMBIENT, SERVICE, strict, ...more),
        'istio-system',
        'foo',
        { app: 'a' },
      );
    expect(policies()).toEqual([STATIC_STRICT]);
    expect(
      policies(
        peerAuthentication(
          'foo',
          'a',
          '{selector: {matchLabels: {app: a}}, mtls: {mode: PERMISSIVE}}',
        ),
      ),
    ).toEqual([]);
  });

  it('R3.14: a port that is opened accepts both; that ambient has no DISABLE is said where DISABLE is written only', () => {
    const says = (mode: string) => {
      const snapshot = world(
        AMBIENT,
        SERVICE,
        peerAuthentication(
          'foo',
          'a',
          `{selector: {matchLabels: {app: a}}, portLevelMtls: {8080: {mode: ${mode}}}}`,
        ),
      );
      const [pod] = snapshot.list('Pod');
      const found = serverModeOfPod(snapshot, pod, 8080);
      return [found.mode, found.by?.says ?? ''];
    };
    expect(says('PERMISSIVE')).toEqual([
      'PERMISSIVE',
      expect.not.stringContaining('DISABLE'),
    ]);
    expect(says('DISABLE')).toEqual([
      'PERMISSIVE',
      expect.stringContaining('ambient has no DISABLE'),
    ]);
  });

  it('R3.14: a mesh policy with an empty selector binds sidecars, and not ztunnel', () => {
    const policy = peerAuthentication(
      'istio-system',
      'default',
      '{selector: {}, mtls: {mode: STRICT}}',
    );
    expect(modeOn(8080, SIDECAR, SERVICE, policy)).toBe('STRICT');
    expect(modeOn(8080, AMBIENT, SERVICE, policy)).toBe('PERMISSIVE');
  });

  it('S36: a client outside the mesh goes past the waypoint to a STRICT ambient pod, where ztunnel denies it', () => {
    const snapshot = world(
      AMBIENT,
      SERVICE.replace(
        'namespace: foo}',
        'namespace: foo, labels: {istio.io/use-waypoint: wp}}',
      ),
      strict,
      `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: foo}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
status: {addresses: [{type: IPAddress, value: 10.0.0.9}]}
---`,
    );
    const [service] = snapshot.list('Service');
    expect(waypointOf(snapshot, service).state).toBe('bound');
    const path = mtlsPathOf(snapshot, outside, service, service.spec.ports[0]);
    expect(path.summary).toBe('broken');
    expect(path.verdict.state).toBe('fail');
  });
});
