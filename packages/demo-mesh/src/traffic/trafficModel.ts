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

import type { ObjectReader } from '../kubernetes/storeTypes';
import type { DemoTopology } from '../mesh/topology';
import {
  LabelMatcher,
  Labels,
  labelsKey,
  matchesAll,
  MetricMetadata,
  Series,
  SeriesSource,
} from '../prometheus/series';
import { compareLabels } from '../prometheus/series/labels';
import { ClusterStatistics, exportsClusters } from './clusterStatistics';
import { EventCounter, FunctionSeries, type Regime } from './counterSeries';
import type { Flow } from './flow';
import { flowsAt } from './flows';
import { incidentTimes } from './incidents';
import { platformSeries } from './platformMetrics';
import {
  emitterOf,
  flowLabels,
  latencyShare,
  Reporter,
  seriesOfCounter,
} from './standardMetrics';
import { Wave } from './wave';

const HISTORY_MS = 8 * 86_400_000;

/** When and with which seed the traffic is made. */
export interface TrafficModelOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly seed: string;
}

/** The traffic of the demo mesh as a source of series; `close` ends its watching of the store. */
export interface TrafficModel extends SeriesSource {
  close(): void;
}

interface Tracked {
  readonly counter: EventCounter;
  readonly pod: string;
}

