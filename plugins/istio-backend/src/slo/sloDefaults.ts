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

import type { SloDefinition } from './sloDefinition';

type Objective = Omit<SloDefinition, 'origin' | 'originWords'>;

/** Objectives of entities that state none (`istio.slo` in app-config). */
export interface SloDefaults {
  /** the label of entities that holds their tier */
  tierLabel: string;
  byTier: ReadonlyMap<string, Objective>;
  byLifecycle: ReadonlyMap<string, Objective>;
  default: Objective;
}

/** What defaults are chosen by. */
export interface SloEntityTraits {
  lifecycle?: string;
  labels: Readonly<Record<string, string>>;
}

/** Where nothing is configured. */
export const BUILT_IN_SLO: Objective = {
  availability: 99.5,
  periodDays: 30,
  view: 'server',
  exclude: [],
};

/** Defaults of a portal that configures none. */
export const BUILT_IN_SLO_DEFAULTS: SloDefaults = {
  tierLabel: 'tier',
  byTier: new Map(),
  byLifecycle: new Map(),
  default: BUILT_IN_SLO,
};

/** The default of an entity: by its tier, else by its lifecycle, else that of all. It says that it is one. */
export function defaultSloOf(
  { lifecycle, labels }: SloEntityTraits,
  defaults: SloDefaults,
): SloDefinition {
  const tier = labels[defaults.tierLabel];
  const byTier = tier === undefined ? undefined : defaults.byTier.get(tier);
  if (byTier) return asDefault(byTier, `default target of tier ${tier}`);
  const byLifecycle =
    lifecycle === undefined ? undefined : defaults.byLifecycle.get(lifecycle);
  if (byLifecycle) {
    return asDefault(byLifecycle, `default target of lifecycle ${lifecycle}`);
  }
  return defaultSlo(defaults);
}

/** The default of services that no entity names. */
export function defaultSlo(defaults: SloDefaults): SloDefinition {
  return asDefault(defaults.default, 'default target');
}

function asDefault(objective: Objective, originWords: string): SloDefinition {
  return { ...objective, origin: 'default', originWords };
}
