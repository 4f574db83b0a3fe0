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

import { istiodYaml, mesh } from '../testing';
import type { EnvoyProxy } from '../extensions';
import {
  app,
  meshConfig,
  PROVIDERS,
  telemetry,
} from './__testUtils__/telemetryYaml';
import { telemetryOf } from './telemetryOf';

const tracingOf = (yaml: string, proxy: EnvoyProxy = app('a')) =>
  telemetryOf(mesh`${yaml}`, proxy).tracing;

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

  it('a provider whose service Istio does not know traces nothing', () => {
    const [client] = tracingOf(
      meshConfig(
        'extensionProviders: [{name: jaeger, zipkin: {service: jaeger, port: 9411}}]',
      ) + telemetry('ns', 'shop', '{tracing: [{providers: [{name: Jaeger}]}]}'),
    );
    expect(client).toMatchObject({
      state: 'off',
      says: expect.stringMatching(
        /^Nothing is traced: Provider Jaeger cannot be used: Istio knows no service jaeger; write the full host/,
      ),
    });
  });

  it('is not known where the service of the provider may be in another cluster', () => {
    const [client] = tracingOf(
      istiodYaml({ env: { CLUSTER_ID: 'east' } }) +
        meshConfig(
          'extensionProviders: [{name: t, zipkin: {service: t.obs.svc.cluster.local, port: 9411}}]',
        ) +
        telemetry('ns', 'shop', '{tracing: [{providers: [{name: t}]}]}'),
    );
    expect(client).toMatchObject({
      state: 'unknown',
      says: expect.stringContaining('only if it reads another cluster'),
    });
  });

  it.each([
    ['envoyOtelAls: {service: otel.svc, port: 4317}', 'off'],
    ['prometheus: {}', 'off'],
    ['zipkin: {service: otel.svc, port: 4317}', 'on'],
    ['lightstep: {service: otel.svc, port: 4317}', 'unknown'],
  ])('a provider %s: %s', (provider, state) => {
    const [client] = tracingOf(
      meshConfig(`extensionProviders: [{name: t, ${provider}}]`) +
        telemetry('ns', 'shop', '{tracing: [{providers: [{name: t}]}]}'),
    );
    expect(client.state).toBe(state);
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
---${istiodYaml({ env: { PILOT_TRACE_SAMPLING: '50' } })}`;
    expect(
      tracingOf(meshConfig(PROVIDERS) + withProvider + istiod)[0].sampling
        .value,
    ).toBe(50);
  });

  it('the pod annotation overrides defaultConfig: sampling, tracer and tags', () => {
    const [client] = tracingOf(
      meshConfig(
        'defaultConfig: {tracing: {sampling: 25, zipkin: {address: "zipkin:9411"}, customTags: {zone: {environment: {name: ZONE}}}}}',
      ),
      {
        ...app('a'),
        annotations: {
          'proxy.istio.io/config':
            'tracing: {sampling: 40, customTags: {team: {literal: {value: shop}}}}',
        },
      },
    );
    expect(client).toMatchObject({
      state: 'on',
      provider: { value: 'zipkin' },
      sampling: {
        value: 40,
        says: 'Annotation proxy.istio.io/config of the pods sets tracing.sampling',
      },
      tags: {
        value: [
          { name: 'zone', from: 'environment', value: 'ZONE' },
          { name: 'team', from: 'literal', value: 'shop' },
        ],
      },
    });
  });

  it('an annotation that is no YAML says nothing', () => {
    const [client] = tracingOf(meshConfig(PROVIDERS), {
      ...app('a'),
      annotations: { 'proxy.istio.io/config': '{tracing: *nobody' },
    });
    expect(client.sampling.value).toBe(1);
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
