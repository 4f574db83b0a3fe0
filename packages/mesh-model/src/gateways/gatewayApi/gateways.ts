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

import type { K8sListener, SlimObjectByKind } from '../../objects';
import { compareByCreation } from './creationOrder';
import type { Fault } from './conditions';
import {
  controllerOfClass,
  EAST_WEST_CONTROLLER,
  MESH_CONTROLLER,
  type GatewayController,
} from './gatewayClasses';
import { gatewayServiceAccount, gatewayServices } from './gatewayServices';
import { internalGateway, type InternalGateway } from './internalGateways';
import { listenerConflicts, type ListenerConflict } from './listenerConflicts';
import {
  listenersOfSet,
  setRefusal,
  type ListenerSet,
  type ListenerOfSet,
} from './listenerSets';
import {
  HBONE_PORT,
  translateListener,
  type TranslatedListener,
} from './listeners';
import { clientCertificateFault, type ListenerOwner } from './listenerTls';
import { GATEWAY_API, type References } from './references';

type K8sGateway = SlimObjectByKind['K8sGateway'];

/** The listeners that a ListenerSet adds to its Gateway, or why it adds none. */
export interface TranslatedListenerSet {
  set: ListenerSet;
  refusal?: Fault;
  listeners: readonly TranslatedListener[];
}

/** A Gateway of Gateway API as istiod sees it. */
export interface TranslatedGateway {
  gateway: K8sGateway;
  controller: GatewayController;
  /** host names of the Services whose pods serve it */
  services: readonly string[];
  /** what is wrong with the Gateway as a whole */
  fault?: Fault;
  /** what is wrong with the certificate for its backends */
  backendFault?: Fault;
  listeners: readonly TranslatedListener[];
  sets: readonly TranslatedListenerSet[];
  /** one a listener that routes may attach to, of the Gateway and of its ListenerSets */
  internal: readonly InternalGateway[];
}

function parametersFault(
  { metadata, spec }: K8sGateway,
  references: References,
): Fault | undefined {
  const parameters = spec.infrastructure?.parametersRef;
  if (parameters === undefined) {
    return undefined;
  }
  const { group = '', kind, name } = parameters;
  if (group !== '' || kind !== 'ConfigMap') {
    return {
      reason: 'InvalidParameters',
      message: `parametersRef names a ${kind} of ${
        group || 'the core group'
      }; Istio takes only a ConfigMap`,
    };
  }
  return references.configMap(metadata.namespace, name) === 'missing'
    ? {
        reason: 'InvalidParameters',
        message: `There is no ConfigMap ${metadata.namespace}/${name}, which parametersRef names`,
      }
    : undefined;
}

function takesRoutes(
  controller: GatewayController,
  { port }: K8sListener,
): boolean {
  if (controller.name === EAST_WEST_CONTROLLER) {
    return port !== HBONE_PORT;
  }
  return controller.name !== MESH_CONTROLLER;
}

function listenerOwner(
  { metadata }: K8sGateway | ListenerSet,
  kind: ListenerOwner['kind'],
): ListenerOwner {
  return { kind, namespace: metadata.namespace, labels: metadata.labels };
}

function gatewayFaults(
  gateway: K8sGateway,
  addressFault: Fault | undefined,
  references: References,
): Pick<TranslatedGateway, 'fault' | 'backendFault'> {
  const fault = addressFault ?? parametersFault(gateway, references);
  const backendFault = clientCertificateFault(
    listenerOwner(gateway, 'Gateway'),
    gateway.spec.tls,
    references,
  );
  return {
    ...(fault === undefined ? {} : { fault }),
    ...(backendFault === undefined ? {} : { backendFault }),
  };
}

/** A ListenerSet that names the Gateway as its parent, and why it may not add listeners. */
type AttachedSet = Pick<TranslatedListenerSet, 'set' | 'refusal'>;

function attachedSets(
  sets: readonly ListenerSet[],
  gateway: K8sGateway,
  controller: GatewayController,
  references: References,
): AttachedSet[] {
  return [...sets].sort(compareByCreation).map(set => {
    const refusal = setRefusal(set, gateway, controller, references);
    return { set, ...(refusal === undefined ? {} : { refusal }) };
  });
}

interface Entry extends ListenerOfSet {
  /** absent for the listeners of the Gateway itself */
  set?: ListenerSet;
}

interface TranslatedEntry extends Entry {
  result: TranslatedListener;
}

