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
  IstioServer,
  K8sGatewaySpec,
  K8sListener,
  ServerTlsSettings,
} from '../../objects';
import {
  reportedConditions,
  type ConditionState,
  type Fault,
  type ReportedCondition,
} from './conditions';
import {
  EAST_WEST_CONTROLLER,
  MESH_CONTROLLER,
  type GatewayController,
} from './gatewayClasses';
import type { ListenerConflict } from './listenerConflicts';
import { listenerHosts } from './listenerHosts';
import { listenerTls, type ListenerOwner } from './listenerTls';
import type { References } from './references';
import { supportedRouteKinds, type RouteKind } from './routeKinds';

/** A listener as istiod sees it. */
export interface TranslatedListener {
  listener: K8sListener;
  /** position in `spec.listeners` */
  index: number;
  /** absent when the listener conflicts with an earlier one, or needs TLS settings and has none */
  server?: IstioServer;
  /** free of errors: it counts for `Accepted` of the Gateway */
  valid: boolean;
  /** its server is part of a proxy's configuration */
  served: boolean;
  kinds: readonly RouteKind[];
  conditions: readonly ReportedCondition[];
}

const PROTOCOLS = new Set(['HTTP', 'HTTPS', 'TLS', 'TCP', 'HBONE']);
const TLS_PROTOCOLS = new Set(['HTTPS', 'TLS']);

/** The port of the tunnel between the proxies of the ambient mode. */
export const HBONE_PORT = 15008;
const FAULTS_OF_CLIENT_AUTHORITIES = new Set([
  'InvalidCACertificateRef',
  'InvalidCACertificateKind',
  'RefNotPermitted',
]);

function isAmbient(controller: GatewayController): boolean {
  return (
    controller.name === MESH_CONTROLLER ||
    controller.name === EAST_WEST_CONTROLLER
  );
}

function protocolProblem(
  protocol: string,
  controller: GatewayController,
): string | undefined {
  if (PROTOCOLS.has(protocol)) {
    return protocol === 'HBONE' && !isAmbient(controller)
      ? `Protocol ${protocol} is for waypoints and east-west gateways only`
      : undefined;
  }
  const upper = protocol.toUpperCase();
  return PROTOCOLS.has(upper)
    ? `Istio does not know protocol ${protocol}; write ${upper}`
    : `Istio does not know protocol ${protocol}`;
}

function unexpectedListener(
  { port, protocol, tls }: K8sListener,
  controller: GatewayController,
): string | undefined {
  const tunnel = port === HBONE_PORT && protocol === 'HBONE';
  const expected =
    port === HBONE_PORT
      ? tunnel && tls?.mode === 'Terminate'
      : protocol === 'TLS' && tls?.mode === 'Passthrough';
  if (controller.name === MESH_CONTROLLER && !tunnel) {
    return 'A waypoint listens on port 15008 with protocol HBONE, and on nothing else';
  }
  if (controller.name === EAST_WEST_CONTROLLER && !expected) {
    return 'An east-west gateway listens on port 15008 with protocol HBONE and TLS mode Terminate, or passes TLS through';
  }
  return undefined;
}

function goodConditions(): Record<
  'Accepted' | 'Conflicted' | 'Programmed' | 'ResolvedRefs',
  ConditionState
> {
  const message = 'The listener is in order';
  return {
    Accepted: { reason: 'Accepted', message },
    Conflicted: { reason: 'NoConflicts', message, good: 'False' },
    Programmed: { reason: 'Programmed', message },
    ResolvedRefs: { reason: 'ResolvedRefs', message },
  };
}

function withFault(
  state: ConditionState,
  fault: Fault | undefined,
): ConditionState {
  return fault === undefined ? state : { ...state, fault };
}

function invalidKinds(): ConditionState {
  return {
    reason: 'ResolvedRefs',
    message: '',
    fault: {
      reason: 'InvalidRouteKinds',
      message: 'allowedRoutes names kinds that cannot attach to this protocol',
    },
  };
}

function conflicted(
  listener: K8sListener,
  index: number,
  reason: ListenerConflict,
): TranslatedListener {
  const fault = {
    reason,
    message: `An earlier listener of the Gateway on port ${listener.port} excludes it`,
  };
  const { Accepted, Conflicted, Programmed } = goodConditions();
  const { kinds, valid } = supportedRouteKinds(listener);
  return {
    listener,
    index,
    valid: false,
    served: false,
    kinds,
    conditions: reportedConditions({
      Accepted: { ...Accepted, fault },
      Conflicted: { ...Conflicted, fault },
      Programmed: { ...Programmed, fault },
      ...(valid ? {} : { ResolvedRefs: invalidKinds() }),
    }),
  };
}

