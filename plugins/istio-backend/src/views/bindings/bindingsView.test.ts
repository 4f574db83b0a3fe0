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
import { bindingsView } from './bindingsView';

const MESH = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    defaultProviders: { metrics: [prometheus] }
    extensionProviders:
      - { name: otel, opentelemetry: { service: otel.shop.svc.cluster.local, port: 4317 } }
---${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}${serviceYaml(
  'shop',
  'otel',
  '[{ name: grpc, port: 4317 }]',
)}`;

function bindings(...yaml: string[]) {
  return bindingsView(
    entityInYaml([MESH, ...yaml].join(''), { services: 'shop/cart' }),
  );
}

function object(
  kind: string,
  name: string,
  spec: string,
  namespace = 'shop',
): string {
  const groups: Record<string, string> = {
    Telemetry: 'telemetry.istio.io/v1',
    WasmPlugin: 'extensions.istio.io/v1alpha1',
    EnvoyFilter: 'networking.istio.io/v1alpha3',
    ProxyConfig: 'networking.istio.io/v1beta1',
    AuthorizationPolicy: 'security.istio.io/v1',
  };
  return `
apiVersion: ${groups[kind] ?? 'networking.istio.io/v1'}
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
---`;
}

describe('what else acts on a workload', () => {
  it('nothing: says so, with tracing and access log off and why', () => {
    const [{ verdict, objects, telemetry }] = bindings().workloads;
    expect(objects).toEqual([]);
    expect(verdict).toMatchObject({
      state: 'not-applicable',
      reason: 'No other object acts on it; tracing: off; access log: off',
    });
    expect(telemetry.tracing[0].value).toMatch(/^off: /);
  });

  it('R8.26: an EnvoyFilter is named with its patches, and warns about what it changes', () => {
    const [{ objects, verdict }] = bindings(
      object(
        'EnvoyFilter',
        'patch',
        '{ workloadSelector: { labels: { app: cart } }, configPatches: [{ applyTo: HTTP_ROUTE, match: { context: SIDECAR_INBOUND }, patch: { operation: MERGE, value: {} } }] }',
      ),
    ).workloads;
    expect(objects).toEqual([
      expect.objectContaining({
        object: expect.objectContaining({ kind: 'EnvoyFilter' }),
        details: [
          'MERGE HTTP_ROUTE in SIDECAR_INBOUND (spec.configPatches[0])',
        ],
        warning: expect.stringContaining('It changes routes'),
      }),
    ]);
    expect(verdict.reason).toContain('EnvoyFilter shop/patch acts on it');
  });

  it('R8.27: a WasmPlugin that fails closed is warned about, one that fails open is not', () => {
    const plugin = (more: string) =>
      bindings(
        object('WasmPlugin', 'check', `{ url: oci://registry/check:1${more} }`),
      ).workloads[0].objects[0];
    expect(plugin('').warning).toContain('requests are refused');
    expect(plugin(', failStrategy: FAIL_OPEN').warning).toBeUndefined();
  });

  it('R8.21: sampling in effect, with the Telemetry that sets it and what it overrode', () => {
    const [{ telemetry }] = bindings(
      object(
        'Telemetry',
        'mesh',
        '{ tracing: [{ providers: [{ name: otel }], randomSamplingPercentage: 1 }] }',
        'istio-system',
      ),
      object(
        'Telemetry',
        'cart',
        '{ selector: { matchLabels: { app: cart } }, tracing: [{ randomSamplingPercentage: 100 }] }',
      ),
    ).workloads;
    expect(
      telemetry.tracing.find(({ setting }) => setting === 'Sampling'),
    ).toMatchObject({
      value: '100 % of requests',
      from: 'Telemetry shop/cart',
      provenance: { overrides: [{ object: { name: 'mesh' } }] },
    });
  });

  it('R8.23: an access log with its filter', () => {
    const [{ telemetry }] = bindings(
      object(
        'Telemetry',
        'logs',
        "{ accessLogging: [{ providers: [{ name: envoy }], filter: { expression: 'response.code >= 500' } }] }",
      ),
    ).workloads;
    expect(
      telemetry.accessLogging.map(({ setting, value }) => [setting, value]),
    ).toEqual([
      ['Access log', 'on, to envoy'],
      ['Only requests where', 'response.code >= 500'],
    ]);
  });

  it('R8.17: a ProxyConfig, with where each value comes from', () => {
    const [{ proxyConfig }] = bindings(
      object('ProxyConfig', 'threads', '{ concurrency: 4 }'),
    ).workloads;
    expect(proxyConfig.settings).toContainEqual(
      expect.objectContaining({
        setting: 'concurrency',
        value: '4',
        from: 'ProxyConfig shop/threads',
      }),
    );
    expect(proxyConfig.drift.state).not.toBe('pass');
  });

  it('is unknown where EnvoyFilters may not be read', () => {
    const [{ verdict }] = bindingsView(
      entityInYaml(MESH, {
        services: 'shop/cart',
        status: {
          name: 'demo',
          state: 'synced',
          missingKinds: [
            {
              kind: 'EnvoyFilter',
              reason: 'forbidden',
              message: 'cannot list envoyfilters: forbidden',
            },
          ],
        },
      }),
    ).workloads;
    expect(verdict).toMatchObject({
      state: 'unknown',
      reason: 'cannot list envoyfilters: forbidden',
    });
  });
});

describe('why is this object ignored', () => {
  it('nothing is: says that every object acts', () => {
    expect(bindings().ignored[0]).toMatchObject({
      objects: [],
      verdict: { state: 'pass' },
    });
  });

  it('a DestinationRule that is not looked for, a route to a gateway that is not there: field and remedy', () => {
    const [{ objects, verdict }] = bindings(
      object(
        'DestinationRule',
        'tuning',
        "{ host: cart.shop.svc.cluster.local, exportTo: ['.'] }",
        'analytics',
      ),
      object(
        'VirtualService',
        'beta',
        '{ hosts: [beta.example], gateways: [missing], http: [{ route: [{ destination: { host: cart } }] }] }',
      ),
    ).ignored;
    expect(
      objects.map(({ object: { kind, name }, remedy, provenance }) => ({
        named: `${kind} ${name}`,
        hasRemedy: (remedy ?? '') !== '',
        hasField: provenance?.path !== undefined,
      })),
    ).toEqual(
      expect.arrayContaining([
        { named: 'DestinationRule tuning', hasRemedy: true, hasField: true },
        { named: 'VirtualService beta', hasRemedy: true, hasField: true },
      ]),
    );
    expect(verdict.state).toBe('fail');
  });
});

describe('ambient', () => {
  it('does not concern a service with sidecars', () => {
    expect(bindings().ambient).toEqual([]);
  });

  it('tells capture, waypoint and who enforces, and what to do for a waypoint that is not there', () => {
    const ambient = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: missing } }
---${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart', {
      sidecar: false,
    }).replace(
      'metadata:\n',
      'metadata:\n  annotations: { ambient.istio.io/redirection: enabled }\n',
    )}`;
    const [answer] = bindingsView(
      entityInYaml(ambient, { services: 'shop/cart' }),
    ).ambient;
    expect(answer.verdict.state).toBe('fail');
    expect(answer.remedies).not.toEqual([]);
    expect(answer.settings.map(({ setting }) => setting)).toEqual([
      'cart: capture',
      'cart: connections (L4)',
      'Waypoint',
      'Requests (L7)',
    ]);
  });
});
