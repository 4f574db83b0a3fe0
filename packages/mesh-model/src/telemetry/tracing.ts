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

import type { CustomTag, TelemetryTracing } from '../objects';
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
  providerNamed,
  providerUse,
  type MeshDefaults,
} from './providers';
import { modeConcerns, type TelemetrySide } from './sides';

/** Where the value of a tag of a span comes from. */
export interface SpanTag {
  name: string;
  from: 'literal' | 'environment' | 'header' | 'formatter' | 'unknown';
  /** the literal value, or the name of the variable or header */
  value: string;
}

/** How one side of a proxy traces requests. R8.21 */
export interface TracingSettings {
  side: TelemetrySide;
  /** `unknown`: the mesh configuration decides, and it cannot be read. */
  state: 'on' | 'off' | 'unknown';
  /** one sentence */
  says: string;
  provider?: Decided<string>;
  /** percent of the requests whose callers have not decided, 0 to 100 */
  sampling: Decided<number>;
  tags: Decided<readonly SpanTag[]>;
  /** Spans are not reported, whatever is sampled. */
  disableSpanReporting?: Decided<boolean>;
  useRequestIdForTraceSampling?: Decided<boolean>;
  enableIstioTags?: Decided<boolean>;
  disableContextPropagation?: Decided<boolean>;
}

/** What of a proxy's own configuration tracing reads. */
export interface ProxyTracing {
  /** absent: nothing sets it */
  sampling?: Decided<number>;
  /** `zipkin`, `datadog`…: the tracer a proxy starts with when no Telemetry names a provider */
  tracer?: Decided<string>;
  tags?: Decided<readonly SpanTag[]>;
  /** PILOT_TRACE_SAMPLING of the control plane */
  defaultSampling: number;
}

type Part = TelemetryPart<TelemetryTracing>;

function statementsOf<T>(
  parts: readonly Part[],
  field: string,
  read: (tracing: TelemetryTracing) => T | undefined,
  words: (value: T) => string,
): Statement<T>[] {
  return parts.flatMap(part => {
    const value = read(part.value);
    if (value === undefined) {
      return [];
    }
    const says = `Telemetry ${nameOf(part)} ${words(value)}`;
    return [
      {
        value,
        says,
        provenance: provenanceOf(part.object, `${part.path}.${field}`, says),
      },
    ];
  });
}

/** A custom tag in one line. */
function spanTag(name: string, tag: CustomTag): SpanTag {
  if (tag.literal !== undefined) {
    return { name, from: 'literal', value: tag.literal.value ?? '' };
  }
  if (tag.environment !== undefined) {
    return { name, from: 'environment', value: tag.environment.name ?? '' };
  }
  if (tag.header !== undefined) {
    return { name, from: 'header', value: tag.header.name ?? '' };
  }
  return tag.formatter === undefined
    ? { name, from: 'unknown', value: '' }
    : { name, from: 'formatter', value: tag.formatter.value ?? '' };
}

function providerStatements(
  parts: readonly Part[],
  { config }: MeshDefaults,
): Statement<string>[] {
  const [byDefault] = config.defaultProviders.tracing ?? [];
  const says = `The mesh configuration makes ${byDefault} the default provider`;
  const provenance = meshProvenance(config, 'defaultProviders.tracing', says);
  return [
    ...(byDefault === undefined
      ? []
      : [{ value: byDefault, says, ...(provenance && { provenance }) }]),
    ...statementsOf(
      parts,
      'providers[0]',
      tracing => tracing.providers?.[0]?.name,
      name => `sets provider ${name}`,
    ),
  ];
}

function samplingOf(
  parts: readonly Part[],
  proxy: ProxyTracing,
  ownSampler: boolean,
  provider: string,
): Decided<number> {
  if (ownSampler) {
    return {
      value: 100,
      says: `Provider ${provider} samples by itself; what is set here has no effect`,
    };
  }
  const fallback: Statement<number> = proxy.sampling ?? {
    value: proxy.defaultSampling,
    says: `No Telemetry sets it: ${proxy.defaultSampling} % is what the control plane sets`,
  };
  const sampled = statementsOf(
    parts,
    'randomSamplingPercentage',
    tracing => tracing.randomSamplingPercentage,
    value => `samples ${value} %`,
  );
  return lastStatement([fallback, ...sampled]) ?? fallback;
}

