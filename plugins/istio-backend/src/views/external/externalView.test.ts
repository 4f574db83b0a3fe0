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
  entityInYaml,
  podYaml,
  serviceYaml,
} from '../../__testUtils__/meshYaml';
import type { QueryResult } from '../../prometheus';
import type { Observation } from '../observation';
import { externalView } from './externalView';

const CART = `${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}`;

function serviceEntry(
  name: string,
  host: string,
  spec: string,
  namespace = 'shop',
): string {
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  hosts: ['${host}']
  ports: [{ number: 443, name: https, protocol: TLS }]
  ${spec}
---`;
}

const BANK = serviceEntry('bank', 'api.bank.example', 'resolution: DNS');

function observed(host: string, rate: number): Observation {
  const callees: QueryResult = {
    warnings: [],
    series: [
      {
        labels: {
          part: 'opened',
          reporter: 'source',
          source_workload: 'cart',
          source_workload_namespace: 'shop',
          destination_service: host,
          destination_service_name: host,
        },
        samples: [{ at: 0, value: rate }],
      },
    ],
  };
  const edges = { queries: {}, callers: undefined, callees };
  return {
    state: 'available',
    problems: [],
    edges: edges as unknown as Observation['edges'],
  };
}

function external(yaml: string, observation?: Observation) {
  const { workloads } = externalView(
    entityInYaml(yaml, { services: 'shop/cart', observation }),
  );
  return workloads[0];
}

describe('external services', () => {
  it('names the hosts that the workload knows, how their address is found and what is sent', () => {
    const { hosts, total } = external(`${CART}${BANK}`);
    expect(total).toBe(1);
    expect(hosts[0]).toMatchObject({
      host: 'api.bank.example',
      location: 'outside',
      use: 'unknown',
      sentence:
        'the proxy looks up its address in DNS; sent as the application sends it',
    });
  });

  it('says which of them is called, by the client’s own report', () => {
    const answer = external(
      `${CART}${BANK}${serviceEntry('aaa', 'aaa.example', 'resolution: DNS')}`,
      observed('api.bank.example', 2),
    );
    expect(
      answer.hosts.map(({ host, use, requestsPerSecond }) => [
        host,
        use,
        requestsPerSecond,
      ]),
    ).toEqual([
      ['api.bank.example', 'seen', 2],
      ['aaa.example', 'not-seen', undefined],
    ]);
    expect(answer.verdict.reason).toContain('Calls api.bank.example.');
  });

  it('leaves out what is not exported to its namespace (R1.3)', () => {
    const other = serviceEntry(
      'other',
      'other.example',
      "resolution: DNS\n  exportTo: ['.']",
      'elsewhere',
    );
    expect(external(`${CART}${other}`).hosts).toEqual([]);
  });

  it('says who encrypts: TLS of a DestinationRule', () => {
    const { hosts } = external(`${CART}${BANK}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: bank, namespace: shop }
spec: { host: api.bank.example, trafficPolicy: { tls: { mode: SIMPLE } } }`);
    expect(hosts[0].sentence).toContain('the proxy encrypts with TLS');
    expect(hosts[0].provenance?.object).toMatchObject({
      kind: 'DestinationRule',
      name: 'bank',
    });
  });

  it('R6.15, R8.15: says whether the certificate is verified, and for which names', () => {
    const sentence = (tls: string, names = '') =>
      external(`${CART}${serviceEntry(
        'bank',
        'api.bank.example',
        `resolution: DNS\n  ${names}`,
      )}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: bank, namespace: shop }
spec: { host: api.bank.example, trafficPolicy: { tls: ${tls} } }`).hosts[0]
        .sentence;
    const names = 'subjectAltNames: [cert.bank.example]';
    expect(
      sentence('{ mode: SIMPLE, caCertificates: /ca.pem }', names),
    ).toMatch(
      /verified against the CA .* ServiceEntry shop\/bank accepts only a certificate for cert\.bank\.example/,
    );
    expect(sentence('{ mode: SIMPLE, caCertificates: /ca.pem }')).toMatch(
      /Only a certificate for the host of the request/,
    );
    expect(
      sentence('{ mode: SIMPLE, insecureSkipVerify: true }', names),
    ).toMatch(/any certificate is accepted$/);
    expect(sentence('{ mode: SIMPLE }')).toMatch(
      /depends on the version of the control plane, which is not known/,
    );
    expect(sentence('{ mode: DISABLE }', names)).not.toMatch(/certificate/);
  });

  it('ALLOW_ANY lets unknown hosts pass, REGISTRY_ONLY of a Sidecar refuses them (R8.9)', () => {
    expect(external(CART).outbound.mode).toBe('ALLOW_ANY');
    const strict = external(`${CART}
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }`);
    expect(strict.outbound).toMatchObject({
      mode: 'REGISTRY_ONLY',
      provenance: { object: { kind: 'Sidecar', name: 'default' } },
    });
    expect(strict.outbound.sentence).toContain('refused');
  });

  it('without a proxy nothing is enforced', () => {
    const { outbound } = external(
      `${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart', {
        sidecar: false,
      })}`,
    );
    expect(outbound.mode).toBe('not-enforced');
  });

  it('fails for STATIC without an endpoint, and for DNS with a wildcard (R8.12)', () => {
    expect(
      external(
        `${CART}${serviceEntry(
          'bank',
          'api.bank.example',
          'resolution: STATIC',
        )}`,
      ).verdict,
    ).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('no endpoint'),
    });
    expect(
      external(
        `${CART}${serviceEntry('bank', '*.bank.example', 'resolution: DNS')}`,
      ).verdict.state,
    ).toBe('fail');
  });

  it('is never green: without metrics nobody knows what is called', () => {
    expect(external(`${CART}${BANK}`).verdict.state).toBe('not-applicable');
  });
});
