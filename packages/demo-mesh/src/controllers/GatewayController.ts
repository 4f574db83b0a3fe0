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

import {
  asArray,
  asString,
  fieldAt,
  type KubernetesObject,
} from '../kubernetes';
import type { Cluster } from './Cluster';
import { gatewayObjects, gatewayStatus, isManagedGateway } from './gateways';
import { isPodReady } from './pods';

export const GATEWAYS = 'gateways.gateway.networking.k8s.io';

/** Makes what a managed Gateway stands for (Deployment, Service, ServiceAccount) and its status. */
export class GatewayController {
  constructor(private readonly cluster: Cluster) {}

  reconcileGateway(gateway: KubernetesObject): void {
    const { store, writer } = this.cluster;
    const { namespace = '' } = gateway.metadata;
    if (!isManagedGateway(gateway)) {
      return;
    }
    for (const { resource, object } of gatewayObjects(gateway)) {
      const name = asString(fieldAt(object, 'metadata', 'name'));
      if (!store.get(resource, namespace, name)) {
        writer.create(this.cluster.definition(resource), namespace, object);
      }
    }
    this.updateGatewayStatus(gateway);
  }

  updateGatewayStatus(changed: KubernetesObject): void {
    const { store } = this.cluster;
    const { namespace = '', name } = changed.metadata;
    const gateway = store.get(GATEWAYS, namespace, name);
    if (!gateway || !isManagedGateway(gateway)) {
      return;
    }
    const pods = store
      .list('pods', namespace)
      .filter(
        pod =>
          pod.metadata.labels?.['gateway.networking.k8s.io/gateway-name'] ===
          name,
      );
    const status = gatewayStatus(
      gateway,
      pods.some(isPodReady),
      asArray(fieldAt(gateway, 'spec', 'listeners')),
    );
    if (JSON.stringify(status) !== JSON.stringify(gateway.status)) {
      store.put(GATEWAYS, { ...gateway, status });
    }
  }
}
