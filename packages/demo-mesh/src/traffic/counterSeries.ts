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

import type { Labels, Series } from '../prometheus/series';
import { Wave } from './wave';

/** How often everything is scraped. */
const SCRAPE_INTERVAL_MS = 15_000;

/** A stretch of time in which a counter grows at `perSecond` times its wave. Milliseconds; `to` may be infinite. */
export interface Regime {
  readonly from: number;
  to: number;
  readonly perSecond: number;
  readonly wave: Wave;
  /** Share 0..1 of the events that take at most this many milliseconds. */
  readonly latencyShare: (milliseconds: number) => number;
  readonly latencyMean: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Events counted by one proxy under one label set, over all regimes since the proxy started. */
export class EventCounter {
  readonly regimes: Regime[] = [];
  /** When the proxy went away. */
  end = Infinity;

  /** Sum over the regimes up to `time` of the events, each regime weighted. */
  total(time: number, weight: (regime: Regime) => number = () => 1): number {
    const events = this.eventsAt(time);
    let sum = 0;
    for (let index = 0; index < events.length; index++) {
      sum += events[index] * weight(this.regimes[index]);
    }
    return sum;
  }

  /** Events of each regime that began before `time`. Some fifty series of one counter ask about the same times. */
  private eventsAt(time: number): readonly number[] {
    const known = this.events.get(time);
    if (known && this.regimesKnown === this.regimes.length) {
      return known;
    }
    if (this.regimesKnown !== this.regimes.length || this.events.size > 1000) {
      this.events.clear();
      this.regimesKnown = this.regimes.length;
    }
    const events: number[] = [];
    for (const { from, to, perSecond, wave } of this.regimes) {
      if (from >= time) {
        break;
      }
      const until = Math.min(time, to);
      events.push(
        perSecond * (wave.integral(until / 1000) - wave.integral(from / 1000)),
      );
    }
    this.events.set(time, events);
    return events;
  }

  /** The first scrape at which there is something to count: a series is born with its first event. */
  birth(): number {
    const [first] = this.regimes;
    if (this.born !== undefined || !first) {
      return this.born ?? Infinity;
    }
    const horizon = this.regimes[this.regimes.length - 1];
    const far = Math.min(horizon.to, horizon.from + 30 * 86_400_000, this.end);
    if (this.total(far) < 1) {
      return Infinity;
    }
    let low = Math.floor(first.from / SCRAPE_INTERVAL_MS);
    let high = Math.ceil(far / SCRAPE_INTERVAL_MS);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.total(middle * SCRAPE_INTERVAL_MS) >= 1) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    this.born = low * SCRAPE_INTERVAL_MS;
    return this.born;
  }

  /** Forgets the birth: after a regime was ended early. */
  changed(): void {
    this.born = undefined;
    this.events.clear();
  }

  private born: number | undefined;
  private readonly events = new Map<number, readonly number[]>();
  private regimesKnown = 0;
}

/** A counter or gauge as a function of time, seen on the scrape grid while its proxy lives. */
export class FunctionSeries implements Series {
  constructor(
    readonly labels: Labels,
    private readonly lifetime: () => { from: number; to: number },
    private readonly valueAt: (time: number) => number,
    private readonly isCounter: boolean,
  ) {}

  private grid(from: number, to: number) {
    const life = this.lifetime();
    const first =
      Math.ceil(Math.max(from, life.from) / SCRAPE_INTERVAL_MS) *
      SCRAPE_INTERVAL_MS;
    const last =
      Math.floor(Math.min(to, life.to) / SCRAPE_INTERVAL_MS) *
      SCRAPE_INTERVAL_MS;
    return { first, last };
  }

  samplesBetween(from: number, to: number) {
    const { first, last } = this.grid(from, to);
    const times: number[] = [];
    const values: number[] = [];
    for (let time = first; time <= last; time += SCRAPE_INTERVAL_MS) {
      times.push(time);
      values.push(this.valueAt(time));
    }
    return { times, values };
  }

  latestBetween(from: number, to: number) {
    const { first, last } = this.grid(from, to);
    return last < first ? undefined : { time: last, value: this.valueAt(last) };
  }

  monotoneWindow(from: number, to: number) {
    if (!this.isCounter) {
      return undefined;
    }
    const { first, last } = this.grid(from, to);
    const count = last < first ? 0 : (last - first) / SCRAPE_INTERVAL_MS + 1;
    return {
      count,
      firstTime: first,
      firstValue: count > 1 ? this.valueAt(first) : 0,
      lastTime: last,
      lastValue: count > 1 ? this.valueAt(last) : 0,
    };
  }
}
