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

import { defaultClient, type ProxyType } from '../membership';
import { envoyProxyOfClient, type EnvoyProxy } from '../extensions';
import { mesh } from '../testing';
import { telemetryOf } from './telemetryOf';

const app = (name: string, proxy: ProxyType = 'sidecar'): EnvoyProxy =>
  envoyProxyOfClient({
    ...defaultClient('shop'),
    labels: { app: name },
    proxy,
  });

function meshConfig(text: string): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
${text
  .trim()
  .split('\n')
  .map(line => `    ${line}`)
  .join('\n')}
`;
}

const PROVIDERS = `
extensionProviders:
- {name: otel, opentelemetry: {service: otel.svc, port: 4317}}
- {name: zipkin, zipkin: {service: zipkin.svc, port: 9411}}
- {name: own, opentelemetry: {service: own.svc, port: 4317, dynatraceSampler: {tenant: t}}}
- {name: loki, envoyOtelAls: {service: loki.svc, port: 4317}}
`;

function telemetry(
  name: string,
  namespace: string,
  spec: string,
  second = 0,
): string {
  return `
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "2026-01-01T00:00:0${second}Z"}
spec: ${spec}`;
}

const tracingOf = (yaml: string, proxy: EnvoyProxy = app('a')) =>
  telemetryOf(mesh`${yaml}`, proxy).tracing;

describe('which Telemetries act, and in which order (R8.19)', () => {
  it('root namespace, then namespace, then every one that selects the workload, oldest first', () => {
    const { levels, idle } = telemetryOf(
      mesh`${
        telemetry('young', 'shop', '{selector: {matchLabels: {app: a}}}', 3) +
        telemetry('old', 'shop', '{selector: {matchLabels: {app: a}}}', 2) +
        telemetry('ns', 'shop', '{}', 5) +
        telemetry('ns-younger', 'shop', '{}', 6) +
        telemetry('root', 'istio-system', '{}', 9) +
        telemetry(
          'root-selector',
          'istio-system',
          '{selector: {matchLabels: {app: a}}}',
        ) +
        telemetry('of-b', 'shop', '{selector: {matchLabels: {app: b}}}') +
        telemetry('elsewhere', 'other', '{}')
      }`,
      app('a'),
    );
    expect(
      levels.map(({ object, scope }) => [object.metadata.name, scope]),
    ).toEqual([
      ['root', 'mesh'],
      ['ns', 'namespace'],
      ['old', 'workload'],
      ['young', 'workload'],
    ]);
    expect(
      idle.map(({ object, cause }) => [object.metadata.name, cause]),
    ).toEqual([
      ['ns-younger', 'younger-sibling'],
      ['of-b', 'selector-mismatch'],
      ['root-selector', 'selector-in-root-namespace'],
    ]);
  });

  it('at a waypoint, those of the namespace of the service, and those that target it (R8.24)', () => {
    const waypoint: EnvoyProxy = {
      ...app('wp', 'waypoint'),
      target: {
        proxy: 'waypoint',
        namespace: 'infra',
        labels: { 'gateway.networking.k8s.io/gateway-name': 'wp' },
      },
    };
    const snapshot = mesh`${
      telemetry('infra', 'infra', '{}') +
      telemetry('shop', 'shop', '{}') +
      telemetry(
        'of-service',
        'shop',
        '{targetRefs: [{kind: Service, name: a}]}',
      ) +
      telemetry('of-other', 'shop', '{targetRefs: [{kind: Service, name: b}]}')
    }`;
    const service = {
      name: 'a',
      namespace: 'shop',
      registry: 'Kubernetes' as const,
    };
    expect(
      telemetryOf(snapshot, waypoint, service).levels.map(
        ({ object }) => object.metadata.name,
      ),
    ).toEqual(['infra', 'shop', 'of-service']);
  });

  it('ztunnel ignores them all', () => {
    const found = telemetryOf(
      mesh`${telemetry('ns', 'shop', '{}')}`,
      app('a', 'ambient'),
    );
    expect(found.levels).toEqual([]);
    expect(found.tracing).toEqual([]);
    expect(found.idle[0].cause).toBe('ztunnel-http-only');
  });
});

describe('tracing (R8.20, R8.21)', () => {
  it('S132: a provider of a Telemetry stands in place of the default one', () => {
    const [client, server] = tracingOf(
      meshConfig(`defaultProviders: {tracing: [zipkin]}${PROVIDERS}`) +
        telemetry('ns', 'shop', '{tracing: [{providers: [{name: otel}]}]}'),
    );
    expect(client.provider?.value).toBe('otel');
    expect(client.state).toBe('on');
    expect(client.provider?.provenance?.overrides).toMatchObject([
      {
        object: { kind: 'ConfigMap', name: 'istio' },
        path: 'data.mesh: defaultProviders.tracing',
      },
    ]);
    expect(server.provider?.value).toBe('otel');
  });

  it('fields override one by one; the example of the specification', () => {
    const yaml =
      meshConfig(PROVIDERS) +
      telemetry(
        'root',
        'istio-system',
        '{tracing: [{providers: [{name: otel}], randomSamplingPercentage: 1}], accessLogging: [{providers: [{name: envoy}]}]}',
      ) +
      telemetry(
        'a',
        'shop',
        '{selector: {matchLabels: {app: a}}, tracing: [{randomSamplingPercentage: 100}], accessLogging: [{disabled: true}]}',
      );
    const ofA = telemetryOf(mesh`${yaml}`, app('a'));
    expect(ofA.tracing[0]).toMatchObject({
      state: 'on',
      provider: { value: 'otel' },
      sampling: {
        value: 100,
        provenance: {
          object: { namespace: 'shop', name: 'a' },
          path: 'spec.tracing[0].randomSamplingPercentage',
          overrides: [{ object: { namespace: 'istio-system', name: 'root' } }],
        },
      },
    });
    expect(ofA.accessLogging.map(({ state }) => state)).toEqual(['off', 'off']);
    expect(ofA.accessLogging[0].provenance?.path).toBe(
      'spec.accessLogging[0].disabled',
    );
    const ofB = telemetryOf(mesh`${yaml}`, app('b'));
    expect(ofB.tracing[0].sampling.value).toBe(1);
    expect(ofB.accessLogging[0]).toMatchObject({
      state: 'on',
      providers: [{ name: { value: 'envoy' } }],
    });
  });

  it('a provider that the mesh does not define traces nothing', () => {
    const [client] = tracingOf(
      meshConfig(PROVIDERS) +
        telemetry('ns', 'shop', '{tracing: [{providers: [{name: jaeger}]}]}'),
    );
    expect(client).toMatchObject({
      state: 'off',
      says: expect.stringMatching(/jaeger is not among extensionProviders/),
    });
  });

  it('provider names do not depend on case', () => {
    expect(
      tracingOf(
        meshConfig(PROVIDERS) +
          telemetry('ns', 'shop', '{tracing: [{providers: [{name: OTEL}]}]}'),
      )[0].state,
    ).toBe('on');
  });

  it('a part for servers says nothing about clients; a gateway is a client', () => {
    const yaml =
      meshConfig(PROVIDERS) +
      telemetry(
        'ns',
        'shop',
        '{tracing: [{providers: [{name: otel}]}, {match: {mode: SERVER}, disableSpanReporting: true}]}',
      );
    expect(tracingOf(yaml).map(({ side, state }) => [side, state])).toEqual([
      ['client', 'on'],
      ['server', 'off'],
    ]);
    expect(
      tracingOf(yaml, app('a', 'gateway')).map(({ side, state }) => [
        side,
        state,
      ]),
    ).toEqual([['client', 'on']]);
  });

  it('custom tags are replaced as a whole', () => {
    const [client] = tracingOf(
      meshConfig(PROVIDERS) +
        telemetry(
          'root',
          'istio-system',
          '{tracing: [{providers: [{name: otel}], customTags: {one: {literal: {value: "1"}}}}]}',
        ) +
        telemetry(
          'ns',
          'shop',
          '{tracing: [{customTags: {two: {header: {name: x-two}}}}]}',
        ),
    );
    expect(client.tags.value).toEqual([
      { name: 'two', from: 'header', value: 'x-two' },
    ]);
  });

  it('samples what defaultConfig says, else PILOT_TRACE_SAMPLING, else 1 %', () => {
    const withProvider = telemetry(
      'ns',
      'shop',
      '{tracing: [{providers: [{name: otel}]}]}',
    );
    expect(
      tracingOf(
        meshConfig(`defaultConfig: {tracing: {sampling: 25}}${PROVIDERS}`) +
          withProvider,
      )[0].sampling.value,
    ).toBe(25);
    expect(
      tracingOf(meshConfig(PROVIDERS) + withProvider)[0].sampling.value,
    ).toBe(1);
    const istiod = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, env: [{name: PILOT_TRACE_SAMPLING, value: "50"}]}]}`;
    expect(
      tracingOf(meshConfig(PROVIDERS) + withProvider + istiod)[0].sampling
        .value,
    ).toBe(50);
  });

  it('a provider with a sampler of its own overrides every percentage', () => {
    const [client] = tracingOf(
      meshConfig(PROVIDERS) +
        telemetry(
          'ns',
          'shop',
          '{tracing: [{providers: [{name: own}], randomSamplingPercentage: 5}]}',
        ),
    );
    expect(client.sampling).toMatchObject({
      value: 100,
      says: expect.stringMatching(/samples by itself/),
    });
  });

  it('without any provider the tracer that proxies start with counts, and enableTracing', () => {
    expect(
      tracingOf(
        meshConfig(
          'defaultConfig: {tracing: {zipkin: {address: "zipkin:9411"}}}',
        ),
      )[0],
    ).toMatchObject({ state: 'on', provider: { value: 'zipkin' } });
    expect(
      tracingOf(
        meshConfig(
          'enableTracing: false\ndefaultConfig: {tracing: {zipkin: {address: "zipkin:9411"}}}',
        ),
      )[0].state,
    ).toBe('off');
    expect(tracingOf(meshConfig('enableTracing: true'))[0].state).toBe('off');
  });

  it('is unknown where the mesh configuration would decide and cannot be read', () => {
    expect(tracingOf('')[0].state).toBe('unknown');
  });
});

