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

import type { ExtensionProvider, MeshConfig } from '../identity';
import type { MeshSnapshot } from '../snapshot';
import { meshConfigOf } from '../identity';
import { provenanceOf, type Provenance } from '../verdict';
import type { EnvoyProxy } from '../extensions';
import {
  providerServiceProblem,
  type ProviderServiceProblem,
} from '../routing/providerService';

/** The mesh configuration as far as telemetry needs it, and whether it could be read. */
export interface MeshDefaults {
  config: MeshConfig;
  /** Without it, answers that rest on the mesh configuration are unknown. */
  readable: boolean;
  /** providers by name whose service is not found in the cluster, each with why */
  withoutService: ReadonlyMap<string, ProviderServiceProblem>;
}

/** The mesh configuration of the control plane that configures a proxy. */
export function meshDefaultsOf(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
): MeshDefaults {
  const config = meshConfigOf(snapshot, proxy.revision ?? '');
  return {
    config,
    readable: config.source !== undefined && config.problems.length === 0,
    withoutService: new Map(
      config.extensionProviders.flatMap(({ name, service }) => {
        const problem =
          service === undefined
            ? undefined
            : providerServiceProblem(snapshot, service);
        return problem === undefined ? [] : [[name, problem] as const];
      }),
    ),
  };
}

/** What a Telemetry makes proxies send. */
export type Signal = 'traces' | 'access logs' | 'metrics';

/** Types of providers that istiod configures proxies to send something to; it takes no notice where another is named. */
const TYPES: Readonly<Record<Signal, ReadonlySet<string>>> = {
  traces: new Set([
    'opentelemetry',
    'zipkin',
    'datadog',
    'skywalking',
    'lightstep',
    'stackdriver',
    'opencensus',
  ]),
  'access logs': new Set([
    'envoyFileAccessLog',
    'envoyHttpAls',
    'envoyTcpAls',
    'envoyOtelAls',
    'stackdriver',
  ]),
  metrics: new Set(['prometheus', 'stackdriver']),
};

/** Tracers that newer versions of istiod take no notice of. */
const FADING_TRACERS: ReadonlySet<string> = new Set([
  'lightstep',
  'stackdriver',
  'opencensus',
]);

/** Is something sent to a provider that is named, as far as is known? */
export type ProviderUse =
  | { state: 'on' }
  | {
      state: 'off' | 'unknown';
      /** why, in one sentence */
      says: string;
    };

/** Whether a Telemetry that names a provider has proxies send something to it. R1.15, R8.20 */
export function providerUse(
  { config, withoutService }: MeshDefaults,
  name: string,
  signal: Signal,
): ProviderUse {
  const known = providerNamed(config, name);
  if (known === undefined) {
    return {
      state: 'off',
      says: `Provider ${name} is not among extensionProviders of the mesh configuration`,
    };
  }
  if (!TYPES[signal].has(known.type)) {
    return {
      state: 'off',
      says: `Provider ${name} is of type ${
        known.type || 'none'
      }, to which no ${signal} are sent`,
    };
  }
  if (signal === 'traces' && FADING_TRACERS.has(known.type)) {
    return {
      state: 'unknown',
      says: `Whether provider ${name} is used depends on the version of istiod: newer ones send no traces to its type, name one of type opentelemetry`,
    };
  }
  const problem = withoutService.get(known.name);
  if (problem === undefined) {
    return { state: 'on' };
  }
  return problem.perhapsElsewhere
    ? {
        state: 'unknown',
        says: `Whether provider ${name} is used is not known: ${problem.says}`,
      }
    : {
        state: 'off',
        says: `Provider ${name} cannot be used: ${problem.says}`,
      };
}

/** A provider by its name, whatever its case. R1.15 */
export function providerNamed(
  config: MeshConfig,
  name: string,
): ExtensionProvider | undefined {
  return config.extensionProviders.find(
    provider => provider.name.toLowerCase() === name.toLowerCase(),
  );
}

/** A provenance about a field of the mesh configuration; absent where Istio's default stands. */
export function meshProvenance(
  config: MeshConfig,
  field: string,
  says: string,
): Provenance | undefined {
  return (
    config.source && provenanceOf(config.source, `data.mesh: ${field}`, says)
  );
}

/** What is said where the mesh configuration would decide and cannot be read. */
export const MESH_CONFIG_UNREADABLE =
  'The mesh configuration cannot be read, so its default providers are not known.';
