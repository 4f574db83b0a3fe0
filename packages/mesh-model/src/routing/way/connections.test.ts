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

import type { Client } from '../../membership';
import type { WayRequest } from '.';
import {
  AMBIENT,
  MESHED,
  UNMESHED,
  pod,
  service,
  istio,
  policy,
  REVIEWS,
  way,
  stages,
  ends,
} from './__testUtils__/wayMesh';

describe('TLS that does not fit', () => {
  const STRICT = policy(
    'PeerAuthentication',
    'default',
    '{mtls: {mode: STRICT}}',
  );
  const tls = (mode: string) =>
    istio(
      'DestinationRule',
      'reviews',
      `{host: reviews, trafficPolicy: {tls: {mode: ${mode}}}}`,
    );

  it('ends with 503 UC when plaintext meets STRICT', () => {
    const found = way(`${REVIEWS}${STRICT}${tls('DISABLE')}`);
    expect(ends(found)).toEqual([[100, 'failed', 503, 'UC']]);
    expect(found.steps.at(-1)).toMatchObject({
      stage: 'server-mode',
      state: 'fail',
    });
  });

  it('ends with 503 UF when TLS of its own meets STRICT', () => {
    expect(ends(way(`${REVIEWS}${STRICT}${tls('SIMPLE')}`))).toEqual([
      [100, 'failed', 503, 'UF'],
    ]);
  });

  it('is unknown where TLS of its own reaches an application of which nothing says that it speaks TLS', () => {
    const sent = (port: string, request: Partial<WayRequest> = {}) =>
      way(
        `${service('reviews', { port })}${pod(
          'a',
          'reviews',
          'v1',
          'none',
        )}${tls('SIMPLE')}`,
        request,
      );
    expect(sent('name: http, port: 80').ending).toBe('unknown');
    expect(sent('name: https, port: 80', { tls: false }).ending).toBe(
      'delivered',
    );
    // The caller's application speaks TLS itself: that would be TLS within TLS.
    expect(sent('name: https, port: 80').ending).toBe('unknown');
  });

  it('has no code for a caller without a proxy: its connection is closed', () => {
    expect(ends(way(`${REVIEWS}${STRICT}`, {}, UNMESHED))).toEqual([
      [100, 'failed', undefined, undefined],
    ]);
  });

  it('arrives unencrypted from a caller without a proxy where the server permits it', () => {
    expect(way(REVIEWS, {}, UNMESHED).outcome).toMatchObject({
      ending: 'delivered',
      encrypted: false,
    });
  });

  it('branches where endpoints differ', () => {
    const found = way(
      `${service('reviews')}${pod('a', 'reviews', 'v1', 'sidecar')}${pod(
        'b',
        'reviews',
        'v2',
        'none',
      )}${istio(
        'DestinationRule',
        'reviews',
        '{host: reviews, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}',
      )}`,
    );
    expect(ends(found)).toEqual([
      [50, 'delivered', undefined, undefined],
      [50, 'failed', 503, 'UF'],
    ]);
    expect(found.branches.map(({ fork }) => fork)).toEqual([
      'endpoint',
      'endpoint',
    ]);
  });
});

describe('a pod in ambient that takes plaintext past ztunnel', () => {
  const guarded = (value: string) =>
    `${service('reviews')}${pod('a', 'reviews', 'v1', 'ambient').replace(
      'redirection: enabled',
      `redirection: enabled, ambient.istio.io/bypass-inbound-capture: "${value}"`,
    )}${policy(
      'PeerAuthentication',
      'strict',
      '{mtls: {mode: STRICT}}',
    )}${policy('AuthorizationPolicy', 'nobody', '{}')}`;

  it('is protected by no policy against it, and by all of them against HBONE', () => {
    const open = way(guarded('true'), {}, UNMESHED);
    expect(open.outcome).toMatchObject({
      ending: 'delivered',
      encrypted: false,
    });
    expect(
      open.steps.find(({ stage }) => stage === 'authorization'),
    ).toMatchObject({
      says: expect.stringContaining('No policy is enforced on plaintext'),
      facts: [
        {
          object: { kind: 'Pod', name: 'a' },
          path: 'metadata.annotations[ambient.istio.io/bypass-inbound-capture]',
        },
      ],
    });
    expect(way(guarded('true'), {}, AMBIENT).ending).toBe('denied');
  });

  it('is one of several that are alike: their names make no ways of their own', () => {
    const second = guarded('true').slice(service('reviews').length);
    const { steps } = way(
      `${guarded('true')}${second.replace('name: a\n', 'name: b\n')}`,
      {},
      UNMESHED,
    );
    expect(steps.at(-1)).toMatchObject({ stage: 'delivery' });
  });

  it('is protected where the annotation says no', () => {
    expect(way(guarded('false'), {}, UNMESHED).ending).not.toBe('delivered');
  });
});

