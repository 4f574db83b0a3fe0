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

import type { MetricsOverride, TelemetryMetrics } from '../objects';
import {
  lastStatement,
  provenanceOf,
  type Decided,
  type Statement,
} from '../verdict';
import { nameOf, type TelemetryPart } from './parts';
import {
  MESH_CONFIG_UNREADABLE,
  meshProvenance,
  providerUse,
  type ProviderUse,
  type MeshDefaults,
} from './providers';
import { modeConcerns, type TelemetrySide } from './sides';

/** Istio's standard metrics by the names that a Telemetry uses, and the series they are written as. */
const METRIC_SERIES: Readonly<Record<string, string>> = {
  REQUEST_COUNT: 'istio_requests_total',
  REQUEST_DURATION: 'istio_request_duration_milliseconds',
  REQUEST_SIZE: 'istio_request_bytes',
  RESPONSE_SIZE: 'istio_response_bytes',
  TCP_OPENED_CONNECTIONS: 'istio_tcp_connections_opened_total',
  TCP_CLOSED_CONNECTIONS: 'istio_tcp_connections_closed_total',
  TCP_SENT_BYTES: 'istio_tcp_sent_bytes_total',
  TCP_RECEIVED_BYTES: 'istio_tcp_received_bytes_total',
  GRPC_REQUEST_MESSAGES: 'istio_request_messages_total',
  GRPC_RESPONSE_MESSAGES: 'istio_response_messages_total',
};

/** What becomes of one tag of a metric. */
export interface MetricTag {
  name: string;
  operation: 'UPSERT' | 'REMOVE';
  /** CEL expression; only of UPSERT */
  value?: string;
}

/** What is set for one metric of one side. */
export interface MetricSetting {
  /** for example `REQUEST_COUNT`, or the name of a custom metric */
  metric: string;
  /** the series it is written as, when it is one of Istio's own */
  series?: string;
  disabled?: Decided<boolean>;
  tags: readonly Decided<MetricTag>[];
}

/** What one side of a proxy reports to one provider. */
export interface MetricsSide {
  side: TelemetrySide;
  /** `none`: every standard metric is disabled, so the filter is left out */
  emits: 'all' | 'some' | 'none';
  /** only the metrics for which something is set */
  settings: readonly MetricSetting[];
}

/** What a proxy reports to one provider. */
export interface MetricsProvider {
  name: string;
  /** what names the provider, and what it overrode */
  source: Decided<string>;
  use: ProviderUse;
  reportingInterval?: Decided<string>;
  sides: readonly MetricsSide[];
}

/** The metrics of a proxy. R8.20, R8.22 */
export interface MetricsSettings {
  state: 'on' | 'off' | 'unknown';
  /** one sentence */
  says: string;
  providers: readonly MetricsProvider[];
}

type Part = TelemetryPart<TelemetryMetrics>;

interface OverrideAt {
  part: Part;
  path: string;
  override: MetricsOverride;
  /** It disables ALL_METRICS, which drops the whole filter; it says nothing about single metrics once that is void. */
  dropsFilter: boolean;
}

function dropsFilter({ match, disabled }: MetricsOverride): boolean {
  return disabled === true && match?.metric === 'ALL_METRICS';
}

function namesOf(metrics: TelemetryMetrics): readonly string[] {
  return (metrics.providers ?? []).map(({ name }) => name);
}

function metricsOf(override: MetricsOverride): readonly string[] {
  const { metric, customMetric } = override.match ?? {};
  if (customMetric !== undefined && customMetric !== '') {
    return [customMetric];
  }
  return metric === undefined || metric === 'ALL_METRICS'
    ? Object.keys(METRIC_SERIES)
    : [metric];
}

