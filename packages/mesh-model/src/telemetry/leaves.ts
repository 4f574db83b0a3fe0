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

import { isRecord } from '../objects/shape';

/** Maps of which every key is a setting of its own. */
const MAPS = new Set(['proxyMetadata', 'customTags']);

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The single settings of a nested configuration by their paths: `tracing.sampling`, `proxyMetadata[KEY]`. Lists are one
 * setting. Anything but an object has none.
 */
export function leavesOf(configuration: unknown): Map<string, string> {
  const leaves = new Map<string, string>();
  const pending: [string, unknown][] = isRecord(configuration)
    ? Object.entries(configuration)
    : [];
  for (const [path, value] of pending) {
    if (!isRecord(value)) {
      if (value !== undefined && value !== null) {
        leaves.set(path, textOf(value));
      }
      continue;
    }
    const isMap = MAPS.has(path.split('.').at(-1) ?? '');
    for (const [key, item] of Object.entries(value)) {
      pending.push([isMap ? `${path}[${key}]` : `${path}.${key}`, item]);
    }
  }
  return leaves;
}
