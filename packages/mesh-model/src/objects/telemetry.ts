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
  GoDuration,
  PolicyTargetReference,
  WorkloadSelector,
} from './attachment';
import type { StringMap } from './types';

export interface ProxyConfigSpec {
  selector?: WorkloadSelector;
  concurrency?: number;
  environmentVariables?: StringMap;
  image?: { imageType?: string };
}

/** Which side of a connection a part of a Telemetry is about; both when unset. */
export type TelemetryMode = 'CLIENT_AND_SERVER' | 'CLIENT' | 'SERVER';

/** Where the value of a span's tag comes from. */
export interface CustomTag {
  literal?: { value?: string };
  environment?: { name?: string; defaultValue?: string };
  header?: { name?: string; defaultValue?: string };
  formatter?: { value?: string };
}

export interface TelemetryTracing {
  match?: { mode?: TelemetryMode };
  providers?: readonly { name: string }[];
  randomSamplingPercentage?: number;
  disableSpanReporting?: boolean;
  customTags?: Readonly<Record<string, CustomTag>>;
  useRequestIdForTraceSampling?: boolean;
  enableIstioTags?: boolean;
  disableContextPropagation?: boolean;
}

/** What becomes of one tag of a metric. */
export interface TagOverride {
  /** `UPSERT` when unset */
  operation?: string;
  value?: string;
}

export interface MetricsOverride {
  match?: { metric?: string; customMetric?: string; mode?: TelemetryMode };
  disabled?: boolean;
  tagOverrides?: Readonly<Record<string, TagOverride>>;
}

export interface TelemetryMetrics {
  providers?: readonly { name: string }[];
  overrides?: readonly MetricsOverride[];
  reportingInterval?: GoDuration;
}

export interface TelemetryAccessLogging {
  match?: { mode?: TelemetryMode };
  providers?: readonly { name: string }[];
  disabled?: boolean;
  filter?: { expression?: string };
}

export interface TelemetrySpec {
  selector?: WorkloadSelector;
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
  tracing?: readonly TelemetryTracing[];
  metrics?: readonly TelemetryMetrics[];
  accessLogging?: readonly TelemetryAccessLogging[];
}
