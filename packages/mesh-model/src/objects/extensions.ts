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

import type { PolicyTargetReference, WorkloadSelector } from './attachment';
import type { StringMap } from './types';

export interface EnvoyFilterSpec {
  workloadSelector?: { labels?: StringMap };
  targetRefs?: readonly PolicyTargetReference[];
  configPatches?: readonly {
    applyTo?: string;
    match?: {
      context?: string;
      proxy?: { proxyVersion?: string; metadata?: StringMap };
    };
    patch?: { operation?: string; filterClass?: string };
  }[];
  priority?: number;
}

export interface WasmPluginSpec {
  selector?: WorkloadSelector;
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
  url?: string;
  phase?: string;
  priority?: number;
  failStrategy?: string;
  match?: readonly { mode?: string; ports?: readonly { number?: number }[] }[];
}

export interface TrafficExtensionSpec {
  selector?: WorkloadSelector;
  targetRefs?: readonly PolicyTargetReference[];
  phase?: string;
  priority?: number;
}
