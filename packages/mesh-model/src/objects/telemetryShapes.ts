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

import type { TelemetrySpec } from './telemetry';
import type { TrafficExtensionSpec, WasmPluginSpec } from './extensions';
import {
  boolean,
  demanded,
  jsonObject,
  list,
  mapOf,
  number,
  record,
  string,
} from './shape';
import { policyTargetReference, workloadSelector } from './securityShapes';

const providers = list(record<{ name: string }>({ name: demanded(string) }));
const modeMatch = record<{ mode?: string }>({ mode: string });

type Tracing = NonNullable<TelemetrySpec['tracing']>[number];
type Metrics = NonNullable<TelemetrySpec['metrics']>[number];
type MetricsOverride = NonNullable<Metrics['overrides']>[number];
type AccessLogging = NonNullable<TelemetrySpec['accessLogging']>[number];

export const telemetrySpec = record<TelemetrySpec>({
  selector: workloadSelector,
  targetRef: policyTargetReference,
  targetRefs: list(policyTargetReference),
  tracing: list(
    record<Tracing>({
      match: modeMatch,
      providers,
      randomSamplingPercentage: number,
      disableSpanReporting: boolean,
      customTags: jsonObject,
    }),
  ),
  metrics: list(
    record<Metrics>({
      providers,
      overrides: list(
        record<MetricsOverride>({
          match: record<NonNullable<MetricsOverride['match']>>({
            metric: string,
            customMetric: string,
            mode: string,
          }),
          disabled: boolean,
          tagOverrides: mapOf(
            record<{ operation?: string; value?: string }>({
              operation: string,
              value: string,
            }),
          ),
        }),
      ),
      reportingInterval: string,
    }),
  ),
  accessLogging: list(
    record<AccessLogging>({
      match: modeMatch,
      providers,
      disabled: boolean,
      filter: record<{ expression?: string }>({ expression: string }),
    }),
  ),
});

type WasmMatch = NonNullable<WasmPluginSpec['match']>[number];

export const wasmPluginSpec = record<WasmPluginSpec>({
  selector: workloadSelector,
  targetRef: policyTargetReference,
  targetRefs: list(policyTargetReference),
  url: string,
  phase: string,
  priority: number,
  failStrategy: string,
  match: list(
    record<WasmMatch>({
      mode: string,
      ports: list(record<{ number?: number }>({ number })),
    }),
  ),
});

export const trafficExtensionSpec = record<TrafficExtensionSpec>({
  selector: workloadSelector,
  targetRefs: list(policyTargetReference),
  phase: string,
  priority: number,
});