describe('metrics (R8.20, R8.22)', () => {
  const metricsOf = (yaml: string) =>
    telemetryOf(mesh`${yaml}`, app('a')).metrics;
  const DEFAULT = meshConfig('defaultProviders: {metrics: [prometheus]}');

  it('S131: the root namespace disables all metrics, the namespace enables them again', () => {
    const root = telemetry(
      'root',
      'istio-system',
      '{metrics: [{overrides: [{match: {metric: ALL_METRICS}, disabled: true}]}]}',
    );
    expect(metricsOf(DEFAULT + root)).toMatchObject({
      state: 'off',
      says: 'Every metric is disabled',
    });
    const again = metricsOf(
      DEFAULT +
        root +
        telemetry(
          'ns',
          'shop',
          '{metrics: [{overrides: [{match: {metric: ALL_METRICS}, disabled: false}]}]}',
        ),
    );
    expect(again.state).toBe('on');
    expect(again.providers[0].sides.map(({ emits }) => emits)).toEqual([
      'all',
      'all',
    ]);
    expect(
      again.providers[0].sides[0].settings[0].disabled?.provenance,
    ).toMatchObject({
      object: { namespace: 'shop', name: 'ns' },
      overrides: [{ object: { name: 'root' } }],
    });
  });

  it('S131: of two for a namespace the oldest acts', () => {
    const found = telemetryOf(
      mesh`${
        DEFAULT +
        telemetry(
          'younger',
          'shop',
          '{metrics: [{overrides: [{disabled: true}]}]}',
          2,
        ) +
        telemetry(
          'older',
          'shop',
          '{metrics: [{overrides: [{match: {metric: REQUEST_SIZE}, disabled: true}]}]}',
          1,
        )
      }`,
      app('a'),
    );
    expect(found.metrics.state).toBe('on');
    expect(found.metrics.providers[0].sides[0]).toMatchObject({
      emits: 'some',
      settings: [{ metric: 'REQUEST_SIZE', series: 'istio_request_bytes' }],
    });
    expect(found.idle[0]).toMatchObject({ cause: 'younger-sibling' });
  });

  it('without default providers there are none: to set one for tracing drops those of the chart', () => {
    expect(
      metricsOf(meshConfig(`defaultProviders: {tracing: [otel]}${PROVIDERS}`)),
    ).toMatchObject({ state: 'off', providers: [] });
  });

  it('the last level that names providers replaces the others, with what they set', () => {
    const found = metricsOf(
      DEFAULT +
        telemetry(
          'root',
          'istio-system',
          '{metrics: [{providers: [{name: prometheus}], overrides: [{match: {metric: REQUEST_COUNT}, disabled: true}]}]}',
        ) +
        telemetry(
          'ns',
          'shop',
          '{metrics: [{providers: [{name: stackdriver}]}]}',
        ),
    );
    expect(found.providers.map(({ name }) => name)).toEqual(['stackdriver']);
    expect(found.providers[0].sides[0]).toMatchObject({
      emits: 'all',
      settings: [],
    });
  });

  it('tags merge one by one, the later statement wins, a mode limits it to a side', () => {
    const [provider] = metricsOf(
      DEFAULT +
        telemetry(
          'root',
          'istio-system',
          '{metrics: [{overrides: [{match: {metric: REQUEST_COUNT}, tagOverrides: {path: {value: request.path}, old: {operation: REMOVE}}}]}]}',
        ) +
        telemetry(
          'ns',
          'shop',
          '{metrics: [{overrides: [{match: {metric: REQUEST_COUNT, mode: SERVER}, tagOverrides: {path: {operation: REMOVE}}}]}]}',
        ),
    ).providers;
    const tags = provider.sides.map(({ side, settings }) => [
      side,
      settings[0].tags.map(({ value }) => [value.name, value.operation]),
    ]);
    expect(tags).toEqual([
      [
        'client',
        [
          ['path', 'UPSERT'],
          ['old', 'REMOVE'],
        ],
      ],
      [
        'server',
        [
          ['path', 'REMOVE'],
          ['old', 'REMOVE'],
        ],
      ],
    ]);
  });
});

