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
  gatewayConfigurationOf,
  type GatewayConfiguration,
} from '../../gateways/gatewayConfiguration';
import { gatewayProxyOf } from '../../gateways/gatewayProxies';
import {
  gatewayTopologyOf,
  type GatewayTopology,
} from '../../gateways/gatewayTopology';
import type { Client } from '../../membership';
import type { SlimObjectByKind, StringMap } from '../../objects';
import type { MeshSnapshot } from '../../snapshot';

type Pod = SlimObjectByKind['Pod'];

/** A gateway as a client: what it listens on and routes by. */
export interface GatewayOfClient {
  configuration: GatewayConfiguration;
  /** of one of its pods; empty when none is known */
  annotations: StringMap;
  /** absent when no pod is known */
  topology?: GatewayTopology;
}

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** The labels by which the pods of the gateway that a client is are found. */
function selectorOf(snapshot: MeshSnapshot, client: Client): StringMap {
  const { gateway, labels } = client;
  if (gateway?.kind === 'K8sGateway') {
    return { [GATEWAY_NAME]: gateway.name };
  }
  return gateway === undefined || Object.keys(labels).length > 0
    ? labels
    : snapshot.get('Gateway', gateway.namespace, gateway.name)?.spec.selector ??
        {};
}

function podOf(
  snapshot: MeshSnapshot,
  client: Client,
  selector: StringMap,
): Pod | undefined {
  const own = client.gateway?.namespace ?? client.namespace;
  const [pod] = [client.namespace, own, undefined].flatMap(namespace =>
    snapshot.podsBySelector(namespace, selector),
  );
  return pod;
}

/**
 * The listeners and routes of the gateway that a client is, as one of its pods has them. R7.1 – R7.7, R7.13
 *
 * @returns `undefined` when neither a pod nor the client's labels tell which gateways it serves
 */
export function gatewayOfClient(
  snapshot: MeshSnapshot,
  client: Client,
): GatewayOfClient | undefined {
  const selector = selectorOf(snapshot, client);
  const pod = podOf(snapshot, client, selector);
  if (pod !== undefined) {
    return {
      configuration: gatewayConfigurationOf(
        snapshot,
        gatewayProxyOf(snapshot, pod),
      ),
      annotations: pod.metadata.annotations,
      topology: gatewayTopologyOf(snapshot, pod),
    };
  }
  return Object.keys(client.labels).length === 0
    ? undefined
    : {
        configuration: gatewayConfigurationOf(snapshot, {
          namespace: client.namespace,
          labels: client.labels,
          servicePorts: [],
        }),
        annotations: {},
      };
}