/** The listeners of a Gateway and of the ListenerSets it takes, in the order in which they win over each other. */
function entriesOf(gateway: K8sGateway, sets: readonly AttachedSet[]): Entry[] {
  return [
    ...(gateway.spec.listeners ?? []).map((listener, index) => ({
      listener,
      index,
    })),
    ...sets
      .filter(({ refusal }) => refusal === undefined)
      .flatMap(({ set }) =>
        listenersOfSet(set).map(entry => ({ ...entry, set })),
      ),
  ];
}

function translatedEntry(
  { listener, index, set, portProblem }: Entry,
  gateway: K8sGateway,
  controller: GatewayController,
  conflict: ListenerConflict | undefined,
  references: References,
): TranslatedListener {
  return translateListener(
    listener,
    index,
    {
      owner:
        set === undefined
          ? listenerOwner(gateway, 'Gateway')
          : listenerOwner(set, 'ListenerSet'),
      controller,
      gatewayTls: gateway.spec.tls,
      ...(conflict === undefined ? {} : { conflict }),
      ...(portProblem === undefined ? {} : { portProblem }),
    },
    references,
  );
}

/** Conflicts between listeners count only where ListenerSets may add listeners. */
function translatedEntries(
  entries: readonly Entry[],
  gateway: K8sGateway,
  controller: GatewayController,
  references: References,
): TranslatedEntry[] {
  const conflicts = controller.listenerSets
    ? listenerConflicts(entries.map(({ listener }) => listener))
    : [];
  return entries.map((entry, position) => ({
    ...entry,
    result: translatedEntry(
      entry,
      gateway,
      controller,
      conflicts[position],
      references,
    ),
  }));
}

function internalGateways(
  entries: readonly TranslatedEntry[],
  gateway: K8sGateway,
  controller: GatewayController,
  services: readonly string[],
): InternalGateway[] {
  const account = gatewayServiceAccount(gateway, controller);
  return entries
    .filter(
      ({ result }) =>
        result.server !== undefined && takesRoutes(controller, result.listener),
    )
    .map(({ set, result }) =>
      internalGateway(gateway, set, result, services, account),
    );
}

/** A Gateway and the ListenerSets that name it as their parent, oldest first. R7.12 – R7.14 */
export function translateGateway(
  gateway: K8sGateway,
  attached: readonly ListenerSet[],
  references: References,
): TranslatedGateway | undefined {
  const controller = controllerOfClass(
    gateway.spec.gatewayClassName,
    references.gatewayClass,
  );
  if (controller === undefined) {
    return undefined;
  }
  const { hosts, fault: addressFault } = gatewayServices(
    gateway,
    controller,
    references.clusterDomain,
  );
  const faults = gatewayFaults(gateway, addressFault, references);
  const sets = attachedSets(attached, gateway, controller, references);
  const programmed = controller.translated && hosts.length > 0;
  const entries = translatedEntries(
    programmed ? entriesOf(gateway, sets) : [],
    gateway,
    controller,
    references,
  );
  const listenersOf = (owner: ListenerSet | undefined) =>
    entries.filter(({ set }) => set === owner).map(({ result }) => result);
  return {
    gateway,
    controller,
    services: hosts,
    ...faults,
    listeners: listenersOf(undefined),
    sets: sets.map(each => ({ ...each, listeners: listenersOf(each.set) })),
    internal: internalGateways(entries, gateway, controller, hosts),
  };
}

/** Every Gateway that one of Istio's controllers serves, with its ListenerSets. R7.12 – R7.14 */
export function translateGateways(
  gateways: readonly K8sGateway[],
  sets: readonly ListenerSet[],
  translate: (
    gateway: K8sGateway,
    attached: readonly ListenerSet[],
  ) => TranslatedGateway | undefined,
): TranslatedGateway[] {
  const byParent = new Map<string, ListenerSet[]>();
  for (const set of sets) {
    const parent = set.spec.parentRef;
    if (
      parent === undefined ||
      (parent.kind ?? 'Gateway') !== 'Gateway' ||
      (parent.group ?? GATEWAY_API) !== GATEWAY_API
    ) {
      continue;
    }
    const key = `${parent.namespace ?? set.metadata.namespace}/${parent.name}`;
    byParent.set(key, [...(byParent.get(key) ?? []), set]);
  }
  return gateways.flatMap(gateway => {
    const { namespace, name } = gateway.metadata;
    const translated = translate(
      gateway,
      byParent.get(`${namespace}/${name}`) ?? [],
    );
    return translated === undefined ? [] : [translated];
  });
}
