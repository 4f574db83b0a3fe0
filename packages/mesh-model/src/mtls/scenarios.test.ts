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

import { defaultClient } from '../membership';
import type { Client } from '../membership';
import { mesh } from '../testing';
import { mtlsPathOf, serverModesOfService } from '.';

const sidecar = (name: string, labels = 'app: a', more = '') => `
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: foo
  labels: {${labels}, security.istio.io/tlsMode: istio}
spec:
  containers:
  - name: app
    image: app
    ports: [{containerPort: 8080}, {containerPort: 9000}]
  - {name: istio-proxy, image: "istio/proxyv2:1.27.1"}
  ${more}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}`;

const unmeshed = `
---
apiVersion: v1
kind: Pod
metadata: {name: plain, namespace: foo, labels: {app: a}}
spec:
  containers: [{name: app, image: app}]
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}`;

const ambient = `
---
apiVersion: v1
kind: Pod
metadata:
  name: amb
  namespace: foo
  labels: {app: a}
  annotations: {ambient.istio.io/redirection: enabled}
spec:
  containers: [{name: app, image: app}]
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}`;

const service = `
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: foo}
spec:
  clusterIP: 10.0.0.1
  selector: {app: a}
  ports:
  - {name: http, port: 80, targetPort: 8080}
  - {name: tcp-x, port: 9000, targetPort: 9000}`;

let age = 0;
function policy(namespace: string, name: string, spec: string) {
  age += 1;
  return `
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "2026-01-01T00:00:${String(
    age,
  ).padStart(2, '0')}Z"}
spec: ${spec}`;
}
beforeEach(() => {
  age = 0;
});

const disableRule = `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: foo}
spec: {host: a, trafficPolicy: {tls: {mode: DISABLE}}}`;

function modes(...yaml: string[]) {
  const snapshot = mesh`${yaml.join('')}`;
  const a = snapshot.get('Service', 'foo', 'a');
  if (!a) throw new Error('service a is missing');
  return serverModesOfService(snapshot, a).map(({ mode }) => mode);
}

function path(client: Client, port: number, ...yaml: string[]) {
  const snapshot = mesh`${yaml.join('')}`;
  const a = snapshot.get('Service', 'foo', 'a');
  const servicePort = a?.spec.ports.find(each => each.port === port);
  if (!a || !servicePort) throw new Error('service port is missing');
  return mtlsPathOf(snapshot, client, a, servicePort);
}

const meshed = defaultClient('foo');
const outside: Client = { ...meshed, proxy: 'none' };
const viaZtunnel: Client = { ...meshed, proxy: 'ambient' };

