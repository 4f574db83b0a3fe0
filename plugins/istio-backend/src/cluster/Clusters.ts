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

import type {
  AuthService,
  DiscoveryService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import { Backoff, pause } from './Backoff';
import { ClusterSync } from './ClusterSync';
import { KubernetesPluginConnection } from './KubernetesPluginConnection';
import type { SyncTiming } from './KindSync';
import { fetchClusterList, type ListedCluster } from './clusterList';
import { messageOf } from './messageOf';

/** How often the list of clusters is read again, milliseconds. */
const REFRESH_MS = 60_000;

export interface ClustersOptions {
  discovery: DiscoveryService;
  auth: AuthService;
  logger: LoggerService;
  /** Only these clusters are read; all when absent. */
  only?: readonly string[];
  configMapNamespaces: readonly string[];
  timing?: Partial<SyncTiming>;
  refreshMs?: number;
}

/** All clusters of the Kubernetes plugin, each with its warm snapshot. */
export class Clusters {
  private readonly stopping = new AbortController();
  private readonly syncs = new Map<string, ClusterSync>();
  private disabled: ClusterStatus[] = [];
  private failure: string | undefined;
  private listedOnce = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: ClustersOptions) {}

  /** Begins to read the list and the clusters; does not wait. */
  start(): void {
    this.loop = this.run();
  }

  /** Ends all reading. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    await Promise.all([...this.syncs.values()].map(sync => sync.stop()));
  }

  /** Clusters with a snapshot, in the order of the Kubernetes plugin. */
  all(): readonly ClusterSync[] {
    return [...this.syncs.values()];
  }

  get(name: string): ClusterSync | undefined {
    return this.syncs.get(name);
  }

  /** The state of every cluster, also of those that cannot be read. */
  statuses(): ClusterStatus[] {
    const statuses = [
      ...this.all().map(sync => sync.status()),
      ...this.disabled,
    ];
    return this.failure === undefined
      ? statuses
      : [...statuses, this.listFailure(this.failure)];
  }

  /** Why there are no clusters at all, for a person; `undefined` when there are some. */
  absence(): string | undefined {
    if (this.syncs.size > 0) {
      return undefined;
    }
    if (this.failure !== undefined) {
      return this.listFailure(this.failure).message;
    }
    return this.listedOnce
      ? 'The Kubernetes plugin has no cluster that can be read. Add one to kubernetes.clusterLocatorMethods in app-config.yaml'
      : 'The list of clusters is being read';
  }

  private listFailure(message: string): ClusterStatus {
    return {
      name: 'kubernetes',
      title: 'Kubernetes plugin',
      state: 'unreachable',
      message: `The list of clusters could not be read from the Kubernetes plugin (${message}). Install @backstage/plugin-kubernetes-backend and configure kubernetes.clusterLocatorMethods`,
      missingKinds: [],
    };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const backoff = new Backoff(500, 30_000);
    while (!signal.aborted) {
      let wait = this.options.refreshMs ?? REFRESH_MS;
      try {
        const { discovery, auth } = this.options;
        this.adopt(await fetchClusterList(discovery, auth, signal));
        this.failure = undefined;
        this.listedOnce = true;
        backoff.reset();
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        const message = messageOf(error);
        if (this.failure !== message) {
          this.options.logger.warn(`Cannot list clusters: ${message}`);
        }
        this.failure = message;
        wait = backoff.next();
      }
      await pause(wait, signal);
    }
  }

  private adopt(listed: readonly ListedCluster[]): void {
    const { only, logger } = this.options;
    const wanted = listed.filter(
      ({ name }) => only === undefined || only.includes(name),
    );
    this.disabled = wanted
      .filter(({ clientSide }) => clientSide)
      .map(({ name, title, authProvider }) => ({
        name,
        title,
        state: 'disabled' as const,
        message: `The cluster signs in with the user’s own token (authProvider ${authProvider}), so it cannot be read in the background. Give it a service account`,
        missingKinds: [],
      }));
    const readable = wanted.filter(({ clientSide }) => !clientSide);
    const names = new Set(readable.map(({ name }) => name));
    for (const [name, sync] of this.syncs) {
      if (!names.has(name)) {
        logger.info(`Cluster ${name} is no longer configured`);
        this.syncs.delete(name);
        sync.stop().catch(error => logger.warn(messageOf(error)));
      }
    }
    for (const { name, title } of readable) {
      if (!this.syncs.has(name)) {
        const sync = this.createSync(name, title);
        this.syncs.set(name, sync);
        sync.start();
        logger.info(`Reading cluster ${name}`);
      }
    }
  }

  private createSync(name: string, title: string | undefined): ClusterSync {
    const { discovery, auth, configMapNamespaces, timing } = this.options;
    return new ClusterSync({
      connection: new KubernetesPluginConnection(name, title, discovery, auth),
      configMapNamespaces,
      timing,
    });
  }
}
