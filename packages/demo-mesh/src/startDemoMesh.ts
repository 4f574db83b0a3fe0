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

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controllers } from './controllers';
import {
  ApiServer,
  type KubernetesObject,
  ObjectStore,
  ObjectWriter,
  ResourceTable,
} from './kubernetes';
import { demoObjects } from './mesh/demoObjects';
import { type DemoTopology, demoTopology } from './mesh/topology';
import {
  createPrometheusHandler,
  expositionPaths,
  type RequiredAuth,
} from './prometheus';
import { createTrafficModel } from './traffic';

/** How the embedded cluster is started. */
export interface DemoMeshOptions {
  /** of the Kubernetes API; a free one when absent */
  kubernetesPort?: number;
  /** of the Prometheus API; a free one when absent */
  prometheusPort?: number;
  /** bearer token the Kubernetes API asks for; anybody may do everything when absent */
  token?: string;
  /** credentials the Prometheus API asks for */
  prometheusAuth?: RequiredAuth;
  /** resource names that nobody may read or write, for example `virtualservices.networking.istio.io` */
  forbidden?: readonly string[];
  /** API groups whose CustomResourceDefinitions are not installed */
  absentGroups?: readonly string[];
  /** instead of the demo mesh's own objects; its traffic goes to them where they fit */
  objects?: readonly KubernetesObject[];
  topology?: DemoTopology;
  /** milliseconds since the epoch */
  now?: () => number;
  /** the same seed makes the same names and the same traffic */
  seed?: string;
}

/** A running embedded cluster. */
export interface DemoMesh {
  readonly kubernetesUrl: string;
  readonly prometheusUrl: string;
  readonly store: ObjectStore;
  /** makes lists that are paged through answer 410 Gone, and watches that resume too */
  forgetHistory(): void;
  stop(): Promise<void>;
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function seedObjects(
  objects: readonly KubernetesObject[],
  resources: ResourceTable,
  writer: ObjectWriter,
): void {
  for (const object of objects) {
    const definition = resources.ofObject(object.apiVersion, object.kind);
    if (definition) {
      writer.create(definition, object.metadata.namespace ?? '', object);
    }
  }
}

/**
 * Starts a cluster inside this process: the Kubernetes API and the Prometheus API over HTTP on the loopback interface,
 * controllers that make Deployments into ready pods, and a traffic model behind the metrics.
 *
 * Rejects when a port is taken.
 */
export async function startDemoMesh(
  options: DemoMeshOptions = {},
): Promise<DemoMesh> {
  const now = options.now ?? Date.now;
  const seed = options.seed ?? 'demo';
  const topology = options.topology ?? demoTopology;
  const resources = new ResourceTable(options.absentGroups);
  const store = new ObjectStore();
  const writer = new ObjectWriter(store, now, seed);
  const controllers = new Controllers({ store, writer, resources, now });
  controllers.start();
  seedObjects(options.objects ?? demoObjects(topology), resources, writer);
  controllers.settle();

  // The objects must be there first: the model's past is the mesh as it finds it.
  const traffic = createTrafficModel(store, topology, { now, seed });
  const prometheusServer = createServer();
  const prometheusUrl = await listen(
    prometheusServer,
    options.prometheusPort ?? 0,
  );
  const prometheus = createPrometheusHandler({
    seriesSource: traffic,
    now,
    extraPaths: expositionPaths(traffic, now, new URL(prometheusUrl).host),
    ...(options.prometheusAuth && { auth: options.prometheusAuth }),
  });
  prometheusServer.on('request', prometheus);

  const api = new ApiServer({
    store,
    writer,
    resources,
    now,
    forbidden: options.forbidden ?? [],
    proxies: new Map([
      [
        'istio-system/prometheus:9090',
        (request, response, path) => {
          request.url = path;
          prometheus(request, response);
        },
      ],
    ]),
    ...(options.token !== undefined && { token: options.token }),
  });
  const kubernetesServer = api.createHttpServer();
  const kubernetesUrl = await listen(
    kubernetesServer,
    options.kubernetesPort ?? 0,
  ).catch(async (error: unknown) => {
    await close(prometheusServer);
    throw error;
  });

  return {
    kubernetesUrl,
    prometheusUrl,
    store,
    forgetHistory() {
      store.compact();
      api.expireContinueTokens();
    },
    async stop() {
      controllers.stop();
      traffic.close();
      await Promise.all([close(kubernetesServer), close(prometheusServer)]);
    },
  };
}