class LiveTrafficModel implements TrafficModel {
  private readonly startedAt: number;
  private readonly tracked = new Map<string, Tracked>();
  private readonly waves = new Map<string, Wave>();
  private readonly clusters: ClusterStatistics;
  private byName = new Map<string, Series[]>();
  private started = false;
  private dirtySince: number | undefined;
  private readonly stopWatching: () => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: ObjectReader,
    private readonly topology: DemoTopology,
    private readonly options: TrafficModelOptions,
  ) {
    this.startedAt = options.now();
    this.clusters = new ClusterStatistics(this.startedAt - HISTORY_MS);
    this.stopWatching = store.onChange(() => this.noteChange());
  }

  close(): void {
    this.stopWatching();
    clearTimeout(this.timer);
  }

  select(matchers: readonly LabelMatcher[]): readonly Series[] {
    this.refresh();
    const name = matchers.find(m => m.name === '__name__');
    const names =
      name?.operator === '='
        ? [name.value]
        : [...this.byName.keys()].filter(key => name?.matches(key) ?? true);
    return names
      .flatMap(key => this.byName.get(key) ?? [])
      .filter(({ labels }) => matchesAll(labels, matchers));
  }

  metadata(): ReadonlyMap<string, MetricMetadata> {
    this.refresh();
    const found = new Map<string, MetricMetadata>();
    for (const name of this.byName.keys()) {
      const isHistogram = /^istio_.*_(bucket|sum|count)$/.test(name);
      const family = isHistogram
        ? name.replace(/_(bucket|sum|count)$/, '')
        : name;
      const scalar = name.endsWith('_total') ? 'counter' : 'gauge';
      found.set(family, {
        type: isHistogram ? 'histogram' : scalar,
        help: '',
        unit: '',
      });
    }
    return found;
  }

  private noteChange(): void {
    if (!this.started) {
      return;
    }
    this.dirtySince ??= this.options.now();
    this.timer ??= setTimeout(() => this.refresh(), 250).unref();
  }

  private refresh(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.started) {
      this.started = true;
      const past = incidentTimes(this.topology, this.startedAt);
      const times = [
        this.startedAt - HISTORY_MS,
        ...past.sort((a, b) => a - b),
      ];
      times.forEach(time => this.beginRegime(time));
      this.index();
    } else if (this.dirtySince !== undefined) {
      this.beginRegime(this.dirtySince);
      this.index();
    }
    this.dirtySince = undefined;
  }

  private beginRegime(time: number): void {
    const flows = flowsAt(this.store, this.topology, time, this.startedAt);
    const pods = new Set(
      this.store
        .list('pods')
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    );
    for (const { counter, pod } of this.tracked.values()) {
      for (const regime of counter.regimes) {
        regime.to = Math.min(regime.to, time);
      }
      if (!pods.has(pod)) {
        counter.end = Math.min(counter.end, time);
      }
      counter.changed();
    }
    this.clusters.endRegimes(time, pods);
    for (const flow of flows) {
      this.record(flow, 'source', time);
      this.record(flow, 'destination', time);
      this.record(flow, 'waypoint', time);
    }
  }

  private record(flow: Flow, reporter: Reporter, time: number): void {
    const emitter = emitterOf(flow, reporter);
    if (!emitter) {
      return;
    }
    for (const pod of emitter.pods) {
      const labels = flowLabels(this.topology, flow, reporter, pod);
      this.grow(
        flow,
        labels,
        `${emitter.namespace}/${pod}`,
        emitter.pods.length,
        time,
      );
      if (
        reporter === 'source' &&
        flow.edge.protocol !== 'tcp' &&
        exportsClusters(this.store, emitter.namespace, pod)
      ) {
        const regime = this.regimeOf(flow, emitter.pods.length, time);
        this.clusters
          .record(flow, pod, regime)
          .forEach(series => this.addSeries(series));
      }
      if (
        reporter !== 'source' &&
        flow.deniedByPolicy &&
        flow.edge.protocol !== 'tcp'
      ) {
        this.grow(
          flow,
          {
            __name__: 'envoy_http_rbac',
            authz_enforce_result: 'denied',
            namespace: emitter.namespace,
            pod,
            app: emitter.app,
            job: 'kubernetes-pods',
            instance: `${pod}:15020`,
          },
          `${emitter.namespace}/${pod}`,
          emitter.pods.length,
          time,
        );
      }
    }
  }

  private grow(
    flow: Flow,
    labels: Labels,
    pod: string,
    pods: number,
    time: number,
  ): void {
    const key = labelsKey(labels);
    let tracked = this.tracked.get(key);
    if (!tracked) {
      tracked = { counter: new EventCounter(), pod };
      this.tracked.set(key, tracked);
      this.publish(labels, tracked.counter, flow.edge.protocol);
    }
    tracked.counter.regimes.push(this.regimeOf(flow, pods, time));
  }

  /** A flow from a time on, as one of the pods that share it counts it. */
  private regimeOf(flow: Flow, pods: number, time: number): Regime {
    const { latency, edge } = flow;
    return {
      from: time,
      to: Infinity,
      perSecond: flow.perSecond / pods,
      wave: this.waveOf(edge.id),
      latencyShare: bound => latencyShare(latency, bound),
      latencyMean: latency.p50 * 1.2,
      requestBytes: edge.requestBytes,
      responseBytes: edge.responseBytes,
    };
  }

  private waveOf(id: string): Wave {
    const wave = this.waves.get(id) ?? new Wave(`${this.options.seed} ${id}`);
    this.waves.set(id, wave);
    return wave;
  }

  private publish(
    labels: Labels,
    counter: EventCounter,
    protocol: 'http' | 'grpc' | 'tcp',
  ): void {
    const series =
      '__name__' in labels
        ? [
            new FunctionSeries(
              labels,
              () => ({ from: counter.birth(), to: counter.end }),
              time => Math.floor(counter.total(time)),
              true,
            ),
          ]
        : seriesOfCounter(counter, labels, protocol);
    series.forEach(one => this.addSeries(one));
  }

  private addSeries(series: Series): void {
    const name = series.labels.__name__;
    this.byName.set(name, [...(this.byName.get(name) ?? []), series]);
  }

  private index(): void {
    const platform = platformSeries(this.store, this.startedAt - HISTORY_MS);
    const groups = new Map<string, Series[]>();
    for (const one of platform) {
      const name = one.labels.__name__;
      const group = groups.get(name);
      if (group) {
        group.push(one);
      } else {
        groups.set(name, [one]);
      }
    }
    for (const [name, group] of groups) {
      this.byName.set(name, group);
    }
    for (const group of this.byName.values()) {
      group.sort((a, b) => compareLabels(a.labels, b.labels));
    }
  }
}

/**
 * One deterministic model of the demo's traffic. Eight days of past exist at once: rates are functions of time, counters
 * their integrals. A change of the live objects begins a new regime from that moment on. The first query (not the
 * creation) fixes the objects that the past is told with, so that the demo's own objects can be stored first.
 */
export function createTrafficModel(
  store: ObjectReader,
  topology: DemoTopology,
  options: TrafficModelOptions,
): TrafficModel {
  return new LiveTrafficModel(store, topology, options);
}