/** Who names the providers: the mesh configuration, then each level that names any, the last wholly in place of others. */
function providerStatements(
  parts: readonly Part[],
  { config }: MeshDefaults,
): Statement<readonly string[]>[] {
  const defaults = config.defaultProviders.metrics ?? [];
  const says = `The mesh configuration makes ${defaults.join(
    ', ',
  )} the default provider`;
  const provenance = meshProvenance(config, 'defaultProviders.metrics', says);
  return [
    ...(defaults.length === 0
      ? []
      : [{ value: defaults, says, ...(provenance && { provenance }) }]),
    ...parts.flatMap(part => {
      const names = namesOf(part.value);
      const words = `Telemetry ${nameOf(part)} sets provider ${names.join(
        ', ',
      )}`;
      return names.length === 0
        ? []
        : [
            {
              value: names,
              says: words,
              provenance: provenanceOf(
                part.object,
                `${part.path}.providers`,
                words,
              ),
            },
          ];
    }),
  ];
}

/** Which parts speak to a provider: those that name it, and those that name none and inherit it. */
function partsForProvider(
  provider: string,
  parts: readonly Part[],
  defaults: readonly string[],
): Part[] {
  let inherited = defaults;
  return parts.filter(part => {
    const names = namesOf(part.value);
    inherited = names.length === 0 ? inherited : names;
    return inherited.includes(provider);
  });
}

/** What is left of the statements when the last one about single metrics decides. */
function upToLastSingle(
  overrides: readonly OverrideAt[],
): readonly OverrideAt[] {
  const last = overrides.findLastIndex(
    ({ dropsFilter: drops, override }) =>
      !drops && override.disabled !== undefined,
  );
  return overrides.slice(0, last + 1);
}

function disabledSetting(
  overrides: readonly OverrideAt[],
): Decided<boolean> | undefined {
  return lastStatement(
    overrides.flatMap(({ part, path, override }) => {
      if (override.disabled === undefined) {
        return [];
      }
      const says = `Telemetry ${nameOf(part)} ${
        override.disabled ? 'disables' : 'enables'
      } it`;
      return [
        {
          value: override.disabled,
          says,
          provenance: provenanceOf(part.object, `${path}.disabled`, says),
        },
      ];
    }),
  );
}

function tagSettings(overrides: readonly OverrideAt[]): Decided<MetricTag>[] {
  const byTag = new Map<string, Statement<MetricTag>[]>();
  for (const { part, path, override } of overrides) {
    for (const [name, tag] of Object.entries(override.tagOverrides ?? {})) {
      const remove = tag.operation === 'REMOVE';
      const says = `Telemetry ${nameOf(part)} ${
        remove
          ? `removes tag ${name}`
          : `sets tag ${name} to ${tag.value ?? ''}`
      }`;
      byTag.set(name, [
        ...(byTag.get(name) ?? []),
        {
          value: {
            name,
            operation: remove ? 'REMOVE' : 'UPSERT',
            ...(remove || tag.value === undefined ? {} : { value: tag.value }),
          },
          says,
          provenance: provenanceOf(
            part.object,
            `${path}.tagOverrides[${name}]`,
            says,
          ),
        },
      ]);
    }
  }
  return [...byTag.values()].flatMap(
    statements => lastStatement(statements) ?? [],
  );
}

interface SideOverrides {
  byMetric: ReadonlyMap<string, readonly OverrideAt[]>;
  /** The filter as a whole is left out: nothing was said after the last that disabled ALL_METRICS. */
  dropped: boolean;
}

/** Any override after one that disables ALL_METRICS brings the filter back, whatever it says (istiod, mergeMetrics). */
function overridesOf(
  side: TelemetrySide,
  parts: readonly Part[],
): SideOverrides {
  const byMetric = new Map<string, OverrideAt[]>();
  let dropped = false;
  for (const part of parts) {
    for (const [index, override] of (part.value.overrides ?? []).entries()) {
      if (!modeConcerns(override.match?.mode, side)) {
        continue;
      }
      const at: OverrideAt = {
        part,
        path: `${part.path}.overrides[${index}]`,
        override,
        dropsFilter: dropsFilter(override),
      };
      dropped = at.dropsFilter;
      for (const metric of metricsOf(override)) {
        byMetric.set(metric, [...(byMetric.get(metric) ?? []), at]);
      }
    }
  }
  return { byMetric, dropped };
}

