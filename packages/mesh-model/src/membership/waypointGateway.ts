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

import type { SlimObjectByKind } from '../objects';

type Gateway = SlimObjectByKind['K8sGateway'];
type GatewayClass = SlimObjectByKind['GatewayClass'];

type AllowedNamespaces = NonNullable<
  NonNullable<
    NonNullable<Gateway['spec']['listeners']>[number]['allowedRoutes']
  >['namespaces']
>;

/** How ztunnel hands traffic to a proxy that is not Istio's own: protocol and port, 0 for any. */
export interface InboundBinding {
  protocol: 'NONE' | 'PROXY';
  port: number;
}

/** An address within a network. */
export interface NetworkAddress {
  network: string;
  address: string;
  /** prefix length, when it is a range */
  length?: number;
}

/** Where a gateway or waypoint takes HBONE: a host name of a namespace, or an address. */
export interface GatewayAddress {
  hostname?: { namespace: string; hostname: string };
  address?: NetworkAddress;
  hboneMtlsPort: number;
}

/** A Gateway that is ready to serve as a waypoint. R2.10 */
export interface Waypoint {
  namespace: string;
  name: string;
  address?: GatewayAddress;
  inboundBinding?: InboundBinding;
  /** `service`, `workload`, `all`; anything else serves nothing */
  trafficType: string;
  allowedNamespaces: AllowedNamespaces;
}

const INBOUND_BINDING = 'ambient.istio.io/waypoint-inbound-binding';
const WAYPOINT_FOR = 'istio.io/waypoint-for';
const HBONE_PORT = 15008;

/** `<protocol>` or `<protocol>/<port>` of the Gateway, else of its class; anything else binds nothing. R2.10.4 */
function inboundBindingOf(
  gateway: Gateway,
  gatewayClass?: GatewayClass,
): InboundBinding | undefined {
  const text =
    gateway.metadata.annotations[INBOUND_BINDING] ??
    gatewayClass?.metadata.annotations[INBOUND_BINDING];
  const match = /^(NONE|PROXY)(?:\/([^/]*))?$/.exec(text ?? '');
  return match === null
    ? undefined
    : {
        protocol: match[1] === 'PROXY' ? 'PROXY' : 'NONE',
        port: /^\d+$/.test(match[2] ?? '') ? Number(match[2]) : 0,
      };
}

/**
 * Whose objects a waypoint accepts: as the listener of its inbound binding says, else its HBONE listener; by default those
 * of its own namespace. R2.10.4
 */
export function allowedNamespacesOf(
  gateway: Gateway,
  gatewayClass?: GatewayClass,
): AllowedNamespaces {
  const binding = inboundBindingOf(gateway, gatewayClass);
  const listeners = gateway.spec.listeners ?? [];
  const bound =
    binding &&
    listeners.find(({ port, protocol }) =>
      binding.port === 0
        ? binding.protocol === 'PROXY' && protocol === 'istio.io/PROXY'
        : port === binding.port,
    );
  const listener =
    bound ??
    listeners.find(
      ({ port, protocol }) => protocol === 'HBONE' && port === HBONE_PORT,
    );
  const namespaces = listener?.allowedRoutes?.namespaces;
  return { ...namespaces, from: namespaces?.from ?? 'Same' };
}

function isIpAddress(text: string): boolean {
  return /^\d+(\.\d+){3}$/.test(text) || text.includes(':');
}

/** Where a Gateway takes HBONE, from its status: a host name is preferred to an address. */
function addressOf(
  gateway: Gateway,
  network: string,
): GatewayAddress | undefined {
  const addresses = gateway.status.addresses ?? [];
  const hostname = addresses.find(({ type }) => type === 'Hostname');
  if (hostname) {
    return {
      hostname: {
        namespace: gateway.metadata.namespace,
        hostname: hostname.value,
      },
      hboneMtlsPort: HBONE_PORT,
    };
  }
  const ip = addresses.find(
    ({ type, value }) => type === 'IPAddress' && isIpAddress(value),
  );
  return (
    ip && {
      address: { network, address: ip.value },
      hboneMtlsPort: HBONE_PORT,
    }
  );
}

/** What kind of traffic a waypoint serves: its own label, else its class's, else `service`. R2.10.5 */
function trafficTypeOf(gateway: Gateway, gatewayClass?: GatewayClass): string {
  return (
    gateway.metadata.labels[WAYPOINT_FOR] ??
    gatewayClass?.metadata.labels[WAYPOINT_FOR] ??
    'service'
  );
}

/**
 * A Gateway as a waypoint; `undefined` as long as it is not ready, which its first status address marks. R2.10.3
 *
 * @param network - that the cluster belongs to
 */
export function waypointOfGateway(
  gateway: Gateway,
  gatewayClass: GatewayClass | undefined,
  network: string,
): Waypoint | undefined {
  if ((gateway.status.addresses ?? []).length === 0) {
    return undefined;
  }
  const address = addressOf(gateway, network);
  const inboundBinding = inboundBindingOf(gateway, gatewayClass);
  return {
    namespace: gateway.metadata.namespace,
    name: gateway.metadata.name,
    ...(address && { address }),
    ...(inboundBinding && { inboundBinding }),
    trafficType: trafficTypeOf(gateway, gatewayClass),
    allowedNamespaces: allowedNamespacesOf(gateway, gatewayClass),
  };
}
