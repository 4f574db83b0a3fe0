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

import {
  UNMESHED,
  pod,
  service,
  istio,
  policy,
  REVIEWS,
  way,
  ends,
} from './__testUtils__/wayMesh';

describe('endpoints', () => {
  it('ends with 503 UH when no pod is ready', () => {
    expect(
      ends(
        way(
          `${service('reviews')}${pod('a', 'reviews', 'v1', 'sidecar', {
            ready: false,
          })}`,
        ),
      ),
    ).toEqual([[100, 'failed', 503, 'UH']]);
  });
});

describe('endpoints that are not ready', () => {
  it('are used where the Service publishes them all the same', () => {
    const yaml = `${service('reviews').replace(
      'spec: {',
      'spec: {publishNotReadyAddresses: true, ',
    )}${pod('a', 'reviews', 'v1', 'sidecar', { ready: false })}`;
    expect(way(yaml).ending).toBe('delivered');
  });
});

describe('pods of the mesh behind a ServiceEntry that says they are outside', () => {
  const entry = (location: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: shop}
spec:
  hosts: [partner.example.com]
  location: ${location}
  resolution: STATIC
  ports: [{number: 80, name: http, protocol: HTTP}]
  workloadSelector: {labels: {app: reviews}}
---`;
  const sent = (location: string) =>
    way(
      `${entry(location)}${pod('a', 'reviews', 'v1', 'sidecar')}${policy(
        'PeerAuthentication',
        'strict',
        '{mtls: {mode: STRICT}}',
      )}`,
      { host: 'partner.example.com' },
    );

  it('R8.13: get no mutual TLS by itself, which STRICT refuses', () => {
    expect(sent('MESH_INTERNAL').ending).toBe('delivered');
    expect(ends(sent('MESH_EXTERNAL'))).toEqual([[100, 'failed', 503, 'UC']]);
  });
});

describe('the server’s own sidecar', () => {
  it('R6.12: limits what it lets in as the DestinationRule of the service says', () => {
    const found = way(
      `${REVIEWS}${istio(
        'DestinationRule',
        'reviews',
        '{host: reviews, trafficPolicy: {connectionPool: {http: {http2MaxRequests: 5}}}}',
      )}`,
    );
    expect(
      found.steps.find(({ stage }) => stage === 'server-limits')?.facts,
    ).toMatchObject([
      {
        object: { kind: 'DestinationRule', name: 'reviews' },
        path: 'spec.trafficPolicy.connectionPool',
      },
    ]);
  });

  it('R5.25: retries what was reset before the application got it, where istiod and proxy are known to', () => {
    const retries = (yaml: string) =>
      way(yaml).steps.find(({ stage }) => stage === 'server-retries');
    expect(retries(REVIEWS)).toMatchObject({ state: 'unknown' });
    expect(
      retries(`${service('reviews')}${pod('a', 'reviews', 'v1', 'none')}`),
    ).toBeUndefined();
    const grpc = service('reviews', { port: 'name: grpc, port: 80' });
    expect(
      retries(`${grpc}${pod('a', 'reviews', 'v1', 'sidecar')}`),
    ).toMatchObject({
      state: 'not-applicable',
      says: 'The sidecar of the server retries no gRPC',
    });
  });

  it('R8.11: reads a port as Sidecar.ingress declares it, whatever the Service says', () => {
    const yaml = (protocol: string) =>
      `${REVIEWS}${istio(
        'Sidecar',
        'reviews',
        `{workloadSelector: {labels: {app: reviews}}, ingress: [{port: {number: 8080, protocol: ${protocol}, name: p}, defaultEndpoint: "127.0.0.1:8080"}], egress: [{hosts: ["*/*"]}]}`,
      )}${policy(
        'AuthorizationPolicy',
        'gets',
        '{rules: [{to: [{operation: {methods: [GET]}}]}]}',
      )}`;
    expect(way(yaml('HTTP')).ending).toBe('delivered');
    // A rule about methods never holds for bytes.
    expect(way(yaml('TCP')).ending).toBe('denied');
  });
});

describe('authorization', () => {
  it('is unknown, never a pass, when it depends on what the request does not say', () => {
    const found = way(
      `${REVIEWS}${policy(
        'AuthorizationPolicy',
        'office',
        '{rules: [{from: [{source: {ipBlocks: ["10.0.0.0/8"]}}]}]}',
      )}`,
    );
    expect(found.ending).toBe('unknown');
    expect(found.steps.at(-1)).toMatchObject({
      stage: 'authorization',
      state: 'unknown',
    });
  });

  it('R4.18: compares remoteIpBlocks with the last address of X-Forwarded-For at a sidecar', () => {
    const yaml = `${REVIEWS}${policy(
      'AuthorizationPolicy',
      'office',
      '{action: ALLOW, rules: [{from: [{source: {remoteIpBlocks: ["192.0.2.0/24"]}}]}]}',
    )}`;
    const from = (headers: Record<string, string>) =>
      way(yaml, { headers }).ending;
    expect(from({ 'x-forwarded-for': '203.0.113.1, 192.0.2.7' })).toBe(
      'delivered',
    );
    expect(from({ 'x-forwarded-for': '192.0.2.7, 203.0.113.1' })).toBe(
      'denied',
    );
    expect(from({})).toBe('unknown');
  });

  it('sees the identity of the caller only over mutual TLS', () => {
    const yaml = `${REVIEWS}${policy(
      'AuthorizationPolicy',
      'callers',
      '{rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/default"]}}]}]}',
    )}`;
    expect(way(yaml).ending).toBe('delivered');
    expect(ends(way(yaml, {}, UNMESHED))).toEqual([
      [100, 'denied', 403, undefined],
    ]);
  });
});

describe('confidence', () => {
  it('is less than full where an EnvoyFilter patches the caller’s or the server’s proxy', () => {
    const filter = (namespace: string) =>
      istio(
        'EnvoyFilter',
        'patch',
        '{configPatches: [{applyTo: HTTP_ROUTE, patch: {operation: MERGE, value: {}}}]}',
        { namespace, group: 'networking.istio.io/v1alpha3' },
      );
    const { level, reasons } = way(`${REVIEWS}${filter('shop')}`).confidence;
    expect(level).toBe('advisory');
    expect(reasons[0].says).toContain('EnvoyFilter shop/patch');
    expect(way(`${REVIEWS}${filter('other')}`).confidence.level).not.toBe(
      'advisory',
    );
  });
});
