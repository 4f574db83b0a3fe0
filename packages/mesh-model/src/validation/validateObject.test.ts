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

import * as fc from 'fast-check';
import { validateObject } from './validateObject';

function errorsOf(kind: string, spec: unknown): string[] | undefined {
  return validateObject({
    kind,
    metadata: { namespace: 'shop' },
    spec,
  })?.errors.map(({ path, message }) => `${path}: ${message}`);
}

const route = [{ destination: { host: 'reviews' } }];

describe('validateObject', () => {
  it('admits a VirtualService that is well-formed', () => {
    expect(
      errorsOf('VirtualService', { hosts: ['reviews'], http: [{ route }] }),
    ).toEqual([]);
  });

  it('names the field of a malformed VirtualService', () => {
    expect(
      errorsOf('VirtualService', {
        hosts: ['reviews'],
        http: [{ route }, { route: [{ destination: { host: 'foo.*' } }] }],
      }),
    ).toEqual([
      expect.stringMatching(
        /^spec\.http\[1\]\.route\[0\]\.destination\.host: /,
      ),
    ]);
  });

  it('warns of a route that an earlier prefix covers', () => {
    const result = validateObject({
      kind: 'VirtualService',
      metadata: { namespace: 'shop' },
      spec: {
        hosts: ['reviews'],
        http: [
          { match: [{ uri: { prefix: '/a' } }], route },
          { match: [{ uri: { prefix: '/a/b' } }], route },
        ],
      },
    });
    expect(result?.errors).toEqual([]);
    expect(result?.warnings.map(({ path }) => path)).toEqual([
      'spec.http[1].match[0]',
    ]);
  });

  it('refuses CUSTOM rules on identities', () => {
    expect(
      errorsOf('AuthorizationPolicy', {
        action: 'CUSTOM',
        provider: { name: 'opa' },
        rules: [{ from: [{ source: { namespaces: ['a'] } }] }],
      }),
    ).toEqual([
      'spec.rules[0].from[0].source.namespaces: namespaces is not supported with action CUSTOM',
    ]);
  });

  it.each([
    ['100%% and more', true],
    ['%REQ(x-id)% and %HOSTNAME%', true],
    ['%DYNAMIC_METADATA(["a", "b"])%', true],
    ['abc%123', false],
    ['%START_TIME%%', false],
    ['%REQ(x-id%', false],
    ['a\u0001b', false],
  ])(
    'reads the header value %s as Envoy does: admitted %s',
    (value, admitted) => {
      const errors = errorsOf('VirtualService', {
        hosts: ['reviews'],
        http: [{ route, headers: { request: { set: { 'x-a': value } } } }],
      });
      expect(errors?.length === 0).toBe(admitted);
    },
  );

  it('refuses hosts that overlap by a wildcard', () => {
    expect(
      errorsOf('VirtualService', {
        hosts: ['*.shop.com', 'a.shop.com'],
        gateways: ['edge'],
        http: [{ route }],
      }),
    ).toEqual([
      'spec.hosts[1]: duplicate hosts in virtual service: *.shop.com and a.shop.com',
    ]);
  });

  it.each([
    [['us-west/*', 'us-west/zone1/*'], false],
    [['*', 'us-west'], false],
    [['us-west/zone1/*', 'us-west/zone2'], true],
    [['us-*/zone1', 'us-west'], false],
  ])('localities %j must not overlap: admitted %s', (localities, admitted) => {
    const errors = errorsOf('DestinationRule', {
      host: 'reviews',
      trafficPolicy: {
        loadBalancer: {
          localityLbSetting: {
            distribute: localities.map(from => ({ from, to: { a: 100 } })),
          },
        },
      },
    });
    expect(errors?.length === 0).toBe(admitted);
  });

  it.each([
    [0, 1],
    [0.5, 0],
    [1, 0],
    [-1, 1],
  ])('a warmup with an aggression of %d has %d errors', (aggression, count) => {
    expect(
      errorsOf('DestinationRule', {
        host: 'reviews',
        trafficPolicy: {
          loadBalancer: {
            simple: 'ROUND_ROBIN',
            warmup: { duration: '30s', aggression },
          },
        },
      }),
    ).toHaveLength(count);
  });

  it('warns of a DENY that takes every TCP connection with it', () => {
    const result = validateObject({
      kind: 'AuthorizationPolicy',
      metadata: { namespace: 'shop' },
      spec: {
        action: 'DENY',
        rules: [
          { to: [{ operation: { methods: ['POST'] } }] },
          { to: [{ operation: { methods: ['POST'], ports: ['80'] } }] },
        ],
      },
    });
    expect(result?.warnings.map(({ path }) => path)).toEqual(['spec.rules[0]']);
  });

  it('refuses the dry-run annotation on anything but an AuthorizationPolicy', () => {
    const annotations = { 'istio.io/dry-run': 'true' };
    const spec = { mtls: { mode: 'STRICT' } };
    const errorsWith = (kind: string) =>
      validateObject({ kind, metadata: { annotations }, spec })?.errors.length;
    expect(errorsWith('PeerAuthentication')).toBe(1);
    expect(errorsWith('AuthorizationPolicy')).toBe(0);
  });

  it.each([
    ['ns/foo', 'short name'],
    ['test/*a.com', 'partial wildcard'],
  ])('refuses the egress host %s: %s', (host, words) => {
    expect(errorsOf('Sidecar', { egress: [{ hosts: [host] }] })).toEqual([
      expect.stringContaining(words),
    ]);
  });

  it('refuses several hosts on a port that is neither HTTP nor TLS', () => {
    expect(
      errorsOf('ServiceEntry', {
        hosts: ['a.com', 'b.com'],
        resolution: 'STATIC',
        ports: [{ number: 5000, name: 'tcp', protocol: 'TCP' }],
      }),
    ).toEqual([
      'spec.ports[0].protocol: multiple hosts provided with non-HTTP, non-TLS ports',
    ]);
  });

  it('says nothing about kinds it does not know', () => {
    expect(
      validateObject({ kind: 'EnvoyFilter', metadata: {} }),
    ).toBeUndefined();
    expect(validateObject({ kind: 'toString', metadata: {} })).toBeUndefined();
  });

  it('never throws, whatever the specification holds', () => {
    const kinds = [
      'Gateway',
      'VirtualService',
      'DestinationRule',
      'ServiceEntry',
      'WorkloadEntry',
      'WorkloadGroup',
      'Sidecar',
      'AuthorizationPolicy',
      'RequestAuthentication',
      'PeerAuthentication',
      'Telemetry',
      'WasmPlugin',
      'TrafficExtension',
      'ProxyConfig',
    ];
    const key = fc.constantFrom(
      'hosts',
      'http',
      'route',
      'match',
      'uri',
      'regex',
      'rules',
      'from',
      'source',
      'servers',
      'port',
      'tls',
      'egress',
      'ports',
      'endpoints',
      'trafficPolicy',
      'selector',
      'when',
    );
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.constantFrom(...kinds), value, (kind, spec) => {
        const result = validateObject({ kind, metadata: {}, spec });
        expect(result?.errors).toEqual(expect.any(Array));
      }),
    );
  });
});
