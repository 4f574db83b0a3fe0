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
import { matchesLabelSelector } from '../../snapshot';
import type { Fault } from './conditions';
import type { GatewayController } from './gatewayClasses';
import { selectableLabels, type References } from './references';

/** Listeners that stand in an object of their own. */
export type ListenerSet = SlimObjectByKind['ListenerSet'];

/** A listener of a ListenerSet with its port filled in. */
export interface ListenerOfSet {
  listener: K8sListener;
  index: number;
  /** why the port cannot be told */
  portProblem?: string;
}

const PORT_OF_PROTOCOL: Readonly<Record<string, number>> = {
  HTTP: 80,
  HTTPS: 443,
};

function allowsNamespace(
  gateway: SlimObjectByKind['K8sGateway'],
  namespace: string,
  references: References,
): boolean {
  const allowed = gateway.spec.allowedListeners?.namespaces;
  switch (allowed?.from) {
    case 'All':
      return true;
    case 'Same':
      return namespace === gateway.metadata.namespace;
    case 'None':
      return false;
    default: {
      const labels = references.namespaceLabels(namespace);
      return (
        allowed?.selector !== undefined &&
        labels !== undefined &&
        matchesLabelSelector(
          allowed.selector,
          selectableLabels(namespace, labels),
        )
      );
    }
  }
}

/** Why a ListenerSet may not add listeners to its Gateway; `undefined` when it may. By default no namespace may. R7.14 */
export function setRefusal(
  set: ListenerSet,
  gateway: SlimObjectByKind['K8sGateway'],
  controller: GatewayController,
  references: References,
): Fault | undefined {
  if (!controller.listenerSets) {
    return {
      reason: 'NotAllowed',
      message: `Gateways of class ${gateway.spec.gatewayClassName} take no ListenerSets`,
    };
  }
  return allowsNamespace(gateway, set.metadata.namespace, references)
    ? undefined
    : {
        reason: 'NotAllowed',
        message: `Gateway ${gateway.metadata.namespace}/${gateway.metadata.name} takes no ListenerSets of namespace ${set.metadata.namespace} (spec.allowedListeners)`,
      };
}

/** The listeners of a ListenerSet; a port that is left out is that of HTTP or HTTPS. */
export function listenersOfSet(set: ListenerSet): ListenerOfSet[] {
  return (set.spec.listeners ?? []).map((entry, index) => {
    const port = entry.port || PORT_OF_PROTOCOL[entry.protocol];
    return {
      listener: { ...entry, port: port ?? 0 },
      index,
      ...(port === undefined
        ? {
            portProblem: `Protocol ${entry.protocol} has no port of its own; write one`,
          }
        : {}),
    };
  });
}
