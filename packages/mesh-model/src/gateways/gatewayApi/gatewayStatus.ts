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

import type { BoundServices, GatewayAddresses } from './gatewayAddresses';
import { gatewayAddresses, programming } from './gatewayAddresses';
import {
  reportedConditions,
  type Fault,
  type ReportedCondition,
} from './conditions';
import type { TranslatedGateway, TranslatedListenerSet } from './gateways';
import { hasInsecureFrontend } from './listenerTls';
import type { TranslatedListener } from './listeners';
import type { RouteKind } from './routeKinds';

/** What istiod reports about a listener. R7.16 */
export interface ListenerStatus {
  name: string;
  attachedRoutes: number;
  supportedKinds: readonly RouteKind[];
  conditions: readonly ReportedCondition[];
}

/** What istiod reports about a Gateway. R7.16 */
export interface GatewayStatus {
  addresses: readonly { type?: string; value?: string }[];
  conditions: readonly ReportedCondition[];
  listeners: readonly ListenerStatus[];
  /** ListenerSets that have at least one valid listener */
  attachedListenerSets: number;
}

/** What istiod reports about a ListenerSet. */
export interface ReportedListenerSetStatus {
  conditions: readonly ReportedCondition[];
  listeners: readonly ListenerStatus[];
}

/** How many routes attach to a listener of a Gateway or ListenerSet. */
export type AttachedRoutes = (
  kind: 'Gateway' | 'ListenerSet',
  namespace: string,
  name: string,
  section: string,
) => number;

const ADDRESS_TYPE = 'networking.istio.io/address-type';

function portsOf(listeners: readonly TranslatedListener[]): number[] {
  return listeners.flatMap(({ server }) => server?.port?.number ?? []);
}

function isIpAddress(text: string): boolean {
  return /^[\d.]+$/.test(text) || text.includes(':');
}

function reportedAddresses(
  { gateway, controller }: TranslatedGateway,
  { external, clusterIPs, internal, pending }: GatewayAddresses,
): { type: string; value: string }[] {
  const wanted =
    gateway.metadata.annotations[ADDRESS_TYPE] ?? controller.addressType ?? '';
  const names = internal
    .map(address => address.slice(0, address.lastIndexOf(':')))
    .filter(name => !pending.includes(name));
  const values =
    external.length > 0
      ? external
      : [
          ...(wanted === 'Hostname' ? [] : clusterIPs),
          ...(wanted === 'IPAddress' ? [] : names),
        ];
  return [...new Set(values)].map(value => ({
    type: isIpAddress(value) ? 'IPAddress' : 'Hostname',
    value,
  }));
}

function listenerStatus(
  listeners: readonly TranslatedListener[],
  kind: 'Gateway' | 'ListenerSet',
  { namespace, name }: { namespace: string; name: string },
  attachedRoutes: AttachedRoutes,
): ListenerStatus[] {
  return listeners.map(({ listener, kinds, conditions }) => ({
    name: listener.name,
    attachedRoutes: attachedRoutes(kind, namespace, name, listener.name),
    supportedKinds: kinds,
    conditions,
  }));
}

function acceptance(
  fault: Fault | undefined,
  listeners: readonly TranslatedListener[],
): { reason: string; message: string; fault?: Fault } {
  const accepted = { reason: 'Accepted', message: 'Istio takes it' };
  const valid = listeners.filter(listener => listener.valid).length;
  if (fault !== undefined) {
    return { ...accepted, fault };
  }
  if (valid === listeners.length) {
    return accepted;
  }
  return valid === 0
    ? {
        ...accepted,
        fault: {
          reason: 'ListenersNotValid',
          message: 'All its listeners have errors',
        },
      }
    : {
        reason: 'ListenersNotValid',
        message: 'Some of its listeners have errors',
      };
}

function describedOnly(translated: TranslatedGateway): GatewayStatus {
  return {
    addresses: translated.gateway.spec.addresses ?? [],
    conditions: reportedConditions({
      Accepted: { reason: 'Accepted', message: 'Istio takes it' },
      Programmed: {
        reason: 'Programmed',
        message: 'It lives elsewhere: it is described here, not served',
      },
    }),
    listeners: [],
    attachedListenerSets: 0,
  };
}

/** What istiod reports about a Gateway. R7.16 */
export function gatewayStatus(
  translated: TranslatedGateway,
  attachedRoutes: AttachedRoutes,
  servicesOf: BoundServices,
): GatewayStatus {
  const { gateway, controller, services, listeners, sets } = translated;
  const { fault, backendFault } = translated;
  if (!controller.translated) {
    return describedOnly(translated);
  }
  const addresses = gatewayAddresses(
    gateway.metadata.namespace,
    services,
    [
      ...portsOf(listeners),
      ...portsOf(
        sets.flatMap(set => set.listeners.filter(({ valid }) => valid)),
      ),
    ],
    servicesOf,
  );
  const programmed = programming(addresses, services);
  return {
    addresses: reportedAddresses(translated, addresses),
    conditions: reportedConditions({
      Accepted: acceptance(fault, listeners),
      Programmed: { reason: 'Programmed', ...programmed },
      ResolvedRefs: {
        reason: 'ResolvedRefs',
        message: 'Everything it refers to is there',
        ...(backendFault === undefined ? {} : { fault: backendFault }),
      },
      ...(hasInsecureFrontend(gateway.spec.tls)
        ? {
            InsecureFrontendValidationMode: {
              reason: 'ConfigurationChanged',
              message:
                'It lets clients in whose certificates are not valid (mode AllowInsecureFallback)',
            },
          }
        : {}),
    }),
    listeners: listenerStatus(
      listeners,
      'Gateway',
      gateway.metadata,
      attachedRoutes,
    ),
    attachedListenerSets: sets.filter(set =>
      set.listeners.some(({ valid }) => valid),
    ).length,
  };
}

/** What istiod reports about a ListenerSet. R7.14, R7.16 */
export function listenerSetStatus(
  { gateway, services, fault }: TranslatedGateway,
  { set, refusal, listeners }: TranslatedListenerSet,
  attachedRoutes: AttachedRoutes,
  servicesOf: BoundServices,
): ReportedListenerSetStatus {
  const accepted = { reason: 'Accepted', message: 'Istio takes it' };
  if (refusal !== undefined) {
    return {
      conditions: reportedConditions({
        Accepted: { ...accepted, fault: refusal },
        Programmed: { reason: 'Programmed', message: '', fault: refusal },
      }),
      listeners: [],
    };
  }
  const noneValid = listeners.some(({ valid }) => valid)
    ? undefined
    : {
        reason: 'ListenersNotValid',
        message: 'All its listeners have errors',
      };
  const parentFault = fault && {
    reason: fault.reason,
    message: `Its Gateway has an error: ${fault.message}`,
  };
  const programmed = programming(
    gatewayAddresses(
      gateway.metadata.namespace,
      services,
      portsOf(listeners),
      servicesOf,
    ),
    services,
  );
  const acceptedFault = parentFault ?? noneValid;
  const programmedFault = noneValid ?? programmed.fault;
  return {
    conditions: reportedConditions({
      Accepted: {
        ...accepted,
        ...(acceptedFault === undefined ? {} : { fault: acceptedFault }),
      },
      Programmed: {
        reason: 'Programmed',
        message: programmed.message,
        ...(programmedFault === undefined ? {} : { fault: programmedFault }),
      },
    }),
    listeners: listenerStatus(
      listeners,
      'ListenerSet',
      set.metadata,
      attachedRoutes,
    ),
  };
}
