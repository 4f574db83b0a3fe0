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

  it('the last entry that names a provider decides its filter; one of an entry without providers is lost', () => {
    const filters = (spec: string) =>
      logsOf(
        `${meshConfig('defaultProviders: {accessLogging: [envoy]}')}${telemetry(
          'ns',
          'shop',
          spec,
        )}`,
      )[0].providers.map(({ name, filter }) => [name.value, filter?.value]);
    expect(
      filters(
        '{accessLogging: [{filter: {expression: response.code >= 400}}]}',
      ),
    ).toEqual([['envoy', undefined]]);
    expect(
      filters(
        '{accessLogging: [{providers: [{name: envoy}], filter: {expression: response.code >= 400}}, {}]}',
      ),
    ).toEqual([['envoy', 'response.code >= 400']]);
    expect(
      filters(
        '{accessLogging: [{providers: [{name: envoy}], filter: {expression: response.code >= 400}}, {providers: [{name: envoy}]}]}',
      ),
    ).toEqual([['envoy', undefined]]);
  });

  it('nothing is logged to a provider that is not defined, or whose service Istio does not know', () => {
    const log = (names: string) =>
      telemetryOf(
        mesh`${
          meshConfig(
            'extensionProviders: [{name: als, envoyHttpAls: {service: als, port: 80}}]',
          ) +
          telemetry('ns', 'shop', `{accessLogging: [{providers: [${names}]}]}`)
        }`,
        app('a'),
      ).accessLogging[0];
    expect(log('{name: als}, {name: gone}')).toMatchObject({
      state: 'off',
      says: expect.stringMatching(
        /Provider als cannot be used: Istio knows no service als;.*; Provider gone is not among extensionProviders/,
      ),
    });
    expect(log('{name: envoy}, {name: als}')).toMatchObject({
      state: 'on',
      says: expect.stringMatching(/logs to envoy; Provider als cannot be used/),
      providers: [
        { name: { value: 'envoy' } },
        {
          name: { value: 'als' },
          use: {
            state: 'off',
            says: expect.stringContaining('Istio knows no service als'),
          },
        },
      ],
    });
  });

  it('nothing is logged to a provider of another type', () => {
    const [client] = telemetryOf(
      mesh`${
        meshConfig(PROVIDERS) +
        telemetry(
          'ns',
          'shop',
          '{accessLogging: [{providers: [{name: otel}]}]}',
        )
      }`,
      app('a'),
    ).accessLogging;
    expect(client).toMatchObject({
      state: 'off',
      says: 'Provider otel is of type opentelemetry, to which no access logs are sent',
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