describe('access log (R8.20, R8.23)', () => {
  const logsOf = (yaml: string) =>
    telemetryOf(mesh`${yaml}`, app('a')).accessLogging;

  it('is what accessLogFile says where no Telemetry and no default provider speaks', () => {
    expect(logsOf(meshConfig('accessLogFile: /dev/stdout'))[0]).toMatchObject({
      state: 'on',
      provenance: { path: 'data.mesh: accessLogFile' },
    });
    expect(logsOf(meshConfig('accessLogFile: ""'))[0].state).toBe('off');
  });

  it('entries of one Telemetry add up, levels replace each other', () => {
    const names = (yaml: string) =>
      logsOf(yaml)[0].providers.map(({ name }) => name.value);
    const root = telemetry(
      'root',
      'istio-system',
      '{accessLogging: [{providers: [{name: envoy}]}, {providers: [{name: loki}]}]}',
    );
    expect(names(meshConfig(PROVIDERS) + root)).toEqual(['envoy', 'loki']);
    expect(
      names(
        meshConfig(PROVIDERS) +
          root +
          telemetry(
            'ns',
            'shop',
            '{accessLogging: [{providers: [{name: loki}]}]}',
          ),
      ),
    ).toEqual(['loki']);
  });

  it('an entry without providers speaks to the inherited ones; its filter replaces theirs', () => {
    const [client] = logsOf(
      meshConfig('defaultProviders: {accessLogging: [envoy]}') +
        telemetry(
          'ns',
          'shop',
          '{accessLogging: [{filter: {expression: response.code >= 400}}]}',
        ),
    );
    expect(client.providers[0]).toMatchObject({
      name: { value: 'envoy' },
      filter: { value: 'response.code >= 400' },
    });
  });

  it('a mode limits it to a side', () => {
    expect(
      logsOf(
        meshConfig(PROVIDERS) +
          telemetry(
            'ns',
            'shop',
            '{accessLogging: [{providers: [{name: envoy}]}, {match: {mode: CLIENT}, providers: [{name: envoy}], disabled: true}]}',
          ),
      ).map(({ side, state }) => [side, state]),
    ).toEqual([
      ['client', 'off'],
      ['server', 'on'],
    ]);
  });
});