describe('server mode', () => {
  it('S1: PERMISSIVE without any policy', () => {
    expect(modes(service, sidecar('a1'))).toEqual(['PERMISSIVE', 'PERMISSIVE']);
  });

  it('S2: the mesh policy counts everywhere', () => {
    expect(
      modes(
        service,
        sidecar('a1'),
        policy('istio-system', 'default', '{mtls: {mode: STRICT}}'),
      ),
    ).toEqual(['STRICT', 'STRICT']);
  });

  it('S3, S4: the narrower scope wins', () => {
    expect(
      modes(
        service,
        sidecar('a1'),
        policy('istio-system', 'default', '{mtls: {mode: STRICT}}'),
        policy('foo', 'ns', '{mtls: {mode: PERMISSIVE}}'),
      ),
    ).toEqual(['PERMISSIVE', 'PERMISSIVE']);
    expect(
      modes(
        service,
        sidecar('a1'),
        policy('foo', 'ns', '{mtls: {mode: STRICT}}'),
        policy(
          'foo',
          'a',
          '{selector: {matchLabels: {app: a}}, mtls: {mode: PERMISSIVE}}',
        ),
      ),
    ).toEqual(['PERMISSIVE', 'PERMISSIVE']);
  });

  it('S5: a selector in the root namespace has no effect', () => {
    expect(
      modes(
        service,
        sidecar('a1'),
        policy(
          'istio-system',
          'a',
          '{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}}',
        ),
      ),
    ).toEqual(['PERMISSIVE', 'PERMISSIVE']);
  });

  it('S6: of two namespace policies the older acts', () => {
    expect(
      modes(
        service,
        sidecar('a1'),
        policy('foo', 'z-older', '{mtls: {mode: DISABLE}}'),
        policy('foo', 'a-newer', '{mtls: {mode: STRICT}}'),
      ),
    ).toEqual(['DISABLE', 'DISABLE']);
  });

  it('S7: of two matching workload policies the older acts alone, ports included', () => {
    expect(
      modes(
        service,
        sidecar('a1'),
        policy(
          'foo',
          'older',
          '{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}}',
        ),
        policy(
          'foo',
          'newer',
          '{selector: {matchLabels: {app: a}}, portLevelMtls: {"8080": {mode: DISABLE}}}',
        ),
      ),
    ).toEqual(['STRICT', 'STRICT']);
  });

  it('S8: UNSET inherits', () => {
    expect(
      modes(
        service,
        sidecar('a1'),
        policy('istio-system', 'default', '{mtls: {mode: STRICT}}'),
        policy('foo', 'ns', '{mtls: {mode: UNSET}}'),
        policy(
          'foo',
          'a',
          '{selector: {matchLabels: {app: a}}, mtls: {mode: UNSET}}',
        ),
      ),
    ).toEqual(['STRICT', 'STRICT']);
  });

  it('S9, S10: port modes are of pod ports, UNSET falls back to the workload', () => {
    const workload = (ports: string) =>
      policy(
        'foo',
        'a',
        `{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}, portLevelMtls: ${ports}}`,
      );
    expect(
      modes(
        service,
        sidecar('a1'),
        workload('{"8080": {mode: UNSET}, "9000": {mode: DISABLE}}'),
      ),
    ).toEqual(['STRICT', 'DISABLE']);
    expect(
      modes(service, sidecar('a1'), workload('{"80": {mode: DISABLE}}')),
    ).toEqual(['STRICT', 'STRICT']);
  });

  it('is MIXED when workloads differ, UNKNOWN without endpoints', () => {
    expect(modes(service, sidecar('a1'), unmeshed)).toEqual(['MIXED', 'MIXED']);
    expect(modes(service)).toEqual(['UNKNOWN', 'UNKNOWN']);
  });

  it('S31, S32: ambient has no DISABLE, and opens single ports', () => {
    expect(
      modes(service, ambient, policy('foo', 'ns', '{mtls: {mode: DISABLE}}')),
    ).toEqual(['PERMISSIVE', 'PERMISSIVE']);
    expect(
      modes(
        service,
        ambient,
        policy(
          'foo',
          'a',
          '{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}, portLevelMtls: {"9000": {mode: PERMISSIVE}}}',
        ),
      ),
    ).toEqual(['STRICT', 'PERMISSIVE']);
  });

  it('S34: a STRICT port is lost in ambient under a STRICT mesh, and kept by sidecars', () => {
    const policies = [
      policy('istio-system', 'default', '{mtls: {mode: STRICT}}'),
      policy(
        'foo',
        'a',
        '{selector: {matchLabels: {app: a}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {"9000": {mode: STRICT}}}',
      ),
    ];
    expect(modes(service, ambient, ...policies)).toEqual([
      'PERMISSIVE',
      'PERMISSIVE',
    ]);
    expect(modes(service, sidecar('a1'), ...policies)).toEqual([
      'PERMISSIVE',
      'STRICT',
    ]);
  });
});

