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

import { clientTlsFor } from '../destinations';
import { defaultClient } from '../membership';
import { wayOfRequest } from '../routing/way';
import { mesh } from '../testing';
import { acceptedNamesOf, mtlsPathOf } from '.';

const SERVER = `
apiVersion: v1
kind: Pod
metadata: {name: a-1, namespace: foo, labels: {app: a, security.istio.io/tlsMode: istio}}
spec: {serviceAccountName: a, containers: [{name: app}, {name: istio-proxy}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: foo}
spec: {clusterIP: 10.0.0.1, selector: {app: a}, ports: [{name: tcp, port: 80, targetPort: 8080}]}
---`;

const outside = (names = '') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: foo}
spec: {hosts: [api.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: http, protocol: HTTP}]${names}}
---`;

const rule = (host: string, tls: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: foo}
spec: {host: ${host}, trafficPolicy: {tls: ${tls}}}
---`;

const CLIENT = defaultClient('foo');

function path(tls: string, more = '') {
  const snapshot = mesh`${SERVER}${more}${rule('a', tls)}`;
  const [service] = snapshot.list('Service');
  return mtlsPathOf(snapshot, CLIENT, service, service.spec.ports[0]);
}

function accepted(tls: string, names = '') {
  const snapshot = mesh`${outside(names)}${rule('api.example.com', tls)}`;
  return acceptedNamesOf(
    clientTlsFor(snapshot, CLIENT, 'api.example.com', 443),
    snapshot.list('ServiceEntry')[0],
  );
}

describe('names in the certificate of a server (R8.15)', () => {
  it('R8.15: mutual TLS of the mesh accepts the identities of the service itself, unless the DestinationRule names others', () => {
    expect(path('{mode: ISTIO_MUTUAL}').summary).toBe('mtls');
    const named = (identity: string) =>
      path(`{mode: ISTIO_MUTUAL, subjectAltNames: ["${identity}"]}`);
    expect(named('spiffe://cluster.local/ns/foo/sa/a').summary).toBe('mtls');
    expect(named('spiffe://cluster.local/ns/foo/sa/other')).toMatchObject({
      summary: 'broken',
      verdict: {
        state: 'fail',
        reason: expect.stringMatching(/CERTIFICATE_VERIFY_FAILED/),
        facts: expect.arrayContaining([
          expect.objectContaining({
            path: 'spec.trafficPolicy.tls.subjectAltNames',
          }),
        ]),
      },
    });
  });

  it('R1.7, R8.15: the identity has the trust domain of the mesh', () => {
    const config = `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: 'trustDomain: td1'}
---`;
    const named = (domain: string) =>
      path(
        `{mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://${domain}/ns/foo/sa/a"]}`,
        config,
      ).summary;
    expect(named('td1')).toBe('mtls');
    expect(named('cluster.local')).toBe('broken');
  });

  it('R8.15: what an application’s own certificate says is not known', () => {
    expect(
      path('{mode: SIMPLE, subjectAltNames: [a.example.com]}'),
    ).toMatchObject({ summary: 'unknown', verdict: { state: 'unknown' } });
  });

  it('R8.15: TLS that is originated accepts the names of the DestinationRule, else those of the ServiceEntry, else the host', () => {
    const names = ', subjectAltNames: [cert.example.com]';
    expect(
      accepted('{mode: SIMPLE, subjectAltNames: [other.example.com]}', names),
    ).toMatchObject({
      names: ['other.example.com'],
      by: { object: { kind: 'DestinationRule' } },
    });
    expect(accepted('{mode: SIMPLE}', names)).toMatchObject({
      names: ['cert.example.com'],
      by: { object: { kind: 'ServiceEntry' }, path: 'spec.subjectAltNames' },
    });
    expect(accepted('{mode: SIMPLE}')).toEqual({
      names: [],
      says: 'Only a certificate for the host of the request is accepted (from Istio 1.21 on)',
    });
  });

  it('R8.15: nothing is accepted or refused where TLS is not verified, not originated, or has a server name of its own', () => {
    const names = ', subjectAltNames: [cert.example.com]';
    expect(
      accepted('{mode: SIMPLE, insecureSkipVerify: true}', names),
    ).toBeUndefined();
    expect(accepted('{mode: DISABLE}', names)).toBeUndefined();
    expect(accepted('{mode: ISTIO_MUTUAL}', names)).toBeUndefined();
    expect(accepted('{mode: SIMPLE, sni: x.example.com}')).toBeUndefined();
  });

  it('R8.15: a request to a server with another identity ends with 503 UF', () => {
    const yaml = `${SERVER.replace('name: tcp', 'name: http')}${rule(
      'a',
      '{mode: ISTIO_MUTUAL, subjectAltNames: ["spiffe://cluster.local/ns/foo/sa/b"]}',
    )}`;
    expect(
      wayOfRequest(mesh`${yaml}`, CLIENT, { host: 'a', port: 80 }).outcome,
    ).toMatchObject({ ending: 'failed', code: 503, flag: 'UF' });
  });

  it('R8.15: a request that leaves the mesh says which certificates are accepted', () => {
    const yaml = `${outside(', subjectAltNames: [cert.example.com]')}${rule(
      'api.example.com',
      '{mode: SIMPLE}',
    )}`;
    const { steps } = wayOfRequest(mesh`${yaml}`, CLIENT, {
      host: 'api.example.com',
      port: 443,
      protocol: 'http',
      tls: false,
    });
    expect(steps.find(({ stage }) => stage === 'client-tls')).toMatchObject({
      says: expect.stringContaining(
        'accepts only a certificate for cert.example.com',
      ),
      facts: expect.arrayContaining([
        expect.objectContaining({ path: 'spec.subjectAltNames' }),
      ]),
    });
  });
});