describe('HBONE from a client with a sidecar', () => {
  const sent = (mode: string) =>
    way(
      `${service('reviews')}${pod('a', 'reviews', 'v1', 'ambient')}${istio(
        'DestinationRule',
        'reviews',
        `{host: reviews, trafficPolicy: {tls: {mode: ${mode}}}}`,
      )}`,
    );

  it('R3.11: goes to a pod in ambient even where the DestinationRule switches TLS off', () => {
    for (const mode of ['DISABLE', 'ISTIO_MUTUAL']) {
      expect(sent(mode).outcome).toMatchObject({
        ending: 'delivered',
        encrypted: true,
      });
    }
  });

  it('R3.11: carries TLS that the DestinationRule originates to the application, of which nothing says that it speaks TLS', () => {
    const found = sent('SIMPLE');
    expect(found.steps.find(({ stage }) => stage === 'client-tls')?.says).toBe(
      'The endpoint is in ambient: HBONE, and inside it TLS (DestinationRule shop/reviews sets TLS mode SIMPLE)',
    );
    expect(found.ending).toBe('unknown');
  });
});

describe('connections that pass by a sidecar', () => {
  const past = (name: string, annotation: string) =>
    pod(name, name, 'v1', 'sidecar').replace(
      'annotations: {}',
      `annotations: {traffic.sidecar.istio.io/${annotation}}`,
    );
  const NOBODY = policy('AuthorizationPolicy', 'nobody', '{}');
  const STRICT = policy(
    'PeerAuthentication',
    'default',
    '{mtls: {mode: STRICT}}',
  );
  const server = `${service('reviews')}${past(
    'reviews',
    'excludeInboundPorts: "8080"',
  )}`;

  it('meet no policy and no STRICT at the server, and mutual TLS is not understood there', () => {
    expect(way(`${server}${NOBODY}${STRICT}`, {}, UNMESHED).outcome).toEqual(
      expect.objectContaining({ ending: 'delivered', encrypted: false }),
    );
    expect(ends(way(`${server}${STRICT}`))).toEqual([
      [100, 'failed', 503, 'UF'],
    ]);
  });

  it('are sent as plaintext where the policy of the port says DISABLE', () => {
    const disabled = policy(
      'PeerAuthentication',
      'reviews',
      '{selector: {matchLabels: {app: reviews}}, portLevelMtls: {8080: {mode: DISABLE}}}',
    );
    expect(way(`${server}${disabled}`).outcome).toEqual(
      expect.objectContaining({ ending: 'delivered', encrypted: false }),
    );
  });

  it('have no routes of the client', () => {
    const yaml = (annotation: string) =>
      `${REVIEWS}${past('caller', annotation)}${istio(
        'VirtualService',
        'reviews',
        '{hosts: [reviews], http: [{directResponse: {status: 418}}]}',
      )}`;
    const caller: Client = {
      ...MESHED,
      workload: { group: '', kind: 'Pod', namespace: 'shop', name: 'caller' },
    };
    expect(way(yaml('excludeOutboundPorts: "80"'), {}, caller).ending).toBe(
      'delivered',
    );
    expect(way(yaml('excludeOutboundPorts: "81"'), {}, caller).ending).toBe(
      'answered',
    );
  });
});

describe('a destination that the client does not know', () => {
  const HIDDEN = `${REVIEWS}${istio(
    'Sidecar',
    'default',
    '{egress: [{hosts: ["istio-system/*"]}]}',
  )}`;

  it('gets plaintext past the mesh, which STRICT refuses', () => {
    const found = way(HIDDEN);
    expect(stages(found).slice(0, 2)).toEqual([
      'scope not-applicable',
      'listener pass',
    ]);
    expect(found.outcome).toMatchObject({
      ending: 'delivered',
      encrypted: false,
    });
    expect(
      way(
        `${HIDDEN}${policy(
          'PeerAuthentication',
          'default',
          '{mtls: {mode: STRICT}}',
        )}`,
      ).ending,
    ).toBe('failed');
  });

  it('is refused with 502 on an HTTP port under REGISTRY_ONLY', () => {
    const yaml = `${REVIEWS}${service('shown')}${istio(
      'Sidecar',
      'default',
      '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, egress: [{hosts: ["shop/shown.shop.svc.cluster.local"]}]}',
    )}`;
    expect(ends(way(yaml))).toEqual([[100, 'failed', 502, undefined]]);
    expect(ends(way(yaml, { port: 9999 }))).toEqual([
      [100, 'failed', undefined, 'UH'],
    ]);
  });

  it('leaves the mesh when it is a name of the world outside, and fails when no such Service exists', () => {
    expect(way(REVIEWS, { host: 'example.com' }).ending).toBe('outside');
    expect(way(REVIEWS, { host: 'nowhere' }).ending).toBe('failed');
  });

  it('fails on a port that the service does not have', () => {
    expect(ends(way(REVIEWS, { port: 81 }))).toEqual([
      [100, 'failed', 503, 'UF'],
    ]);
  });
});

describe('a connection that is not HTTP', () => {
  it('is routed as bytes and reset by a policy', () => {
    const yaml = `${service('reviews', { port: 'name: tcp, port: 80' })}${pod(
      'a',
      'reviews',
      'v1',
      'sidecar',
    )}`;
    const found = way(yaml);
    expect(found.assumed).toContain(
      'The port is declared as TCP: the request is taken for bytes',
    );
    expect(stages(found)).not.toContain('retries pass');
    expect(found.ending).toBe('delivered');
    const denied = way(
      `${yaml}${policy('AuthorizationPolicy', 'nobody', '{}')}`,
    );
    expect(denied.outcome).toMatchObject({ ending: 'denied' });
    expect(denied.outcome?.code).toBeUndefined();
  });
});
