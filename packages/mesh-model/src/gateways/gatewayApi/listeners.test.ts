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

import { mesh } from '../../testing';
import { translateGateway } from './gateways';
import { hasInsecureFrontend } from './listenerTls';
import { meshReferences } from './referencesOfMesh';
import type { References, SecretState } from './references';

function translated(listeners: string, options = '', secret?: SecretState) {
  const snapshot = mesh`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra, labels: {topology.istio.io/network: n1}}
spec: {gatewayClassName: istio, ${options}listeners: [${listeners}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: web, labels: {team: b}}
`;
  const [gateway] = snapshot.list('K8sGateway');
  const references: References = {
    ...meshReferences(snapshot),
    ...(secret === undefined ? {} : { secret: () => secret }),
  };
  const result = translateGateway(gateway, [], references);
  if (result === undefined) {
    throw new Error('The Gateway is of class istio');
  }
  return result;
}

function conditionsOf(listeners: string, options = '', secret?: SecretState) {
  return Object.fromEntries(
    translated(listeners, options, secret).listeners[0].conditions.map(
      ({ type, status, reason }) => [type, `${status} ${reason}`],
    ),
  );
}

const GOOD = {
  Accepted: 'True Accepted',
  Conflicted: 'False NoConflicts',
  Programmed: 'True Programmed',
  ResolvedRefs: 'True ResolvedRefs',
};
const https = (tls: string) =>
  `{name: l, port: 443, protocol: HTTPS, hostname: a.example.com, tls: ${tls}}`;
const tlsOf = (listener: string, options = '') =>
  translated(listener, options).listeners[0].server?.tls;

describe('listeners as servers (R7.14)', () => {
  it('take routes of their own namespace, of all, of those selected, or of none', () => {
    const hosts = (namespaces: string) =>
      translated(
        `{name: l, port: 80, protocol: HTTP, hostname: a.example.com, allowedRoutes: {namespaces: ${namespaces}}}`,
      ).listeners[0].server?.hosts;
    expect(hosts('{}')).toEqual(['infra/a.example.com']);
    expect(hosts('{from: All}')).toEqual(['*/a.example.com']);
    expect(hosts('{from: None}')).toEqual(['~/a.example.com']);
    expect(
      hosts('{from: Selector, selector: {matchLabels: {team: b}}}'),
    ).toEqual(['web/a.example.com']);
    expect(
      hosts(
        '{from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: shop}}}',
      ),
    ).toEqual(['shop/a.example.com']);
  });

  it('refuse protocols that Istio does not know', () => {
    expect(conditionsOf('{name: l, port: 80, protocol: HTTP}')).toEqual(GOOD);
    for (const protocol of ['UDP', 'http', 'HBONE', 'MQTT']) {
      expect(
        conditionsOf(`{name: l, port: 80, protocol: ${protocol}}`).Accepted,
      ).toBe('False UnsupportedProtocol');
    }
  });

  it.each(['HTTPS', 'TLS'])(
    'are none for %s without TLS settings',
    protocol => {
      const { listeners, internal } = translated(
        `{name: l, port: 443, protocol: ${protocol}}`,
      );
      expect(listeners[0].server).toBeUndefined();
      expect(internal).toEqual([]);
    },
  );

  it('of an east-west gateway take routes on every port but that of the tunnel', () => {
    const snapshot = mesh`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec:
  gatewayClassName: istio-east-west
  listeners:
  - {name: mesh, port: 15008, protocol: HBONE, tls: {mode: Terminate, options: {gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL}}}
  - {name: passed, port: 15443, protocol: TLS, tls: {mode: Passthrough}}
  - {name: plain, port: 80, protocol: HTTP}
  - {name: late, port: 15008, protocol: TLS, hostname: a.example.com, tls: {mode: Passthrough}}
`;
    const result = translateGateway(
      snapshot.list('K8sGateway')[0],
      [],
      meshReferences(snapshot),
    );
    expect(result?.internal.map(({ listener }) => listener.name)).toEqual([
      'passed',
      'plain',
    ]);
    expect(
      result?.listeners.map(({ conditions }) => conditions[0].reason),
    ).toEqual([
      'Accepted',
      'Accepted',
      'UnsupportedProtocol',
      'UnsupportedProtocol',
    ]);
  });

  it('say which kinds of routes they take, and which of those asked for they do not', () => {
    const { listeners } = translated(
      '{name: l, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: GRPCRoute}, {kind: TCPRoute}]}}',
    );
    expect(listeners[0].kinds.map(({ kind }) => kind)).toEqual(['GRPCRoute']);
    expect(listeners[0].conditions).toContainEqual(
      expect.objectContaining({
        type: 'ResolvedRefs',
        status: 'False',
        reason: 'InvalidRouteKinds',
      }),
    );
  });
});

