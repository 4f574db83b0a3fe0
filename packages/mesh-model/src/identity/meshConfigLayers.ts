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

import { readYaml } from '../objects/yamlText';
import { isRecord } from '../objects/shape';

/** The YAML of a mesh configuration, as it stands. */
export type RawRecord = Readonly<Record<string, unknown>>;

function listIn(raw: RawRecord, field: string): readonly unknown[] {
  const value = raw[field];
  return Array.isArray(value) ? value : [];
}

/** Field by field the upper layer wins; providers add up by name, aliases of the trust domain add up. R1.11 */
export function layered(lower: RawRecord, upper: RawRecord): RawRecord {
  const nameOf = (provider: unknown) =>
    isRecord(provider) ? provider.name : undefined;
  const providers = listIn(upper, 'extensionProviders');
  const named = new Set(providers.map(nameOf));
  const aliases = new Set([
    ...listIn(lower, 'trustDomainAliases'),
    ...listIn(upper, 'trustDomainAliases'),
  ]);
  return {
    ...lower,
    ...upper,
    ...(isRecord(lower.defaultConfig) && isRecord(upper.defaultConfig)
      ? { defaultConfig: { ...lower.defaultConfig, ...upper.defaultConfig } }
      : {}),
    extensionProviders: [
      ...providers,
      ...listIn(lower, 'extensionProviders').filter(
        provider => !named.has(nameOf(provider)),
      ),
    ],
    trustDomainAliases: [...aliases],
  };
}

/** The YAML as a record; the message of what is wrong when it is no YAML. */
export function parsedLayer(yaml: string): RawRecord | string {
  const read = readYaml(yaml);
  if ('problem' in read) {
    return read.problem;
  }
  return isRecord(read.value) ? read.value : {};
}
