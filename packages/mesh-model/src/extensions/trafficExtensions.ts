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

import { meshConfigOf } from '../identity';
import type { ExtensionTrafficSelector, SlimObjectByKind } from '../objects';
import {
  sortCandidates,
  type ActingObject,
  type IdleObject,
} from '../scoping/attachedPolicies';
import { attachableOf } from '../scoping/policyAttachment';
import { compareByAge, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { attachmentSettingsOf } from './attachmentSettings';
import type { EnvoyProxy } from './envoyProxy';

type Extension = SlimObjectByKind['WasmPlugin' | 'TrafficExtension'];

/** Where in the filter chain an extension stands. R4.10 */
export type ExtensionPhase = 'AUTHN' | 'AUTHZ' | 'STATS' | 'UNSPECIFIED';

/** Which listeners of the proxy run an extension. */
export interface ExtensionListeners {
  side: 'inbound' | 'outbound';
  /** empty: every port */
  ports: readonly number[];
}

/** A WasmPlugin or TrafficExtension that runs in a proxy. */
export interface AppliedExtension extends ActingObject<Extension> {
  language: 'wasm' | 'lua';
  /** `HTTP` requests, or `NETWORK` for connections of TCP */
  protocol: 'HTTP' | 'NETWORK';
  phase: ExtensionPhase;
  /** absent: after those that set one */
  priority?: number;
  /** What becomes of requests when the module cannot be loaded or crashes; only of Wasm. */
  failStrategy?: 'FAIL_CLOSE' | 'FAIL_OPEN' | 'FAIL_RELOAD';
  /** where the module is fetched from */
  url?: string;
  listeners: readonly ExtensionListeners[];
  /** one sentence: where it stands, and what its failure means */
  says: string;
}

/** A WasmPlugin or TrafficExtension in reach that does not run. */
export interface IdleExtension {
  object: Extension;
  cause: IdleObject<Extension>['cause'] | 'no-listener-for-this-proxy';
  provenance: Provenance;
}

/** The extensions of a proxy in the order in which requests meet them. */
export interface TrafficExtensions {
  applied: readonly AppliedExtension[];
  idle: readonly IdleExtension[];
}

const PHASES: readonly ExtensionPhase[] = [
  'AUTHN',
  'AUTHZ',
  'STATS',
  'UNSPECIFIED',
];

const POSITION: Readonly<Record<ExtensionPhase, string>> = {
  AUTHN: 'before tokens are validated',
  AUTHZ:
    'after tokens are validated, before AuthorizationPolicies ALLOW and DENY',
  STATS: 'after authorization, before statistics',
  UNSPECIFIED: 'after authorization, before the request is routed',
};

function phaseOf(phase: string | undefined): ExtensionPhase {
  return PHASES.find(known => known === phase) ?? 'UNSPECIFIED';
}

function failStrategyOf(
  written: string | undefined,
): NonNullable<AppliedExtension['failStrategy']> {
  return written === 'FAIL_OPEN' || written === 'FAIL_RELOAD'
    ? written
    : 'FAIL_CLOSE';
}

const ON_FAILURE: Readonly<
  Record<NonNullable<AppliedExtension['failStrategy']>, string>
> = {
  FAIL_CLOSE: 'requests fail (500 or 503) while the module cannot run',
  FAIL_OPEN: 'requests go past it while the module cannot run',
  FAIL_RELOAD:
    'requests fail while the module cannot run, and it is loaded anew',
};

/** The sides of a proxy: a sidecar has both, a gateway acts as a client, a waypoint as a server. */
function sidesOf(proxy: EnvoyProxy): readonly ExtensionListeners['side'][] {
  switch (proxy.target.proxy) {
    case 'gateway':
      return ['outbound'];
    case 'waypoint':
      return ['inbound'];
    default:
      return ['inbound', 'outbound'];
  }
}

function modeCovers(
  mode: string | undefined,
  side: ExtensionListeners['side'],
): boolean {
  switch (mode) {
    case 'CLIENT':
      return side === 'outbound';
    case 'SERVER':
      return side === 'inbound';
    default:
      return true;
  }
}

/** Which listeners run the extension; a proxy with no matching side runs it nowhere. */
function listenersFor(
  match: readonly ExtensionTrafficSelector[] | undefined,
  proxy: EnvoyProxy,
): ExtensionListeners[] {
  const selectors = match === undefined || match.length === 0 ? [{}] : match;
  return sidesOf(proxy).flatMap(side => {
    const fitting = selectors.filter((selector: ExtensionTrafficSelector) =>
      modeCovers(selector.mode, side),
    );
    if (fitting.length === 0) {
      return [];
    }
    const ports = fitting.map((selector: ExtensionTrafficSelector) =>
      (selector.ports ?? []).map(port => port.number ?? 0),
    );
    const everyPort = ports.some(
      numbers => numbers.length === 0 || numbers.includes(0),
    );
    return [
      {
        side,
        ports: everyPort
          ? []
          : [...new Set(ports.flat())].sort((a, b) => a - b),
      },
    ];
  });
}

function detailsOf(object: Extension) {
  const module = object.kind === 'WasmPlugin' ? object.spec : object.spec.wasm;
  const lua =
    object.kind === 'TrafficExtension' && object.spec.lua !== undefined;
  const phase = phaseOf(object.spec.phase);
  const language: AppliedExtension['language'] = lua ? 'lua' : 'wasm';
  const failStrategy = lua ? undefined : failStrategyOf(module?.failStrategy);
  const protocol: AppliedExtension['protocol'] =
    module?.type === 'NETWORK' ? 'NETWORK' : 'HTTP';
  return {
    language,
    protocol,
    phase,
    ...(object.spec.priority === undefined
      ? {}
      : { priority: object.spec.priority }),
    ...(failStrategy === undefined ? {} : { failStrategy }),
    ...(module?.url === undefined ? {} : { url: module.url }),
    says: `A ${language === 'lua' ? 'Lua script' : 'Wasm module'} runs ${
      POSITION[phase]
    }${failStrategy === undefined ? '' : `; ${ON_FAILURE[failStrategy]}`}.`,
  };
}

/**
 * Which WasmPlugins and TrafficExtensions run in a proxy, in the order in which requests meet them: by phase, then by
 * priority (highest first, unset last), then of the workload's namespace, the root namespace, a service's namespace, then
 * by age. R4.2, R4.10, R8.27
 */
export function trafficExtensionsOf(
  snapshot: MeshSnapshot,
  proxy: EnvoyProxy,
): TrafficExtensions {
  const { rootNamespace } = meshConfigOf(snapshot);
  const { target } = proxy;
  const namespaces = [
    ...new Set([
      target.namespace,
      rootNamespace,
      ...(target.proxy === 'waypoint' ? target.services ?? [] : []).map(
        service => service.namespace,
      ),
    ]),
  ];
  const { acting, idle } = sortCandidates<Extension>(
    snapshot,
    namespaces.flatMap(namespace => [
      ...snapshot.list('WasmPlugin', namespace),
      ...snapshot.list('TrafficExtension', namespace),
    ]),
    object => attachableOf(object, object.spec),
    proxy,
    attachmentSettingsOf(snapshot, proxy),
  );
  const applied: AppliedExtension[] = [];
  const without: IdleExtension[] = [];
  for (const candidate of acting) {
    const listeners = listenersFor(candidate.object.spec.match, proxy);
    if (listeners.length > 0) {
      applied.push({ ...candidate, ...detailsOf(candidate.object), listeners });
    } else {
      without.push({
        object: candidate.object,
        cause: 'no-listener-for-this-proxy',
        provenance: provenanceOf(
          candidate.object,
          'spec.match',
          `None of its matches is for the traffic of a ${target.proxy}.`,
        ),
      });
    }
  }
  const nearness = ({ object }: AppliedExtension) =>
    namespaces.indexOf(object.metadata.namespace);
  return {
    applied: applied.sort(
      (a, b) =>
        PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) ||
        (b.priority ?? -Infinity) - (a.priority ?? -Infinity) ||
        nearness(a) - nearness(b) ||
        compareByAge(a.object, b.object),
    ),
    idle: [...idle, ...without],
  };
}
