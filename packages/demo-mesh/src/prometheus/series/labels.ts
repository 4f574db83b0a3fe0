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

/** Label names to values, `__name__` among them, as Prometheus stores a series. */
export type Labels = Readonly<Record<string, string>>;

/** The metric name's label. */
export const METRIC_NAME = '__name__';

/** A string that two label sets share if and only if they are equal. Empty values count as absent, as in Prometheus. */
export function labelsKey(labels: Labels): string {
  const names = Object.keys(labels).sort();
  let key = '';
  for (const name of names) {
    if (labels[name] !== '') {
      key += `${name}\u0000${labels[name]}\u0001`;
    }
  }
  return key;
}

/** The labels of `names` only, those absent left out: `by (…)` and `on (…)`. */
export function keepLabels(labels: Labels, names: readonly string[]): Labels {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') {
      kept[name] = value;
    }
  }
  return kept;
}

/** All labels but those of `names`: `without (…)` and `ignoring (…)`. */
export function dropLabels(labels: Labels, names: readonly string[]): Labels {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(labels)) {
    if (!names.includes(name)) {
      kept[name] = value;
    }
  }
  return kept;
}

/** The labels without the metric name, which every function and arithmetic operator drops. */
export function dropMetricName(labels: Labels): Labels {
  return METRIC_NAME in labels ? dropLabels(labels, [METRIC_NAME]) : labels;
}

/** Orders label sets as Prometheus does: pair by pair, names before values. */
export function compareLabels(a: Labels, b: Labels): number {
  const namesA = Object.keys(a).sort();
  const namesB = Object.keys(b).sort();
  const shorter = Math.min(namesA.length, namesB.length);
  for (let i = 0; i < shorter; i++) {
    if (namesA[i] !== namesB[i]) {
      return namesA[i] < namesB[i] ? -1 : 1;
    }
    const valueA = a[namesA[i]];
    const valueB = b[namesB[i]];
    if (valueA !== valueB) {
      return valueA < valueB ? -1 : 1;
    }
  }
  return namesA.length - namesB.length;
}

/** `name{a="b",c="d"}`, for error messages and the text formats. */
export function formatLabels(labels: Labels): string {
  const pairs = Object.keys(labels)
    .filter(name => name !== METRIC_NAME)
    .sort()
    .map(name => `${name}="${escapeLabelValue(labels[name])}"`);
  return `${labels[METRIC_NAME] ?? ''}{${pairs.join(', ')}}`;
}

/** Escapes a label value for a string literal of PromQL and of the exposition format. */
export function escapeLabelValue(value: string): string {
  return value
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n');
}
