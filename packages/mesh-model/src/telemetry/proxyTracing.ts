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

import { readYaml } from '../objects/yamlText';
import type { EnvoyProxy } from '../extensions';
import { controlPlaneFlagsOf, systemNamespaceOf } from '../identity';
import type { MeshSnapshot } from '../snapshot';
import { lastStatement, type Decided, type Statement } from '../verdict';
import { leavesOf } from './leaves';
import { meshProvenance, type MeshDefaults } from './providers';
import type { ProxyTracing, SpanTag } from './tracing';

const TRACERS = [
  'zipkin',
  'datadog',
  'lightstep',
  'stackdriver',
  'openCensusAgent',
];

const TAG = /^tracing\.customTags\[(.+)\]$/;
const TAG_FIELD =
  /^tracing\.customTags\[([^\]]+)\]\.(literal|environment|header|formatter)\.(value|name)$/;

const ANNOTATION = 'proxy.istio.io/config';

interface Layer {
  leaves: ReadonlyMap<string, string>;
  statement: <T>(path: string, value: T) => Statement<T>;
}

function layersOf(proxy: EnvoyProxy, mesh: MeshDefaults): Layer[] {
  const text = proxy.annotations?.[ANNOTATION];
  const annotated = text === undefined ? {} : readYaml(text);
  return [
    {
      leaves: leavesOf(mesh.config.defaultConfig),
      statement: (path, value) => {
        const says = `defaultConfig of the mesh configuration sets ${path}`;
        const provenance = meshProvenance(
          mesh.config,
          `defaultConfig.${path}`,
          says,
        );
        return { value, says, ...(provenance && { provenance }) };
      },
    },
    {
      leaves: leavesOf('value' in annotated ? annotated.value : undefined),
      statement: (path, value) => ({
        value,
        says: `Annotation ${ANNOTATION} of the pods sets ${path}`,
      }),
    },
  ];
}

function samplingIn(layers: readonly Layer[]): Decided<number> | undefined {
  return lastStatement(
    layers.flatMap(({ leaves, statement }) => {
      const value = Number(leaves.get('tracing.sampling') ?? '0');
      // Zero stands for "not set" here: the control plane then samples what its own flag says.
      return Number.isNaN(value) || value === 0
        ? []
        : [statement('tracing.sampling', value)];
    }),
  );
}

function tracerIn(layers: readonly Layer[]): Decided<string> | undefined {
  return lastStatement(
    layers.flatMap(({ leaves, statement }) =>
      TRACERS.filter(tracer =>
        [...leaves.keys()].some(path => path.startsWith(`tracing.${tracer}.`)),
      ).map(tracer => statement(`tracing.${tracer}`, tracer)),
    ),
  );
}

function tagsOf(leaves: ReadonlyMap<string, string>): SpanTag[] {
  const tags = new Map<string, SpanTag>();
  for (const [path, value] of leaves) {
    const [, name, from] = TAG_FIELD.exec(path) ?? [];
    if (name !== undefined) {
      tags.set(name, { name, from: sourceOf(from), value });
    } else {
      const [, bare] = TAG.exec(path) ?? [];
      if (bare !== undefined) {
        tags.set(bare, { name: bare, from: 'unknown', value });
      }
    }
  }
  return [...tags.values()];
}

function sourceOf(word: string): SpanTag['from'] {
  const sources: readonly SpanTag['from'][] = [
    'literal',
    'environment',
    'header',
    'formatter',
  ];
  return sources.find(source => source === word) ?? 'unknown';
}

/** Tags of the layers add up by name; of one name the last counts. */
function tagsIn(
  layers: readonly Layer[],
): Decided<readonly SpanTag[]> | undefined {
  const merged = new Map<string, SpanTag>();
  return lastStatement(
    layers.flatMap(({ leaves, statement }) => {
      const found = tagsOf(leaves);
      for (const tag of found) {
        merged.set(tag.name, tag);
      }
      return found.length === 0
        ? []
        : [statement('tracing.customTags', [...merged.values()])];
    }),
  );
}

/** What the proxy's own configuration and the control plane say about tracing, below every Telemetry. R8.20, R8.21 */
export function proxyTracingOf(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  mesh: MeshDefaults,
): ProxyTracing {
  const layers = layersOf(proxy, mesh);
  const sampling = samplingIn(layers);
  const tracer = tracerIn(layers);
  const tags = tagsIn(layers);
  const flag = Number(
    controlPlaneFlagsOf(snapshot, systemNamespaceOf(snapshot), proxy.revision)
      .values.PILOT_TRACE_SAMPLING,
  );
  return {
    ...(sampling && { sampling }),
    ...(tracer && { tracer }),
    ...(tags && { tags }),
    defaultSampling: Number.isNaN(flag) ? 1 : flag,
  };
}
