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

export interface TelemetrySpec {
  selector?: WorkloadSelector;
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
  tracing?: readonly {
    match?: { mode?: string };
    providers?: readonly { name: string }[];
    randomSamplingPercentage?: number;
    disableSpanReporting?: boolean;
    customTags?: Readonly<Record<string, unknown>>;
  }[];
  metrics?: readonly {
    providers?: readonly { name: string }[];
    overrides?: readonly {
      match?: { metric?: string; customMetric?: string; mode?: string };
      disabled?: boolean;
      tagOverrides?: Readonly<
        Record<string, { operation?: string; value?: string }>
      >;
    }[];
    reportingInterval?: GoDuration;
  }[];
  accessLogging?: readonly {
    match?: { mode?: string };
    providers?: readonly { name: string }[];
    disabled?: boolean;
    filter?: { expression?: string };
  }[];
}

export interface ProxyConfigSpec {
  selector?: WorkloadSelector;
  concurrency?: number;
  environmentVariables?: StringMap;
  image?: { imageType?: string };
}
