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
  CustomTag,
  MetricsOverride,
  ProxyConfigSpec,
  TagOverride,
  TelemetryAccessLogging,
  TelemetryMetrics,
  TelemetrySpec,
  TelemetryTracing,
  TelemetryMode,
} from './telemetry';
import {
  boolean,
  demanded,
  list,
  mapOf,
  number,
  oneOf,
  record,
  string,
  stringMap,
} from './shape';
import { policyTargetReference, workloadSelector } from './securityShapes';

const providers = list(record<{ name: string }>({ name: demanded(string) }));
const mode = oneOf(['CLIENT_AND_SERVER', 'CLIENT', 'SERVER']);
const modeMatch = record<{ mode?: TelemetryMode }>({ mode });

const valueOrDefault = record<{ name?: string; defaultValue?: string }>({
  name: string,
  defaultValue: string,
});
const value = record<{ value?: string }>({ value: string });

export const telemetrySpec = record<TelemetrySpec>({
  selector: workloadSelector,
  targetRef: policyTargetReference,
  targetRefs: list(policyTargetReference),
  tracing: list(
    record<TelemetryTracing>({
      match: modeMatch,
      providers,
      randomSamplingPercentage: number,
      disableSpanReporting: boolean,
      customTags: mapOf(
        record<CustomTag>({
          literal: value,
          environment: valueOrDefault,
          header: valueOrDefault,
          formatter: value,
        }),
      ),
      useRequestIdForTraceSampling: boolean,
      enableIstioTags: boolean,
      disableContextPropagation: boolean,
    }),
  ),
  metrics: list(
    record<TelemetryMetrics>({
      providers,
      overrides: list(
        record<MetricsOverride>({
          match: record<NonNullable<MetricsOverride['match']>>({
            metric: string,
            customMetric: string,
            mode,
          }),
          disabled: boolean,
          tagOverrides: mapOf(
            record<TagOverride>({ operation: string, value: string }),
          ),
        }),
      ),
      reportingInterval: string,
    }),
  ),
  accessLogging: list(
    record<TelemetryAccessLogging>({
      match: modeMatch,
      providers,
      disabled: boolean,
      filter: record<{ expression?: string }>({ expression: string }),
    }),
  ),
});

export const proxyConfigSpec = record<ProxyConfigSpec>({
  selector: workloadSelector,
  concurrency: number,
  environmentVariables: stringMap,
  image: record<{ imageType?: string }>({ imageType: string }),
});
