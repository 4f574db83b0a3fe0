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

import type { Config } from '@backstage/config';
import {
  BUILT_IN_SLO,
  BUILT_IN_SLO_DEFAULTS,
  parseSlo,
  SLO_KEYS,
  type SloDefaults,
  SloProblem,
  type SloTexts,
} from '../slo';

type Objective = SloDefaults['default'];

function readObjective(config: Config, key: string): Objective {
  const unknown = config
    .keys()
    .find(name => !SLO_KEYS.some(known => known === name));
  if (unknown !== undefined) {
    throw new Error(
      `Invalid configuration: '${key}.${unknown}' is not known; known are ${SLO_KEYS.join(
        ', ',
      )}`,
    );
  }
  const texts: SloTexts = Object.fromEntries(
    SLO_KEYS.flatMap(name => {
      const value = config.getOptional(name);
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
  try {
    return parseSlo(texts, name => `'${key}.${name}'`);
  } catch (error) {
    if (!(error instanceof SloProblem)) throw error;
    throw new Error(`Invalid configuration: ${error.message}`);
  }
}

function readByName(
  config: Config | undefined,
  key: string,
): Map<string, Objective> {
  return new Map(
    (config?.keys() ?? []).flatMap(name => {
      const block = config?.getOptionalConfig(name);
      return block ? [[name, readObjective(block, `${key}.${name}`)]] : [];
    }),
  );
}

/**
 * Reads `istio.slo`: objectives of entities that state none, by tier and lifecycle.
 *
 * @throws Error naming the key and what to write
 */
export function readSloDefaults(config: Config | undefined): SloDefaults {
  const block = config?.getOptionalConfig('slo');
  const ofAll = block?.getOptionalConfig('default');
  return {
    tierLabel:
      block?.getOptionalString('tierLabel') ?? BUILT_IN_SLO_DEFAULTS.tierLabel,
    byTier: readByName(block?.getOptionalConfig('byTier'), 'istio.slo.byTier'),
    byLifecycle: readByName(
      block?.getOptionalConfig('byLifecycle'),
      'istio.slo.byLifecycle',
    ),
    default: ofAll ? readObjective(ofAll, 'istio.slo.default') : BUILT_IN_SLO,
  };
}