describe('TLS of listeners (R7.8)', () => {
  it('ends at the gateway with one certificate, or with two', () => {
    expect(tlsOf(https('{certificateRefs: [{name: c}]}'))).toEqual({
      mode: 'SIMPLE',
      credentialName: 'kubernetes-gateway://infra/c',
    });
    expect(
      tlsOf(https('{certificateRefs: [{name: c}, {name: d}]}')),
    ).toMatchObject({
      credentialNames: [
        'kubernetes-gateway://infra/c',
        'kubernetes-gateway://infra/d',
      ],
    });
  });

  it('is passed on, and between networks by the cluster in the server name', () => {
    expect(
      tlsOf('{name: l, port: 443, protocol: TLS, tls: {mode: Passthrough}}'),
    ).toEqual({ mode: 'PASSTHROUGH' });
    expect(
      tlsOf('{name: l, port: 15443, protocol: TLS, tls: {mode: Passthrough}}'),
    ).toEqual({ mode: 'AUTO_PASSTHROUGH' });
  });

  it('asks clients for certificates when the Gateway names their authority, by port where it says so', () => {
    const frontend =
      'tls: {frontend: {default: {validation: {caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}]}}, perPort: [{port: 8443, tls: {}}]}}, ';
    expect(tlsOf(https('{certificateRefs: [{name: c}]}'), frontend)).toEqual({
      mode: 'MUTUAL',
      credentialName: 'kubernetes-gateway://infra/c',
      caCertCredentialName: 'configmap://infra/ca-cacert',
      insecureSkipVerify: false,
    });
    expect(
      tlsOf(
        '{name: l, port: 8443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}',
        frontend,
      ),
    ).toMatchObject({ mode: 'SIMPLE' });
  });

  it('lets clients without a valid certificate in where the Gateway says so, unless the listener asks for one', () => {
    const frontend =
      'tls: {frontend: {default: {validation: {mode: AllowInsecureFallback, caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}]}}}}, ';
    const tlsWith = (mode: string) => {
      const settings = tlsOf(
        https(
          `{certificateRefs: [{name: c}], options: {gateway.istio.io/tls-terminate-mode: ${mode}}}`,
        ),
        frontend,
      );
      return [settings?.mode, settings?.insecureSkipVerify];
    };
    expect(tlsWith('""')).toEqual(['OPTIONAL_MUTUAL', true]);
    expect(tlsWith('MUTUAL')).toEqual(['MUTUAL', false]);
    expect(tlsWith('OPTIONAL_MUTUAL')).toEqual(['OPTIONAL_MUTUAL', false]);
    expect(
      hasInsecureFrontend(
        translated(https('{certificateRefs: [{name: c}]}'), frontend).gateway
          .spec.tls,
      ),
    ).toBe(true);
  });

  it('with the mesh’s own certificates takes no cipher suites', () => {
    const options = (mode: string) =>
      `{certificateRefs: [{name: c}], options: {gateway.istio.io/tls-terminate-mode: ${mode}, gateway.istio.io/tls-cipher-suites: ECDHE-RSA-AES128-GCM-SHA256}}`;
    expect(tlsOf(https(options('ISTIO_MUTUAL')))).toEqual({
      mode: 'ISTIO_MUTUAL',
    });
    expect(tlsOf(https(options('MUTUAL')))?.cipherSuites).toEqual([
      'ECDHE-RSA-AES128-GCM-SHA256',
    ]);
  });

  it('to backends needs a Secret that the Gateway may use', () => {
    const backend = (reference: string) =>
      `tls: {backend: {clientCertificateRef: ${reference}}}, `;
    const faultOf = (reference: string, secret?: SecretState) =>
      translated(
        '{name: l, port: 80, protocol: HTTP}',
        backend(reference),
        secret,
      ).backendFault?.reason;
    expect(faultOf('{name: c}')).toBeUndefined();
    expect(faultOf('{name: c}', 'missing')).toBe('InvalidClientCertificateRef');
    expect(faultOf('{name: c, group: "", kind: ConfigMap}')).toBe(
      'InvalidClientCertificateRef',
    );
    expect(faultOf('{name: c, namespace: certs}')).toBe('RefNotPermitted');
  });

  it('needs a grant for a certificate of another namespace, whether or not it exists', () => {
    const foreign = https('{certificateRefs: [{name: c, namespace: certs}]}');
    for (const secret of ['valid', 'missing'] as const) {
      expect(conditionsOf(foreign, '', secret)).toEqual({
        ...GOOD,
        Accepted: 'False NoValidCACertificate',
        Programmed: 'False Invalid',
        ResolvedRefs: 'False RefNotPermitted',
      });
    }
  });

  it('has no server without a certificate that can be used', () => {
    const own = https('{certificateRefs: [{name: c}]}');
    for (const secret of ['missing', 'malformed'] as const) {
      expect(conditionsOf(own, '', secret)).toEqual({
        ...GOOD,
        Programmed: 'False Invalid',
        ResolvedRefs: 'False InvalidCertificateRef',
      });
    }
    expect(translated(own, '', 'missing').listeners[0].served).toBe(false);
    expect(conditionsOf(own)).toEqual(GOOD);
  });
});
