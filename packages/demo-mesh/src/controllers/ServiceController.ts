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

import { asString, fieldAt, type KubernetesObject } from '../kubernetes';
import type { Cluster } from './Cluster';
import { defaultedServiceSpec, endpointSliceOf } from './services';

/** Gives Services their addresses and keeps their EndpointSlices. */
export class ServiceController {
  private serviceAddresses = 0;

  constructor(private readonly cluster: Cluster) {}

  reconcileService(service: KubernetesObject): void {
    const { store } = this.cluster;
    const spec = defaultedServiceSpec(service, () => {
      this.serviceAddresses += 1;
      return `10.96.${Math.floor(this.serviceAddresses / 250)}.${
        (this.serviceAddresses % 250) + 2
      }`;
    });
    if (spec) {
      store.put('services', { ...service, spec });
      return;
    }
    if (
      fieldAt(service, 'spec', 'type') === 'LoadBalancer' &&
      !fieldAt(service, 'status', 'loadBalancer', 'ingress')
    ) {
      const ip = `203.0.113.${
        (Number(asString(fieldAt(service, 'spec', 'clusterIP')).split('.')[3]) %
          250) +
        2
      }`;
      store.put('services', {
        ...service,
        status: { loadBalancer: { ingress: [{ ip }] } },
      });
      return;
    }
    this.updateSlice(service);
  }

  updateSlice(service: KubernetesObject): void {
    const { store, writer } = this.cluster;
    const { namespace = '', name } = service.metadata;
    const slice = endpointSliceOf(service, store.list('pods', namespace));
    if (!slice) {
      return;
    }
    const resource = 'endpointslices.discovery.k8s.io';
    const existing = store.get(resource, namespace, `${name}-slice`);
    if (!existing) {
      writer.create(this.cluster.definition(resource), namespace, slice);
    } else if (
      JSON.stringify([existing.endpoints, existing.ports]) !==
      JSON.stringify([slice.endpoints, slice.ports])
    ) {
      store.put(resource, {
        ...existing,
        endpoints: slice.endpoints,
        ports: slice.ports,
      });
    }
  }
}
