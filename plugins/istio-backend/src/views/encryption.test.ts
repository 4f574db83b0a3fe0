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

import type { MeshServicesView } from '@mesh-portal/backstage-plugin-istio-common';
import {
  entityInYaml,
  podYaml,
  serviceYaml,
  SYNCED,
} from '../__testUtils__/meshYaml';
import type { QueryResult } from '../prometheus';
import { encryptionVerdict } from './encryption';
import { meshServicesView } from './meshServicesView';
import { meshTraffic } from './meshTraffic';
import { mtlsView } from './mtlsView';

function meshWith(mode: string, sidecar = true): string {
  return `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: ${mode} } }
---${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart', { sidecar })}`;
}

function traffic(rates: Record<string, number>, reporter = 'destination') {
  const result: QueryResult = {
    warnings: [],
    series: Object.entries(rates).map(([part, value]) => ({
      labels: {
        part,
        reporter,
        destination_service_name: 'cart',
        destination_service_namespace: 'shop',
      },
      samples: [{ at: 0, value }],
    })),
  };
  return meshTraffic(result);
}

/** The row of the list, and the answer of the service’s own page, of the same mesh. */
function both(yaml: string, seen?: ReturnType<typeof traffic>) {
  const input = entityInYaml(yaml, { services: 'shop/cart' });
  const [row]: MeshServicesView['services'] = meshServicesView([
    {
      name: 'demo',
      snapshot: input.clusters[0].snapshot,
      status: SYNCED,
      traffic: seen,
      owners: new Map(),
    },
  ]).services;
  return { row: row.mtls, page: mtlsView(input).services[0].verdict };
}

describe('Is the traffic encrypted? List and page follow one rule', () => {
  it('PERMISSIVE without observed traffic is unknown in both: configuration alone proves nothing', () => {
    const { row, page } = both(meshWith('PERMISSIVE'));
    expect(page.state).toBe('unknown');
    expect(row.state).toBe('unknown');
    expect(row.reason).toContain('plaintext is accepted too (not STRICT)');
  });

  it('STRICT is encrypted in both, whether or not there is traffic', () => {
    const { row, page } = both(meshWith('STRICT'));
    expect(row).toMatchObject({ state: 'pass', reason: page.reason });
    expect(page.state).toBe('pass');
  });

  it('DISABLE is plaintext in both', () => {
    const { row, page } = both(meshWith('DISABLE'));
    expect(row).toMatchObject({ state: 'fail', reason: page.reason });
    expect(page.state).toBe('fail');
  });

  it('without a proxy there is nothing to judge, in both', () => {
    const { row, page } = both(meshWith('STRICT', false));
    expect(row).toMatchObject({
      state: 'not-applicable',
      reason: page.reason,
    });
    expect(page.state).toBe('not-applicable');
  });

  it('without a proxy it is broken where clients are told to encrypt, in both', () => {
    const { row, page } = both(`${meshWith('STRICT', false)}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }`);
    expect(page.state).toBe('fail');
    expect(row).toMatchObject({ state: 'fail', reason: page.reason });
  });

  it('PERMISSIVE passes in the list when the server saw mutual TLS only', () => {
    const seen = traffic({ all: 12, bad: 0, mtls: 12 });
    expect(both(meshWith('PERMISSIVE'), seen).row.state).toBe('pass');
  });

  it('PERMISSIVE fails in the list when the server saw plaintext', () => {
    const seen = traffic({ all: 12, bad: 0, mtls: 9 });
    expect(both(meshWith('PERMISSIVE'), seen).row).toEqual({
      state: 'fail',
      reason: '25 % of the traffic (3.00/s) was seen in plaintext',
    });
  });

  it('counts connections where there are no requests', () => {
    const seen = traffic({ tcp: 4, tcpMtls: 1 });
    expect(both(meshWith('PERMISSIVE'), seen).row).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('75 %'),
    });
  });

  it('does not believe the client about encryption', () => {
    const seen = traffic({ all: 12, bad: 0, mtls: 12 }, 'source');
    expect(both(meshWith('PERMISSIVE'), seen).row.state).toBe('unknown');
  });

  it('is unknown where the service has no port that carries TCP', () => {
    expect(
      encryptionVerdict({ ports: [], unmeshed: false }, undefined).state,
    ).toBe('unknown');
  });

  it('is unknown in both where a PeerAuthentication that acts is malformed, and says where', () => {
    const { row, page } = both(meshWith('[STRICT]'));
    expect(page).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining(
        'PeerAuthentication shop/default is malformed at spec.mtls.mode',
      ),
    });
    expect(row).toMatchObject({ state: 'unknown', reason: page.reason });
  });

  it('is unknown in both where the DestinationRule of the service is malformed', () => {
    const { row, page } = both(`${meshWith('STRICT')}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { tls: { mode: [] } } }`);
    expect(page).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('DestinationRule shop/cart'),
    });
    expect(row).toMatchObject({ state: 'unknown', reason: page.reason });
  });

  it('is not moved by a malformed policy for other pods', () => {
    const { row, page } = both(`${meshWith('STRICT')}
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: other, namespace: shop }
spec: { selector: { matchLabels: { app: other } }, mtls: { mode: [] } }`);
    expect([row.state, page.state]).toEqual(['pass', 'pass']);
  });
});
