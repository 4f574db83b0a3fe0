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

import { meshConfigOf, serviceHostname } from '../identity';
import { isReady } from '../membership';
import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import type { ObjectRef } from '../verdict';
import { translatedGatewaysOf } from './gatewayApi/ofMesh';
import { ingressGatewaySelector } from './ingress';

type Pod = SlimObjectByKind['Pod'];

/** How many pods serve a gateway. */
export interface GatewayPodCount {
  ready: number;
  total: number;
}

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/**
 * Pods that serve a Gateway of Gateway API: those that Istio created for it, and those of the Services that its addresses
 * name. R7.13
 *
 * @param services - host names
 */
export function podsOfServices(
  snapshot: MeshSnapshot,
  gateway: SlimObjectByKind['K8sGateway'],
  services: readonly string[],
  clusterDomain: string,
): readonly Pod[] {
  const { namespace, name } = gateway.metadata;
  const hosts = new Set(services);
  const found = new Set(
    snapshot.podsBySelector(namespace, { [GATEWAY_NAME]: name }),
  );
  for (const { metadata, spec } of snapshot.list('Service', namespace)) {
    const host = serviceHostname(metadata.name, namespace, clusterDomain);
    if (hosts.has(host) && Object.keys(spec.selector).length > 0) {
      for (const pod of snapshot.podsBySelector(namespace, spec.selector)) {
        found.add(pod);
      }
    }
  }
  return [...found];
}

/** How many of these pods there are, and how many take traffic. */
export function countedPods(pods: readonly Pod[]): GatewayPodCount {
  return {
    total: pods.length,
    ready: pods.filter(isReady).length,
  };
}

/** Why nothing gets through these pods; none when one is ready. */
export function podProblems(name: string, pods: GatewayPodCount): string[] {
  if (pods.ready > 0) {
    return [];
  }
  return [pods.total === 0 ? `${name} has no pod` : `${name} has no ready pod`];
}

/**
 * Pods that serve a gateway: those that the selector of an Istio Gateway selects, those that Istio created for a Gateway of
 * Gateway API or that stand behind the Services its addresses name, or what serves Ingresses. R7.1, R7.13, R7.27
 *
 * @param gateway - a Gateway of either group, or an Ingress
 */
export function podsOfGateway(
  snapshot: MeshSnapshot,
  { group, kind, name, namespace = '' }: ObjectRef,
): readonly Pod[] {
  const settings = meshConfigOf(snapshot);
  if (kind === 'Ingress') {
    return snapshot.podsBySelector(undefined, ingressGatewaySelector(settings));
  }
  if (group !== 'gateway.networking.k8s.io') {
    const gateway = snapshot.get('Gateway', namespace, name);
    return snapshot.podsBySelector(undefined, gateway?.spec.selector ?? {});
  }
  const gateway = snapshot.get('K8sGateway', namespace, name);
  const translated = translatedGatewaysOf(snapshot).find(
    each => each.gateway === gateway,
  );
  return gateway === undefined
    ? []
    : podsOfServices(
        snapshot,
        gateway,
        translated?.services ?? [],
        settings.clusterDomain,
      );
}
