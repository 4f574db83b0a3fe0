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

import type { SlimObjectByKind } from '../../objects';

/** What Istio does with the Gateways of a controller. R7.12 */
export interface GatewayController {
  name: string;
  /** `false` for gateways that live elsewhere: they are described, not programmed */
  translated: boolean;
  /** `false` for waypoints and east-west gateways, whose routes do not become routes of a gateway */
  routed: boolean;
  /** ListenerSets may add listeners */
  listenerSets: boolean;
  /** the Service of a managed Gateway is called like the Gateway, without the class as suffix */
  plainName: boolean;
  /** which addresses the Gateway's status reports; all when absent */
  addressType?: 'Hostname';
}

/** `istio.io/gateway-controller`: the controller of class `istio`, and the one that writes the status of routes. */
export const GATEWAY_CONTROLLER = 'istio.io/gateway-controller';
/** `istio.io/mesh-controller`: waypoints, and what concerns the mesh itself. */
export const MESH_CONTROLLER = 'istio.io/mesh-controller';
/** `istio.io/eastwest-controller`: gateways between networks of an ambient mesh. */
export const EAST_WEST_CONTROLLER = 'istio.io/eastwest-controller';
/** `istio.io/unmanaged-gateway`: gateways of other clusters. */
const UNMANAGED_CONTROLLER = 'istio.io/unmanaged-gateway';

const CONTROLLERS: ReadonlyMap<string, GatewayController> = new Map(
  [
    {
      name: GATEWAY_CONTROLLER,
      translated: true,
      routed: true,
      listenerSets: true,
      plainName: false,
      addressType: 'Hostname' as const,
    },
    {
      name: UNMANAGED_CONTROLLER,
      translated: false,
      routed: false,
      listenerSets: false,
      plainName: false,
      addressType: 'Hostname' as const,
    },
    {
      name: MESH_CONTROLLER,
      translated: true,
      routed: false,
      listenerSets: false,
      plainName: true,
    },
    {
      name: EAST_WEST_CONTROLLER,
      translated: true,
      routed: false,
      listenerSets: false,
      plainName: true,
    },
  ].map(controller => [controller.name, controller]),
);

/** The classes that istiod creates itself; they hold even before their GatewayClass object exists. */
const BUILT_IN: Readonly<Record<string, string>> = {
  istio: GATEWAY_CONTROLLER,
  'istio-remote': UNMANAGED_CONTROLLER,
  'istio-waypoint': MESH_CONTROLLER,
  'istio-east-west': EAST_WEST_CONTROLLER,
};

/** The controller of a name when it is one of Istio's. */
export function controllerNamed(name: string): GatewayController | undefined {
  return CONTROLLERS.get(name);
}

/**
 * Which of Istio's controllers serves a class: the one its GatewayClass names, or the one built in for the name.
 * `undefined` when the class belongs to another implementation or to nobody. R7.12
 */
export function controllerOfClass(
  className: string,
  classOf: (name: string) => SlimObjectByKind['GatewayClass'] | undefined,
): GatewayController | undefined {
  const named =
    classOf(className)?.spec.controllerName ??
    (Object.hasOwn(BUILT_IN, className) ? BUILT_IN[className] : undefined);
  return named === undefined ? undefined : CONTROLLERS.get(named);
}
