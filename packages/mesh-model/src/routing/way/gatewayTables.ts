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

import { gatewayConfigurationOf } from '../../gateways/gatewayConfiguration';
import type {
  GatewayProxy,
  GatewayServer,
  GatewayServicePort,
} from '../../gateways/gatewayServers';
import { meshConfigOf, serviceHostname } from '../../identity';
import type { Client } from '../../membership';
import { targetPortOf } from '../../mtls';
import type { SlimObjectByKind, StringMap } from '../../objects';
import { isSubset, type MeshSnapshot } from '../../snapshot';
import type { RoutingConfig } from '../routingConfig';

type Pod = SlimObjectByKind['Pod'];

/** What a gateway's proxy listens on and routes by. */
export interface GatewayTables {
  proxy: GatewayProxy;
  /** of one of its pods */
  annotations: StringMap;
  servers: readonly GatewayServer[];
  /** configurations visible to the proxy's namespace for a gateway, in Istio's order */
  configsOf(gateway: string): readonly RoutingConfig[];
  /** the port the proxy listens on for a port of its Service */
  listenPort(servicePort: number): number;
}

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';
const PORT_TRANSLATION_OFF =
  'experimental.istio.io/disable-gateway-port-translation';

/** A pod of the gateway that a client is: any one, as all have the same labels as far as gateways look at them. */
function podOfGateway(snapshot: MeshSnapshot, client: Client): Pod | undefined {
  const { gateway } = client;
  const inNamespace = snapshot.list('Pod', client.namespace);
  if (Object.keys(client.labels).length > 0) {
    return inNamespace.find(pod =>
      isSubset(client.labels, pod.metadata.labels),
    );
  }
  if (gateway?.kind === 'K8sGateway') {
    return snapshot.podsBySelector(gateway.namespace, {
      [GATEWAY_NAME]: gateway.name,
    })[0];
  }
  const selector =
    gateway === undefined
      ? {}
      : snapshot.get('Gateway', gateway.namespace, gateway.name)?.spec
          .selector ?? {};
  if (Object.keys(selector).length === 0) {
    return undefined;
  }
  for (const { metadata } of snapshot.list('Namespace')) {
    const [pod] = snapshot.podsBySelector(metadata.name, selector);
    if (pod !== undefined) {
      return pod;
    }
  }
  return inNamespace.find(pod => isSubset(selector, pod.metadata.labels));
}

function servicePortsOf(
  snapshot: MeshSnapshot,
  namespace: string,
  labels: Client['labels'],
  pod: Pod | undefined,
): GatewayServicePort[] {
  const { clusterDomain } = meshConfigOf(snapshot);
  return snapshot
    .list('Service', namespace)
    .filter(
      ({ spec }) =>
        Object.keys(spec.selector).length > 0 &&
        isSubset(spec.selector, labels),
    )
    .flatMap(({ metadata, spec }) =>
      spec.ports.map(port => ({
        hostname: serviceHostname(
          metadata.name,
          metadata.namespace,
          clusterDomain,
        ),
        port: port.port,
        targetPort:
          (pod === undefined ? undefined : targetPortOf(port, pod)) ??
          (typeof port.targetPort === 'number' ? port.targetPort : port.port),
        translationDisabled: PORT_TRANSLATION_OFF in metadata.labels,
      })),
    );
}

/**
 * The listeners and routes of the gateway that a client is. R7.1 – R7.7
 *
 * @returns `undefined` when neither the client's labels nor a pod tell which gateways it serves
 */
export function gatewayTablesOf(
  snapshot: MeshSnapshot,
  client: Client,
): GatewayTables | undefined {
  const pod = podOfGateway(snapshot, client);
  const labels = pod?.metadata.labels ?? client.labels;
  if (Object.keys(labels).length === 0) {
    return undefined;
  }
  const namespace = pod?.metadata.namespace ?? client.namespace;
  const servicePorts = servicePortsOf(snapshot, namespace, labels, pod);
  const proxy: GatewayProxy = { namespace, labels, servicePorts };
  const { servers, configsOf, listenPort } = gatewayConfigurationOf(
    snapshot,
    proxy,
  );
  return {
    proxy,
    annotations: pod?.metadata.annotations ?? {},
    servers,
    configsOf,
    listenPort,
  };
}
