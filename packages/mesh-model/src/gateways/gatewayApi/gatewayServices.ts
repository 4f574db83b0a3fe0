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

import { serviceHostname } from '../../identity';
import type { SlimObjectByKind } from '../../objects';
import type { Fault } from './conditions';
import type { GatewayController } from './gatewayClasses';

type K8sGateway = SlimObjectByKind['K8sGateway'];

const NAME_OVERRIDE = 'gateway.istio.io/name-override';
const SERVICE_TYPE = 'networking.istio.io/service-type';
const SERVICE_ACCOUNT = 'gateway.istio.io/service-account';

/** Does Istio itself create the Deployment and Service of a Gateway? R7.13 */
function isManagedGateway(gateway: K8sGateway): boolean {
  const [first, ...others] = gateway.spec.addresses ?? [];
  return (
    first === undefined ||
    (others.length === 0 && (first.type ?? 'IPAddress') === 'IPAddress')
  );
}

/** The name of the Deployment and Service that Istio creates for a managed Gateway. R7.13 */
function managedName(
  gateway: K8sGateway,
  controller: GatewayController,
): string {
  const { name, annotations } = gateway.metadata;
  return (
    annotations[NAME_OVERRIDE] ||
    (controller.plainName ? name : `${name}-${gateway.spec.gatewayClassName}`)
  );
}

/** The service account of a managed Gateway's pods; `''` when the pods are somebody else's. */
export function gatewayServiceAccount(
  gateway: K8sGateway,
  controller: GatewayController,
): string {
  if (!isManagedGateway(gateway)) {
    return '';
  }
  return (
    gateway.metadata.annotations[SERVICE_ACCOUNT] ||
    managedName(gateway, controller)
  );
}

/**
 * The host names of the Services whose pods serve a Gateway, and what is wrong with the addresses it asks for. Addresses
 * that are no host names are left out. R7.13
 */
export function gatewayServices(
  gateway: K8sGateway,
  controller: GatewayController,
  clusterDomain: string,
): { hosts: readonly string[]; fault?: Fault } {
  const { namespace } = gateway.metadata;
  if (isManagedGateway(gateway)) {
    return {
      hosts: [
        serviceHostname(
          managedName(gateway, controller),
          namespace,
          clusterDomain,
        ),
      ],
    };
  }
  const addresses = gateway.spec.addresses ?? [];
  const isHost = ({ type }: { type?: string }) =>
    (type ?? 'Hostname') === 'Hostname';
  const hosts = addresses
    .filter(isHost)
    .map(({ value = '' }) =>
      value.includes('.')
        ? value
        : serviceHostname(value, namespace, clusterDomain),
    );
  const ignored = addresses.filter(address => !isHost(address));
  if (ignored.length === 0) {
    return gateway.metadata.annotations[SERVICE_TYPE] === undefined
      ? { hosts }
      : {
          hosts,
          fault: {
            reason: 'DeprecatedField',
            message: `Annotation ${SERVICE_TYPE} is no longer read`,
          },
        };
  }
  return {
    hosts,
    fault: {
      reason: 'UnsupportedAddress',
      message: `Istio takes only addresses that are host names, so it leaves out ${ignored
        .map(({ value }) => value)
        .join(', ')}`,
    },
  };
}
