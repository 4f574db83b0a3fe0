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

import { mesh } from '../testing';
import {
  app,
  meshConfig,
  PROVIDERS,
  telemetry,
} from './__testUtils__/telemetryYaml';
import { telemetryOf } from './telemetryOf';

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

  it('any override after one that disables all metrics brings all of them back', () => {
    const root = telemetry(
      'root',
      'istio-system',
      '{metrics: [{overrides: [{match: {metric: ALL_METRICS}, disabled: true}]}]}',
    );
    const [provider] = metricsOf(
      `${DEFAULT}${root}${telemetry(
        'ns',
        'shop',
        '{metrics: [{overrides: [{match: {metric: REQUEST_COUNT, mode: CLIENT}, tagOverrides: {path: {value: request.path}}}]}]}',
      )}`,
    ).providers;
    expect(provider.sides.map(({ side, emits }) => [side, emits])).toEqual([
      ['client', 'all'],
      ['server', 'none'],
    ]);
  });

  it('without a match every metric is disabled by itself, and comes back by itself', () => {
    const [provider] = metricsOf(
      `${DEFAULT}${telemetry(
        'ns',
        'shop',
        '{metrics: [{overrides: [{disabled: true}, {match: {metric: REQUEST_COUNT}, disabled: false}]}]}',
      )}`,
    ).providers;
    expect(provider.sides[0].emits).toBe('some');
    expect(
      provider.sides[0].settings.find(
        ({ metric }) => metric === 'REQUEST_COUNT',
      )?.disabled?.value,
    ).toBe(false);
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

  it('there are none to a provider of another type, or to one that is not defined', () => {
    const found = metricsOf(
      meshConfig(PROVIDERS) +
        telemetry(
          'ns',
          'shop',
          '{metrics: [{providers: [{name: otel}, {name: gone}]}]}',
        ),
    );
    expect(found).toMatchObject({
      state: 'off',
      says: 'Provider otel is of type opentelemetry, to which no metrics are sent; Provider gone is not among extensionProviders of the mesh configuration',
    });
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
