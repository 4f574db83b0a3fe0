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

import type {
  BindingsWorkload,
  EffectiveSetting,
} from '@mesh-portal/backstage-plugin-istio-common';
import type {
  AccessLogSettings,
  EffectiveTelemetry,
  MetricsSettings,
  TelemetrySide,
  TracingSettings,
} from '@mesh-portal/mesh-model';
import { decidedSetting } from './decidedSetting';

type Telemetry = BindingsWorkload['telemetry'];

const SIDE_WORDS: Readonly<Record<TelemetrySide, string>> = {
  client: 'of requests it sends',
  server: 'of requests it gets',
};

/** Settings of both sides, told once where the sides agree. */
function bySide<T extends { side: TelemetrySide }>(
  sides: readonly T[],
  settingsOf: (of: T) => EffectiveSetting[],
): EffectiveSetting[] {
  const told = sides.map(of => ({ side: of.side, settings: settingsOf(of) }));
  const [first] = told;
  if (first === undefined) {
    return [];
  }
  const same = told.every(
    ({ settings }) =>
      JSON.stringify(settings) === JSON.stringify(first.settings),
  );
  return same
    ? first.settings
    : told.flatMap(({ side, settings }) =>
        settings.map(each => ({
          ...each,
          setting: `${each.setting} ${SIDE_WORDS[side]}`,
        })),
      );
}

function tracingOf(tracing: TracingSettings): EffectiveSetting[] {
  const { state, says, provider, sampling, tags, disableSpanReporting } =
    tracing;
  if (state !== 'on') {
    return [
      decidedSetting(
        'Tracing',
        `${state === 'off' ? 'off' : 'not known'}: ${says}`,
        disableSpanReporting ?? provider ?? { says },
      ),
    ];
  }
  return [
    decidedSetting(
      'Tracing',
      provider === undefined ? 'on' : `on, to ${provider.value}`,
      provider ?? { says },
    ),
    decidedSetting('Sampling', `${sampling.value} % of requests`, sampling),
    ...(tags.value.length > 0
      ? [
          decidedSetting(
            'Tags',
            tags.value.map(({ name }) => name).join(', '),
            tags,
          ),
        ]
      : []),
  ];
}

function accessLogOf(logs: AccessLogSettings): EffectiveSetting[] {
  const { state, says, providers, provenance } = logs;
  const decided = {
    says,
    ...(provenance === undefined ? {} : { provenance }),
  };
  if (state !== 'on') {
    return [
      decidedSetting(
        'Access log',
        `${state === 'off' ? 'off' : 'not known'}: ${says}`,
        decided,
      ),
    ];
  }
  return providers.flatMap(({ name, filter, use }) => [
    decidedSetting(
      'Access log',
      use.state === 'on'
        ? `on, to ${name.value}`
        : `${use.state === 'off' ? 'off' : 'not known'}: ${use.says}`,
      name.provenance === undefined ? decided : name,
    ),
    ...(filter
      ? [decidedSetting('Only requests where', filter.value, filter)]
      : []),
  ]);
}

const EMITS: Readonly<
  Record<MetricsSettings['providers'][number]['sides'][number]['emits'], string>
> = {
  all: 'all',
  some: 'some of them switched off',
  none: 'none',
};

function metricsOf({ state, says, providers }: MetricsSettings) {
  if (state !== 'on') {
    return [
      decidedSetting(
        'Metrics',
        `${state === 'off' ? 'off' : 'not known'}: ${says}`,
        { says },
      ),
    ];
  }
  return providers.flatMap(({ name, source, use, sides }) => {
    const settings = bySide(sides, ({ emits, settings: changed }) => {
      const [first] = changed;
      const decided = first?.disabled ?? first?.tags[0] ?? source;
      const tags = new Set(
        changed.flatMap(each => each.tags.map(({ value }) => value.name)),
      );
      const changes =
        tags.size > 0 ? `, labels changed: ${[...tags].join(', ')}` : '';
      return [
        decidedSetting(
          `Metrics to ${name}`,
          use.state === 'on'
            ? `${EMITS[emits]}${changes}`
            : `none: ${use.says}`,
          decided,
        ),
      ];
    });
    return settings;
  });
}

/** Tracing, access log and metrics of a proxy as settings in effect. R8.19 – R8.24 */
export function telemetrySettings(telemetry: EffectiveTelemetry): Telemetry {
  return {
    tracing: bySide(telemetry.tracing, tracingOf),
    accessLogging: bySide(telemetry.accessLogging, accessLogOf),
    metrics: metricsOf(telemetry.metrics),
  };
}
