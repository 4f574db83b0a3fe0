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

import type { StringMap } from '../objects';
import { parseGoBool } from '../identity';

const INGRESS_USE_WAYPOINT = 'istio.io/ingress-use-waypoint';
const CANARY = 'istio.io/use-waypoint-canary';
const CANARY_NAMESPACE = 'istio.io/use-waypoint-canary-namespace';
const CANARY_WEIGHT = 'istio.io/use-waypoint-canary-weight';

/** Does the label speak, and does it send ingress traffic through the waypoint? */
export interface IngressWaypointWish {
  present: boolean;
  use: boolean;
}

/**
 * What the label `istio.io/ingress-use-waypoint` says: that of the Service, else that of its namespace. A value that is no
 * boolean counts as `false`. R2.12
 */
export function ingressWaypointWish(
  serviceLabels: StringMap,
  namespaceLabels: StringMap,
): IngressWaypointWish {
  const value =
    serviceLabels[INGRESS_USE_WAYPOINT] ??
    namespaceLabels[INGRESS_USE_WAYPOINT];
  return {
    present: value !== undefined,
    use: value !== undefined && parseGoBool(value) === true,
  };
}

/** The canary waypoint that an object names, else the one its namespace names. R2.11 */
export function canaryWaypointOf(
  labels: StringMap,
  namespaceLabels: StringMap,
  ownNamespace: string,
): { namespace: string; name: string } | undefined {
  const source = labels[CANARY] === undefined ? namespaceLabels : labels;
  const name = source[CANARY] ?? '';
  return name === '' || name === 'none'
    ? undefined
    : { name, namespace: source[CANARY_NAMESPACE] ?? ownNamespace };
}

/**
 * The share of connections the canary waypoint gets, 0 to 100 percent: of the object, else of its namespace, else 0.
 * `undefined` when what is written is not such a number. R2.11
 */
export function canaryWeightOf(
  annotations: StringMap,
  namespaceAnnotations: StringMap,
): number | undefined {
  const text =
    annotations[CANARY_WEIGHT] ?? namespaceAnnotations[CANARY_WEIGHT] ?? '0';
  const weight = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return weight >= 0 && weight <= 100 ? Math.abs(weight) : undefined;
}
