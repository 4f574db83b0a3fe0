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

import type { TargetService } from '../authorization';
import type { EnvoyProxy } from '../extensions';
import type { MeshSnapshot } from '../snapshot';
import { accessLogOfSide, type AccessLogSettings } from './accessLogging';
import {
  applicableTelemetries,
  type ApplicableTelemetries,
} from './applicable';
import { metricsOfProxy, type MetricsSettings } from './metrics';
import { partsOf } from './parts';
import { meshDefaultsOf } from './providers';
import { proxyTracingOf } from './proxyTracing';
import { sidesOfProxy } from './sides';
import { tracingOfSide, type TracingSettings } from './tracing';

/** What a proxy traces, measures and logs, and which Telemetries decided it. */
export interface EffectiveTelemetry extends ApplicableTelemetries {
  /** one entry a side; empty where no Envoy runs (ztunnel has its own metrics and logs) */
  tracing: readonly TracingSettings[];
  metrics: MetricsSettings;
  /** one entry a side */
  accessLogging: readonly AccessLogSettings[];
}

/**
 * What a proxy traces, measures and logs: every Telemetry that acts on it, level over level, over the mesh configuration.
 * R8.19 – R8.24
 *
 * @param service - only at a waypoint: the service whose chain is asked about
 */
export function telemetryOf(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
  service?: TargetService,
): EffectiveTelemetry {
  const applicable = applicableTelemetries(snapshot, proxy, service);
  const { levels } = applicable;
  const sides = sidesOfProxy(proxy);
  if (sides.length === 0) {
    return {
      ...applicable,
      tracing: [],
      metrics: {
        state: 'off',
        says:
          proxy.target.proxy === 'ambient'
            ? 'ztunnel reports its own metrics of connections; no Telemetry changes them'
            : 'The workload has no proxy that could report anything',
        providers: [],
      },
      accessLogging: [],
    };
  }
  const mesh = meshDefaultsOf(snapshot, proxy);
  const ownTracing = proxyTracingOf(snapshot, proxy, mesh);
  const tracing = partsOf(levels, 'tracing');
  return {
    ...applicable,
    tracing: sides.map(side => tracingOfSide(side, tracing, mesh, ownTracing)),
    metrics: metricsOfProxy(sides, partsOf(levels, 'metrics'), mesh),
    accessLogging: sides.map(side => accessLogOfSide(side, levels, mesh)),
  };
}