/** Where a listener stands. */
export interface ListenerContext {
  owner: ListenerOwner;
  controller: GatewayController;
  /** `spec.tls` of the Gateway */
  gatewayTls: K8sGatewaySpec['tls'];
  conflict?: ListenerConflict;
  /** why the port cannot be told */
  portProblem?: string;
}

/** What is wrong with a listener that conflicts with no other. */
interface ListenerProblems {
  /** of its TLS settings */
  tlsFault?: Fault;
  /** that it has none and must not go without; said of listeners of ListenerSets only */
  missingTls?: string;
  /** why no proxy can serve its protocol on its port; missing TLS settings are one reason */
  unsupported?: string;
  /** why gateways of its class should not have it; it is served all the same */
  unexpected?: string;
}

function lacksTls({ protocol, tls }: K8sListener): boolean {
  return TLS_PROTOCOLS.has(protocol) && tls === undefined;
}

function problemsOf(
  listener: K8sListener,
  tlsFault: Fault | undefined,
  { owner, controller, portProblem }: ListenerContext,
): ListenerProblems {
  const missingTls =
    lacksTls(listener) && owner.kind === 'ListenerSet'
      ? `Protocol ${listener.protocol} needs tls; add it`
      : undefined;
  return {
    tlsFault,
    missingTls,
    unsupported:
      protocolProblem(listener.protocol, controller) ??
      portProblem ??
      missingTls,
    unexpected: unexpectedListener(listener, controller),
  };
}

function acceptedFault({
  tlsFault,
  unsupported,
  unexpected,
}: ListenerProblems): Fault | undefined {
  const message = unexpected ?? unsupported;
  if (message !== undefined) {
    return { reason: 'UnsupportedProtocol', message };
  }
  return tlsFault !== undefined &&
    FAULTS_OF_CLIENT_AUTHORITIES.has(tlsFault.reason)
    ? { reason: 'NoValidCACertificate', message: tlsFault.message }
    : undefined;
}

function programmedFault({
  tlsFault,
  missingTls,
}: ListenerProblems): Fault | undefined {
  return tlsFault === undefined && missingTls === undefined
    ? undefined
    : {
        reason: 'Invalid',
        message: 'No proxy serves it before its TLS settings are right',
      };
}

function conditionsOf(
  problems: ListenerProblems,
  validKinds: boolean,
): ReportedCondition[] {
  const { Accepted, Conflicted, Programmed, ResolvedRefs } = goodConditions();
  return reportedConditions({
    Accepted: withFault(Accepted, acceptedFault(problems)),
    Conflicted,
    Programmed: withFault(Programmed, programmedFault(problems)),
    ResolvedRefs: validKinds
      ? withFault(ResolvedRefs, problems.tlsFault)
      : invalidKinds(),
  });
}

function serverOf(
  listener: K8sListener,
  tls: ServerTlsSettings | undefined,
  { owner, controller }: ListenerContext,
  references: References,
): IstioServer {
  const { port, protocol } = listener;
  return {
    port: {
      name: 'default',
      number: port,
      protocol: protocolProblem(protocol, controller) ? '' : protocol,
    },
    hosts: listenerHosts(listener, owner.namespace, references),
    ...(tls === undefined ? {} : { tls }),
  };
}

/**
 * A listener as the server of an internal Gateway, with its conditions. Errors of TLS and of the protocol keep the
 * server from the proxies; what is only unexpected is reported. R7.14, R7.16
 */
export function translateListener(
  listener: K8sListener,
  index: number,
  context: ListenerContext,
  references: References,
): TranslatedListener {
  const { owner, gatewayTls, conflict } = context;
  if (conflict !== undefined) {
    return conflicted(listener, index, conflict);
  }
  const tls = listenerTls(listener, owner, gatewayTls, references);
  const problems = problemsOf(listener, tls.fault, context);
  const valid =
    problems.tlsFault === undefined && problems.unsupported === undefined;
  const withoutTls = lacksTls(listener);
  const supported = supportedRouteKinds(listener);
  return {
    listener,
    index,
    ...(withoutTls
      ? {}
      : { server: serverOf(listener, tls.settings, context, references) }),
    valid,
    served: valid && !withoutTls,
    kinds: supported.kinds,
    conditions: conditionsOf(problems, supported.valid),
  };
}