describe('path', () => {
  it('S1: auto mTLS between sidecars', () => {
    expect(path(meshed, 80, service, sidecar('a1'))).toMatchObject({
      summary: 'mtls',
      verdict: { state: 'pass' },
    });
  });

  it('S17: a namespace that disables and a workload that demands break every call', () => {
    expect(
      path(
        meshed,
        80,
        service,
        sidecar('a1'),
        policy('foo', 'ns', '{mtls: {mode: DISABLE}}'),
        policy(
          'foo',
          'a',
          '{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}}',
        ),
      ).summary,
    ).toBe('broken');
  });

  it('S18: a workload that disables is called in plaintext', () => {
    expect(
      path(
        meshed,
        80,
        service,
        sidecar('a1'),
        policy('foo', 'ns', '{mtls: {mode: STRICT}}'),
        policy(
          'foo',
          'a',
          '{selector: {matchLabels: {app: a}}, mtls: {mode: DISABLE}}',
        ),
      ).summary,
    ).toBe('plaintext');
  });

  it('S19: DISABLE at the client against STRICT is broken, and names both objects', () => {
    const { summary, verdict } = path(
      meshed,
      80,
      service,
      sidecar('a1'),
      policy('foo', 'ns', '{mtls: {mode: STRICT}}'),
      disableRule,
    );
    expect(summary).toBe('broken');
    expect(verdict.state).toBe('fail');
    expect(
      verdict.facts.map(({ object, path: at }) => [
        object.kind,
        object.name,
        at,
      ]),
    ).toEqual([
      ['DestinationRule', 'a', 'spec.trafficPolicy.tls'],
      ['PeerAuthentication', 'ns', 'spec.mtls.mode'],
    ]);
  });

  it('S20: a pod without sidecar gets plaintext, and ISTIO_MUTUAL breaks it', () => {
    expect(path(meshed, 80, service, unmeshed).summary).toBe('plaintext');
    expect(
      path(
        meshed,
        80,
        service,
        unmeshed,
        disableRule.replace('DISABLE', 'ISTIO_MUTUAL'),
      ).summary,
    ).toBe('broken');
  });

  it('S21: TLS to a port declared as HTTP is reset', () => {
    const simple = disableRule.replace('DISABLE', 'SIMPLE');
    expect(path(meshed, 80, service, sidecar('a1'), simple).summary).toBe(
      'broken',
    );
    expect(path(meshed, 9000, service, sidecar('a1'), simple).summary).toBe(
      'mtls',
    );
  });

  it('S22: without auto mTLS plaintext is sent', () => {
    const config = `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "enableAutoMtls: false"}`;
    expect(path(meshed, 80, service, sidecar('a1'), config).summary).toBe(
      'plaintext',
    );
  });

  it('S23: one endpoint without sidecar makes a headless service plaintext', () => {
    const headless = service.replace('10.0.0.1', 'None');
    expect(path(meshed, 80, headless, sidecar('a1'), unmeshed).summary).toBe(
      'plaintext',
    );
    expect(path(meshed, 80, headless, sidecar('a1')).summary).toBe('mtls');
  });

  it('S26: an endpoint that says it takes no mutual TLS breaks against STRICT', () => {
    const disabled = sidecar('a1').replace(
      'tlsMode: istio',
      'tlsMode: disabled',
    );
    expect(path(meshed, 80, service, disabled).summary).toBe('plaintext');
    expect(
      path(
        meshed,
        80,
        service,
        disabled,
        policy('foo', 'ns', '{mtls: {mode: STRICT}}'),
      ).summary,
    ).toBe('broken');
  });

  it('S27: a top-level DISABLE still marks endpoints when the port entry has no tls', () => {
    const rule = disableRule.replace(
      'tls: {mode: DISABLE}',
      'tls: {mode: DISABLE}, portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]',
    );
    expect(path(meshed, 80, service, sidecar('a1'), rule).summary).toBe(
      'plaintext',
    );
  });

  it('S30, S35: ztunnel sends HBONE where it is taken, else plaintext', () => {
    const strict = policy('foo', 'ns', '{mtls: {mode: STRICT}}');
    expect(path(viaZtunnel, 80, service, ambient, strict).summary).toBe('mtls');
    expect(path(outside, 80, service, ambient, strict).summary).toBe('broken');
    expect(path(viaZtunnel, 80, service, sidecar('a1'), strict).summary).toBe(
      'broken',
    );
    expect(path(viaZtunnel, 80, service, sidecar('a1')).summary).toBe(
      'plaintext',
    );
  });

  it('a client without proxy is tolerated by PERMISSIVE, unencrypted', () => {
    expect(path(outside, 80, service, sidecar('a1'))).toMatchObject({
      summary: 'plaintext',
      verdict: { state: 'fail' },
    });
  });

  it('is mixed where endpoints differ, unknown without any', () => {
    expect(path(meshed, 80, service, sidecar('a1'), unmeshed).summary).toBe(
      'mixed',
    );
    expect(path(meshed, 80, service)).toMatchObject({
      summary: 'unknown',
      verdict: { state: 'unknown' },
    });
  });
});
