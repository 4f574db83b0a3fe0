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

import type { MeshObject } from '../objects';
import type { MeshConfig } from '../identity';
import { provenanceOf, type Provenance } from '../verdict';
import type { LocalityPlan } from './localityPlan';
import type { Sourced } from './mergedDestinationRule';
import type { EffectiveTrafficPolicy } from './trafficPolicy';

/** Where a value in effect comes from. */
export type SettingOrigin = 'destination-rule' | 'mesh-config' | 'default';

/** One value in effect on the way to a destination, with where it was set. */
export interface EffectiveSetting {
  /** as in DestinationRule, for example `connectionPool.tcp.connectTimeout` */
  setting: string;
  /** `undefined` means: no limit, or not in use. */
  value: string | number | boolean | undefined;
  origin: SettingOrigin;
  /** one sentence */
  says: string;
  /** Absent when the value is a built-in default. */
  provenance?: Provenance;
}

/** The values in effect towards one port (and subset) of a service. Units as in the objects (durations such as `10s`). */
export interface ResilienceSettings {
  loadBalancing: readonly EffectiveSetting[];
  connectionPool: readonly EffectiveSetting[];
  /** How many requests may be retries at a time; empty when no budget is set. R6.13 */
  retryBudget: readonly EffectiveSetting[];
  /** The version of HTTP in which requests travel; absent where none do. R6.16 */
  http?: EffectiveSetting;
  /** Empty when no outlier detection acts. */
  outlierDetection: readonly EffectiveSetting[];
  outlierDetectionEnabled: boolean;
  /** One sentence on what locality does, with the setting that decides it. */
  locality: EffectiveSetting;
}

type Flat = string | number | boolean;

function flatten(value: unknown, prefix: string): [string, Flat][] {
  if (Array.isArray(value)) {
    return [[prefix, JSON.stringify(value)]];
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, child]) =>
      flatten(child, `${prefix}.${key}`),
    );
  }
  return typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
    ? [[prefix, value]]
    : [];
}

interface Block {
  value: unknown;
  object?: MeshObject;
  path: string;
  origin: SettingOrigin;
}

/** What stands where nobody sets a value; `undefined` means: no limit. */
type Default = readonly [
  setting: string,
  value: Flat | undefined,
  says: string,
];