function sideOf(side: TelemetrySide, parts: readonly Part[]): MetricsSide {
  const { byMetric, dropped } = overridesOf(side, parts);
  const settings = [...byMetric].flatMap(
    ([metric, overrides]): MetricSetting[] => {
      const disabled = disabledSetting(
        dropped ? overrides : upToLastSingle(overrides),
      );
      const tags = tagSettings(overrides);
      const series = METRIC_SERIES[metric];
      return disabled === undefined && tags.length === 0
        ? []
        : [
            {
              metric,
              ...(series === undefined ? {} : { series }),
              ...(disabled && { disabled }),
              tags,
            },
          ];
    },
  );
  const off = new Set(
    settings
      .filter(({ disabled }) => disabled?.value === true)
      .map(({ metric }) => metric),
  );
  const standard = Object.keys(METRIC_SERIES);
  const silenced = standard.every(metric => off.has(metric));
  const some = off.size === 0 ? 'all' : 'some';
  return { side, emits: dropped || silenced ? 'none' : some, settings };
}

function intervalOf(parts: readonly Part[]): Decided<string> | undefined {
  return lastStatement(
    parts.flatMap(part => {
      const value = part.value.reportingInterval;
      const says = `Telemetry ${nameOf(part)} reports every ${value ?? ''}`;
      return value === undefined
        ? []
        : [
            {
              value,
              says,
              provenance: provenanceOf(
                part.object,
                `${part.path}.reportingInterval`,
                says,
              ),
            },
          ];
    }),
  );
}

/**
 * What a proxy reports to which provider. Only the last level that names providers counts; overrides of earlier levels
 * go on for the providers that stay. Without default providers and without a Telemetry that names one there are no
 * metrics. R8.20, R8.22
 */
export function metricsOfProxy(
  sides: readonly TelemetrySide[],
  parts: readonly Part[],
  mesh: MeshDefaults,
): MetricsSettings {
  const statements = providerStatements(parts, mesh);
  const names = lastStatement(statements);
  if (names === undefined) {
    return mesh.readable
      ? {
          state: 'off',
          says: 'Neither a Telemetry nor defaultProviders.metrics of the mesh configuration names a provider, so the proxy reports no metrics',
          providers: [],
        }
      : { state: 'unknown', says: MESH_CONFIG_UNREADABLE, providers: [] };
  }
  const defaults = mesh.config.defaultProviders.metrics ?? [];
  const providers = [...new Set(names.value)].map((name): MetricsProvider => {
    const own = partsForProvider(name, parts, defaults);
    const reportingInterval = intervalOf(own);
    return {
      name,
      source: { ...names, value: name },
      use: providerUse(mesh, name, 'metrics'),
      ...(reportingInterval && { reportingInterval }),
      sides: sides.map(side => sideOf(side, own)),
    };
  });
  const present = providers.filter(({ use }) => use.state === 'on');
  const silent = present.every(provider =>
    provider.sides.every(({ emits }) => emits === 'none'),
  );
  if (present.length === 0) {
    const who = providers.map(({ name }) => name).join(', ');
    return mesh.readable
      ? {
          state: 'off',
          says: providers
            .flatMap(({ use }) => (use.state === 'on' ? [] : use.says))
            .join('; '),
          providers,
        }
      : {
          state: 'unknown',
          says: `The mesh configuration cannot be read, so whether it defines provider ${who} is not known.`,
          providers,
        };
  }
  return silent
    ? { state: 'off', says: 'Every metric is disabled', providers }
    : { state: 'on', says: names.says, providers };
}
