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
  ObjectStore,
  ObjectWriter,
  ResourceTable,
  type ObjectReader,
} from './kubernetes';
import {
  demoTopology,
  outsideWorldSeeds,
  policySeeds,
  proxyExtensionSeeds,
  seedName,
  withPast,
  workloadSeeds,
  type SeedObject,
} from './mesh';
import { createPrometheusHandler, expositionPaths } from './prometheus';
import { createTrafficModel } from './traffic';

const MINUTE_MS = 60_000;
const AGE_OF_MESH_MS = 9 * 86_400_000;

/** How a demo mesh is started; every field has a default. */
export interface DemoMeshOptions {
  /** port of the Kubernetes API; 0 or absent: any free port */
  readonly port?: number;
  /** port of the Prometheus API; 0 or absent: any free port */
  readonly prometheusPort?: number;
  /** bearer token of the Kubernetes API; absent: none is asked for */
  readonly token?: string;
  /** current time, milliseconds since the epoch */
  readonly now?: () => number;
  readonly seed?: string;
  /** resource names that answer 403, for example `secrets` */
  readonly forbiddenKinds?: readonly string[];
  /** API groups whose CRDs the cluster does not have */
  readonly absentGroups?: readonly string[];
  /** objects instead of the demo mesh's own */
  readonly objects?: readonly SeedObject[];
}

/** A running demo mesh. */
export interface DemoMesh {
  readonly kubernetesUrl: string;
  readonly prometheusUrl: string;
  readonly store: ObjectReader;
  /**
   * Forgets old states, as etcd's compaction does: a watch that resumes from before gets 410 Gone, and so does the next
   * page of every list that was begun.
   */
  forgetHistory(): void;
  /** Cuts all connections of the Kubernetes API's clients; open watches end without a word. */
  dropConnections(): void;
  stop(): Promise<void>;
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>(resolve => server.close(() => resolve()));
}

/** Starts the embedded cluster: the Kubernetes API and the Prometheus API, each at an address of its own. */
export async function startDemoMesh(
  options: DemoMeshOptions = {},
): Promise<DemoMesh> {
  const { now = Date.now, seed = 'demo', absentGroups = [] } = options;
  const store = new ObjectStore();
  const resources = new ResourceTable(absentGroups);
  const born = now() - AGE_OF_MESH_MS;
  let clock = () => born;
  const writer = new ObjectWriter(store, () => clock(), seed);
  const controllers = new Controllers({
    store,
    writer,
    resources,
    now: () => clock(),
  });
  controllers.start();
  const past = options.objects
    ? { seeds: options.objects, changes: [] }
    : withPast(
        [
          ...workloadSeeds(),
          ...policySeeds(),
          ...proxyExtensionSeeds(),
          ...outsideWorldSeeds(),
        ],
        demoTopology.incidents,
      );
  for (const entry of past.seeds) {
    const definition = resources.named(entry.resource);
    if (definition) {
      writer.create(definition, entry.namespace, entry.object);
    }
  }
  const startedAt = now();
  for (const { minutesAgo, by, seed: entry } of past.changes) {
    const definition = resources.named(entry.resource);
    if (definition) {
      clock = () => startedAt - minutesAgo * MINUTE_MS;
      writer.update(
        definition,
        entry.namespace,
        seedName(entry),
        entry.object,
        '',
        false,
        by,
      );
    }
  }
  clock = now;
  controllers.settle();
  const traffic = createTrafficModel(store, demoTopology, { now, seed });
  let scrapeHost = '127.0.0.1';
  const prometheus = createPrometheusHandler({
    seriesSource: traffic,
    now,
    extraPaths: path => expositionPaths(traffic, now, scrapeHost)(path),
  });
  const api = new ApiServer({
    store,
    writer,
    resources,
    now,
    token: options.token,
    forbidden: options.forbiddenKinds ?? [],
    proxies: new Map([
      [
        'istio-system/prometheus:9090',
        (request, response, path) => {
          request.url = path;
          prometheus(request, response);
        },
      ],
    ]),
  });
  const kubernetesServer = api.createHttpServer();
  const prometheusServer = createServer(prometheus);
  const kubernetesUrl = await listen(kubernetesServer, options.port ?? 0);
  const prometheusUrl = await listen(
    prometheusServer,
    options.prometheusPort ?? 0,
  );
  scrapeHost = new URL(prometheusUrl).host;
  return {
    kubernetesUrl,
    prometheusUrl,
    store,
    forgetHistory() {
      store.compact();
      api.expireContinueTokens();
    },
    dropConnections() {
      kubernetesServer.closeAllConnections();
    },
    async stop() {
      controllers.stop();
      traffic.close();
      await Promise.all([close(kubernetesServer), close(prometheusServer)]);
    },
  };
}