function settingOf(
  name: string,
  { object, path: ofBlock, origin }: Block,
  [setting, value]: [string, Flat],
): EffectiveSetting {
  const path = `${ofBlock}${setting.slice(name.length)}`;
  const says =
    object === undefined
      ? `Set by the mesh configuration (${path})`
      : `Set by ${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
  return {
    setting,
    value,
    origin,
    says,
    ...(object === undefined
      ? {}
      : { provenance: provenanceOf(object, path, says) }),
  };
}

function givenSettings(
  name: string,
  block: Block | undefined,
): EffectiveSetting[] {
  return block === undefined
    ? []
    : flatten(block.value, name).map(given => settingOf(name, block, given));
}

function withDefaults(
  given: readonly EffectiveSetting[],
  defaults: readonly Default[],
): EffectiveSetting[] {
  const names = new Set(given.map(({ setting }) => setting));
  return [
    ...given,
    ...defaults
      .filter(([setting]) => !names.has(setting))
      .map(
        ([setting, value, says]): EffectiveSetting => ({
          setting,
          value,
          origin: 'default',
          says,
        }),
      ),
  ];
}

/** Settings of a block that does nothing unless somebody sets it: without it, its defaults do not act either. */
function settingsIfSet(
  name: string,
  block: Block | undefined,
  defaults: readonly Default[],
): EffectiveSetting[] {
  return block === undefined
    ? []
    : withDefaults(givenSettings(name, block), defaults);
}

function fromRule(source: Sourced<unknown> | undefined): Block | undefined {
  return source === undefined
    ? undefined
    : { ...source, origin: 'destination-rule' };
}

function fromMesh(
  value: unknown,
  path: string,
  meshObject: MeshObject | undefined,
): Block | undefined {
  return value === undefined
    ? undefined
    : {
        value,
        path,
        origin: 'mesh-config',
        ...(meshObject === undefined ? {} : { object: meshObject }),
      };
}

/** The block of the DestinationRule as a whole, else that of the mesh's `defaultTrafficPolicy`. R1.13 */
function ruleElseMesh(
  name: 'connectionPool' | 'outlierDetection',
  policy: EffectiveTrafficPolicy,
  mesh: MeshConfig,
): Block | undefined {
  return (
    fromRule(policy[name]) ??
    fromMesh(
      mesh.defaultTrafficPolicy?.[name],
      `data.mesh: defaultTrafficPolicy.${name}`,
      mesh.source,
    )
  );
}

/** R6.10 */
const LOAD_BALANCING_DEFAULTS: readonly Default[] = [
  [
    'loadBalancer.simple',
    'LEAST_REQUEST',
    'Default of Istio: the endpoint with the fewest outstanding requests',
  ],
];

/** The algorithm, without what concerns locality; beside a consistent hash there is no default. R6.10 */
function loadBalancingOf({
  loadBalancer,
}: EffectiveTrafficPolicy): EffectiveSetting[] {
  if (loadBalancer === undefined) {
    return withDefaults([], LOAD_BALANCING_DEFAULTS);
  }
  const { simple, consistentHash, warmup, warmupDurationSecs } =
    loadBalancer.value;
  const algorithm = fromRule({
    ...loadBalancer,
    value: { simple, consistentHash, warmup, warmupDurationSecs },
  });
  return withDefaults(
    givenSettings('loadBalancer', algorithm),
    consistentHash === undefined ? LOAD_BALANCING_DEFAULTS : [],
  );
}

const NO_LIMIT = 'No limit: Istio raises the thresholds to the maximum';

/** R6.10 */
function connectionPoolDefaults({ connectTimeout }: MeshConfig): Default[] {
  return [
    [
      'connectionPool.tcp.connectTimeout',
      connectTimeout,
      'connectTimeout of the mesh configuration',
    ],
    ['connectionPool.tcp.maxConnections', undefined, NO_LIMIT],
    ['connectionPool.http.http1MaxPendingRequests', undefined, NO_LIMIT],
    ['connectionPool.http.http2MaxRequests', undefined, NO_LIMIT],
    ['connectionPool.http.maxRetries', undefined, NO_LIMIT],
    ['connectionPool.http.idleTimeout', '1h', 'Default of Envoy'],
  ];
}

/** A numeric zero means "unset" (R6.12); else R6.10 */
function connectionPoolOf(
  policy: EffectiveTrafficPolicy,
  mesh: MeshConfig,
): EffectiveSetting[] {
  const pool = ruleElseMesh('connectionPool', policy, mesh);
  return withDefaults(
    givenSettings('connectionPool', pool).filter(({ value }) => value !== 0),
    connectionPoolDefaults(mesh),
  );
}

/** R6.13 */
const RETRY_BUDGET_DEFAULTS: readonly Default[] = [
  [
    'retryBudget.percent',
    20,
    'Default of Istio: percent of the requests that are under way',
  ],
  [
    'retryBudget.minRetryConcurrency',
    3,
    'Default of Istio: that many retries are always allowed',
  ],
];

/** R6.11; of the panic threshold: R6.10 */
const OUTLIER_DETECTION_DEFAULTS: readonly Default[] = [
  ['outlierDetection.consecutive5xxErrors', 5, 'Default of Envoy'],
  ['outlierDetection.interval', '10s', 'Default of Envoy'],
  ['outlierDetection.baseEjectionTime', '30s', 'Default of Envoy'],
  ['outlierDetection.maxEjectionPercent', 10, 'Default of Envoy'],
  [
    'outlierDetection.minHealthPercent',
    0,
    'Panic mode is off when outlier detection is set',
  ],
];

function localityOf({
  field,
  value,
  origin,
  says,
  provenance,
}: LocalityPlan): EffectiveSetting {
  return {
    setting: field,
    value,
    // What a Service asks for is no setting of the mesh: it stands where none does.
    origin: origin === 'service' ? 'default' : origin,
    says,
    ...(provenance === undefined ? {} : { provenance }),
  };
}

/**
 * The values in effect for a traffic policy: what the DestinationRule sets, else the mesh's `defaultTrafficPolicy`
 * block by block (R1.13), else the built-in default (R6.10, R6.11, R6.13).
 *
 * @param http - the version of HTTP in which requests travel, where they do (R6.16)
 * @param locality - what decides the preference of localities (R6.14)
 */
export function resilienceOfPolicy(
  policy: EffectiveTrafficPolicy,
  mesh: MeshConfig,
  locality: (detects: boolean) => LocalityPlan,
  http?: EffectiveSetting,
): ResilienceSettings {
  const outlierDetection = ruleElseMesh('outlierDetection', policy, mesh);
  const detects = outlierDetection !== undefined;
  return {
    loadBalancing: loadBalancingOf(policy),
    connectionPool: connectionPoolOf(policy, mesh),
    retryBudget: settingsIfSet(
      'retryBudget',
      fromRule(policy.retryBudget),
      RETRY_BUDGET_DEFAULTS,
    ),
    ...(http === undefined ? {} : { http }),
    outlierDetectionEnabled: detects,
    outlierDetection: settingsIfSet(
      'outlierDetection',
      outlierDetection,
      OUTLIER_DETECTION_DEFAULTS,
    ),
    locality: localityOf(locality(detects)),
  };
}