function switchOf(
  parts: readonly Part[],
  field:
    | 'disableSpanReporting'
    | 'useRequestIdForTraceSampling'
    | 'enableIstioTags'
    | 'disableContextPropagation',
): Decided<boolean> | undefined {
  return lastStatement(
    statementsOf(
      parts,
      field,
      tracing => tracing[field],
      value => `sets ${field} to ${value}`,
    ),
  );
}

/** Where no Telemetry and no default provider says anything, the tracer that proxies start with. R8.20 */
function legacy(
  { config, readable }: MeshDefaults,
  proxy: ProxyTracing,
): Pick<TracingSettings, 'state' | 'says' | 'provider'> {
  if (!readable) {
    return { state: 'unknown', says: MESH_CONFIG_UNREADABLE };
  }
  if (!config.enableTracing) {
    return {
      state: 'off',
      says: 'The mesh configuration sets enableTracing to false',
    };
  }
  return proxy.tracer === undefined
    ? {
        state: 'off',
        says: 'No Telemetry and no default provider names a provider, and proxies start without a tracer',
      }
    : {
        state: 'on',
        says: `No Telemetry names a provider: ${proxy.tracer.says}`,
        provider: proxy.tracer,
      };
}

function stateOf(
  provider: Decided<string> | undefined,
  disabled: boolean,
  mesh: MeshDefaults,
): Pick<TracingSettings, 'state' | 'says'> {
  if (disabled) {
    return { state: 'off', says: 'Spans are not reported' };
  }
  if (provider === undefined) {
    return mesh.readable
      ? { state: 'off', says: 'Nothing names a provider' }
      : { state: 'unknown', says: MESH_CONFIG_UNREADABLE };
  }
  const use = providerUse(mesh, provider.value, 'traces');
  if (use.state === 'on') {
    return { state: 'on', says: provider.says };
  }
  if (!mesh.readable) {
    return {
      state: 'unknown',
      says: `The mesh configuration cannot be read, so whether it defines provider ${provider.value} is not known.`,
    };
  }
  return use.state === 'off'
    ? { state: 'off', says: `Nothing is traced: ${use.says}` }
    : use;
}

/**
 * How one side traces: provider, sampling, tags, each as the last that sets it (R8.20, R8.21). Without a provider, with another
 * sampling at the gateway, or with disableContextPropagation, spans are missing or apart (R9.10).
 */
export function tracingOfSide(
  side: TelemetrySide,
  all: readonly Part[],
  mesh: MeshDefaults,
  proxy: ProxyTracing,
): TracingSettings {
  const parts = all.filter(part => modeConcerns(part.value.match?.mode, side));
  const named = lastStatement(providerStatements(parts, mesh));
  const known = named && providerNamed(mesh.config, named.value);
  const noTags: Statement<readonly SpanTag[]> = proxy.tags ?? {
    value: [],
    says: 'No tags are added',
  };
  const tags = lastStatement([
    noTags,
    ...statementsOf(
      parts,
      'customTags',
      tracing =>
        tracing.customTags &&
        Object.entries(tracing.customTags).map(([name, tag]) =>
          spanTag(name, tag),
        ),
      value => `adds ${value.length} tags, in place of any others`,
    ),
  ]);
  const disableSpanReporting = switchOf(parts, 'disableSpanReporting');
  const useRequestId = switchOf(parts, 'useRequestIdForTraceSampling');
  const istioTags = switchOf(parts, 'enableIstioTags');
  const noPropagation = switchOf(parts, 'disableContextPropagation');
  const usesLegacy =
    all.length === 0 &&
    (mesh.config.defaultProviders.tracing ?? []).length === 0;
  return {
    side,
    ...(named && { provider: named }),
    ...(usesLegacy
      ? legacy(mesh, proxy)
      : stateOf(named, disableSpanReporting?.value === true, mesh)),
    sampling: samplingOf(
      parts,
      proxy,
      known?.ownSampler === true,
      known?.name ?? '',
    ),
    tags: tags ?? noTags,
    ...(disableSpanReporting && { disableSpanReporting }),
    ...(useRequestId && { useRequestIdForTraceSampling: useRequestId }),
    ...(istioTags && { enableIstioTags: istioTags }),
    ...(noPropagation && { disableContextPropagation: noPropagation }),
  };
}
