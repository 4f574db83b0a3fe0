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

import type { SlimObjectByKind, StringMap } from '../objects';
import { compareByAge } from './order';
import { isSubset } from './labelSelection';

type Pod = SlimObjectByKind['Pod'];

/**
 * Pods of one namespace by their labels. Pods of one ReplicaSet share one label map, so the index groups pods by that
 * map and posts each `key=value` to the few maps that hold it; selectors are then tested once a map, not once a pod.
 */
export class PodIndex {
  private readonly podsByLabels = new Map<StringMap, Set<Pod>>();
  private readonly labelsByPair = new Map<string, StringMap[]>();

  get isEmpty(): boolean {
    return this.podsByLabels.size === 0;
  }

  add(pod: Pod): void {
    const { labels } = pod.metadata;
    const pods = this.podsByLabels.get(labels);
    if (pods) {
      pods.add(pod);
      return;
    }
    this.podsByLabels.set(labels, new Set([pod]));
    for (const [key, value] of Object.entries(labels)) {
      const pair = `${key}=${value}`;
      const maps = this.labelsByPair.get(pair);
      if (maps) {
        maps.push(labels);
      } else {
        this.labelsByPair.set(pair, [labels]);
      }
    }
  }

  remove(pod: Pod): void {
    const { labels } = pod.metadata;
    const pods = this.podsByLabels.get(labels);
    pods?.delete(pod);
    if (pods?.size !== 0) {
      return;
    }
    this.podsByLabels.delete(labels);
    for (const [key, value] of Object.entries(labels)) {
      const pair = `${key}=${value}`;
      const rest = (this.labelsByPair.get(pair) ?? []).filter(
        map => map !== labels,
      );
      if (rest.length === 0) {
        this.labelsByPair.delete(pair);
      } else {
        this.labelsByPair.set(pair, rest);
      }
    }
  }

  /** Pods that match, in the universal order. */
  select(selector: StringMap): readonly Pod[] {
    let candidates: readonly StringMap[] | undefined;
    for (const [key, value] of Object.entries(selector)) {
      const maps = this.labelsByPair.get(`${key}=${value}`);
      if (maps === undefined) {
        return [];
      }
      if (candidates === undefined || maps.length < candidates.length) {
        candidates = maps;
      }
    }
    const found: Pod[] = [];
    for (const labels of candidates ?? []) {
      if (isSubset(selector, labels)) {
        for (const pod of this.podsByLabels.get(labels) ?? []) {
          found.push(pod);
        }
      }
    }
    return found.sort(compareByAge);
  }
}
