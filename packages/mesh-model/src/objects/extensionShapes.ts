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

import type {
  ClusterMatch,
  EnvoyConfigPatch,
  EnvoyFilterSpec,
  ExtensionTrafficSelector,
  ListenerMatch,
  PatchContent,
  RouteConfigurationMatch,
  TrafficExtensionSpec,
  WasmPluginSpec,
  WaypointMatch,
} from './extensions';
import type { StringMap } from './types';
import {
  isRecord,
  jsonObject,
  list,
  number,
  record,
  string,
  stringMap,
  type Shape,
} from './shape';
import { policyTargetReference, workloadSelector } from './securityShapes';

const TRANSPORT_SOCKETS = new Set([
  'transport_socket',
  'transportSocket',
  'transport_socket_matches',
  'transportSocketMatches',
]);

/** Reads the arbitrary Envoy configuration of a patch down to the names and types in it. */
const patchContent: Shape<PatchContent> = (raw, reading) => {
  const root = jsonObject(raw, reading);
  if (root === undefined) {
    return undefined;
  }
  const names = new Set<string>();
  const types = new Set<string>();
  let transportSocket = false;
  const pending: unknown[] = [root];
  for (const value of pending) {
    if (Array.isArray(value)) {
      for (const item of value) {
        pending.push(item);
      }
    } else if (isRecord(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (typeof item === 'string') {
          if (key === 'name') {
            names.add(item);
          } else if (key === '@type') {
            types.add(item);
          }
        } else {
          transportSocket ||= TRANSPORT_SOCKETS.has(key);
          pending.push(item);
        }
      }
    }
  }
  return { names: [...names], types: [...types], transportSocket };
};

type PatchMatch = NonNullable<EnvoyConfigPatch['match']>;
type FilterChain = NonNullable<ListenerMatch['filterChain']>;
type VirtualHost = NonNullable<RouteConfigurationMatch['vhost']>;

const named = record<{ name?: string }>({ name: string });
const filter = record<NonNullable<FilterChain['filter']>>({
  name: string,
  subFilter: named,
});

const patchMatch = record<PatchMatch>({
  context: string,
  proxy: record<NonNullable<PatchMatch['proxy']>>({
    proxyVersion: string,
    metadata: stringMap,
  }),
  listener: record<ListenerMatch>({
    name: string,
    portNumber: number,
    portName: string,
    listenerFilter: string,
    filterChain: record<FilterChain>({
      name: string,
      sni: string,
      applicationProtocols: string,
      transportProtocol: string,
      transportSocket: string,
      destinationPort: number,
      filter,
    }),
  }),
  routeConfiguration: record<RouteConfigurationMatch>({
    name: string,
    portNumber: number,
    portName: string,
    gateway: string,
    vhost: record<VirtualHost>({
      name: string,
      domainName: string,
      route: record<NonNullable<VirtualHost['route']>>({
        name: string,
        action: string,
      }),
    }),
  }),
  cluster: record<ClusterMatch>({
    name: string,
    service: string,
    subset: string,
    portNumber: number,
  }),
  waypoint: record<WaypointMatch>({ portNumber: number, filter, route: named }),
});

export const envoyFilterSpec = record<EnvoyFilterSpec>({
  workloadSelector: record<{ labels?: StringMap }>({ labels: stringMap }),
  targetRefs: list(policyTargetReference),
  configPatches: list(
    record<EnvoyConfigPatch>({
      applyTo: string,
      match: patchMatch,
      patch: record<NonNullable<EnvoyConfigPatch['patch']>>({
        operation: string,
        filterClass: string,
        value: patchContent,
      }),
    }),
  ),
  priority: number,
});

const trafficSelectors = list(
  record<ExtensionTrafficSelector>({
    mode: string,
    ports: list(record<{ number?: number }>({ number })),
  }),
);

/** How a module is fetched and configured: decides what it does, not where it acts. */
const MODULE_DETAILS = [
  'imagePullPolicy',
  'imagePullSecret',
  'pluginConfig',
  'sha256',
  'verificationKey',
  'vmConfig',
] as const;

export const wasmPluginSpec = record<WasmPluginSpec>(
  {
    selector: workloadSelector,
    targetRef: policyTargetReference,
    targetRefs: list(policyTargetReference),
    url: string,
    pluginName: string,
    type: string,
    phase: string,
    priority: number,
    failStrategy: string,
    match: trafficSelectors,
  },
  MODULE_DETAILS,
);

export const trafficExtensionSpec = record<TrafficExtensionSpec>({
  selector: workloadSelector,
  targetRefs: list(policyTargetReference),
  phase: string,
  priority: number,
  match: trafficSelectors,
  wasm: record<NonNullable<TrafficExtensionSpec['wasm']>>(
    { url: string, pluginName: string, type: string, failStrategy: string },
    MODULE_DETAILS,
  ),
  lua: record<{ inlineCode?: string }>({ inlineCode: string }),
});
