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

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Clusters } from '../../plugins/istio-backend/src/cluster';
import { readIstioConfig } from '../../plugins/istio-backend/src/config';
import { SnapshotMeshService } from '../../plugins/istio-backend/src/service';
import { PrometheusSources } from '../../plugins/istio-backend/src/prometheus';
import type { Entity } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import {
  defaultClient,
  wayOfRequest,
  type MeshSnapshot,
  type SlimObjectByKind,
} from '../../packages/mesh-model/src';
import type { EntityViewName } from '@mesh-portal/backstage-plugin-istio-common';

/** Views that are measured: all of an entity but triage, which has nothing to say without metrics. */
export const VIEWS: readonly EntityViewName[] = [
  'overview',
  'mtls',
  'routes',
  'authorization',
  'signals',
  'dependencies',
  'exposure',
  'resilience',
  'external',
  'bindings',
  'request-path',
  'clusters',
];

/** Objects that change one after the other: kind, and the collection at the API server. */
export const CHANGES = [
  ['Pod', '/api/v1/pods'],
  ['Service', '/api/v1/services'],
  ['VirtualService', '/apis/networking.istio.io/v1/virtualservices'],
  ['DestinationRule', '/apis/networking.istio.io/v1/destinationrules'],
  ['ServiceEntry', '/apis/networking.istio.io/v1/serviceentries'],
  ['AuthorizationPolicy', '/apis/security.istio.io/v1/authorizationpolicies'],
  ['PeerAuthentication', '/apis/security.istio.io/v1/peerauthentications'],
] as const;

/** How often each service is asked for each view; in between the others are, so that no pause hits all rounds of one. */
const ROUNDS = 7;

/** Of so many changes the median counts: the collector runs in some of them, on behalf of all. */
const CHANGES_OF_A_KIND = 7;

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const QUIET: object = {
  info() {},
  debug() {},
  warn() {},
  error: console.error,
  child: () => QUIET,
};

async function startApiServer(scale: number) {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join('scripts', 'bench', 'apiServer.ts'),
      String(scale),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  if (!child.stdout || !child.stdin)
    throw new Error('The API server has no pipes');
  const [line] = await once(createInterface(child.stdout), 'line');
  const { url, bytes } = JSON.parse(String(line));
  return { child, url: String(url), bytes: Number(bytes), stdin: child.stdin };
}

/** The component that a Service is: one half names it, the other selects its pods. */
function componentOf(
  { metadata, spec }: SlimObjectByKind['Service'],
  index: number,
): Entity {
  const [[key, value]] = Object.entries(spec.selector);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: `${index}`,
      annotations:
        index % 2 === 0
          ? {
              'backstage.io/istio-services': `${metadata.namespace}/${metadata.name}`,
            }
          : { 'backstage.io/kubernetes-label-selector': `${key}=${value}` },
    },
  };
}

/** CPU seconds of this process, user and system. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function parseAlone(url: string): Promise<number> {
  let total = 0;
  for (const path of [
    'api/v1/pods',
    'api/v1/services',
    'api/v1/serviceaccounts',
    'api/v1/namespaces',
    'apis/apps/v1/deployments',
    'apis/apps/v1/replicasets',
    'apis/discovery.k8s.io/v1/endpointslices',
    'apis/networking.istio.io/v1/virtualservices',
    'apis/networking.istio.io/v1/destinationrules',
    'apis/networking.istio.io/v1/serviceentries',
    'apis/security.istio.io/v1/authorizationpolicies',
    'apis/security.istio.io/v1/peerauthentications',
  ]) {
    let token: string | undefined = '';
    while (token !== undefined) {
      const answer = await fetch(
        `${url}/proxy/${path}?limit=500${token && `&continue=${token}`}`,
      );
      const text = await answer.text();
      const before = performance.now();
      const page = JSON.parse(text);
      total += performance.now() - before;
      token = page.metadata.continue;
    }
  }
  return total;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5));
}

/** Milliseconds that the one way of a request takes, from a client that is not in the service's namespace, by round. */
function wayTimes(
  snapshot: MeshSnapshot,
  sample: readonly number[],
): number[][] {
  const services = snapshot.list('Service');
  const client = defaultClient(services[0].metadata.namespace);
  const elapsed = (index: number): number => {
    const { name, namespace } = services[index].metadata;
    const before = performance.now();
    wayOfRequest(snapshot, client, { host: `${name}.${namespace}`, port: 80 });
    return performance.now() - before;
  };
  for (const index of sample) elapsed(index);
  return Array.from({ length: ROUNDS }, () => sample.map(elapsed));
}

/** Measures a mesh that is this share of the target size; times in milliseconds. */
export async function measure(scale: number) {
  const api = await startApiServer(scale);
  const parseMs = await parseAlone(api.url);
  const config = readIstioConfig(
    new ConfigReader({ istio: { prometheus: { enabled: false } } }),
  );
  const auth = {
    getOwnServiceCredentials: async () => ({ principal: {} }),
    isPrincipal: () => false,
    getPluginRequestToken: async () => ({ token: 'bench' }),
  };
  const clusters = new Clusters({
    discovery: {
      getBaseUrl: async () => api.url,
      getExternalBaseUrl: async () => api.url,
    },
    auth: auth as never,
    logger: QUIET as never,
    configMapNamespaces: ['istio-system'],
  });
  const syncStart = performance.now();
  const syncCpu = cpuMs();
  clusters.start();
  await until(() => clusters.all()[0]?.status().state === 'synced');
  const syncMs = performance.now() - syncStart;
  const syncCpuMs = cpuMs() - syncCpu;
  const { snapshot } = clusters.all()[0];
  const services = snapshot.list('Service');

  const catalog = {
    async getEntityByRef(ref: string) {
      const name = ref.split('/')[1];
      const service = services[Number(name)];
      return {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: {
          name,
          annotations: {
            'backstage.io/istio-services': `${service.metadata.namespace}/${service.metadata.name}`,
          },
        },
      };
    },
    getEntities: async () => ({ items: services.map(componentOf) }),
  };
  const service = new SnapshotMeshService({
    clusters,
    prometheus: new PrometheusSources({
      config,
      connectionOf: () => undefined,
    }),
    catalog: catalog as never,
    auth: auth as never,
    userInfo: {
      getUserInfo: async () => ({
        userEntityRef: 'user:default/bench',
        ownershipEntityRefs: [],
      }),
    },
    logger: QUIET as never,
    config,
  });
  const options = { credentials: { principal: {} } as never };
  const ask = (view: EntityViewName, index: number) =>
    service.entityView(view, `component:default/${index}`, {}, options);

  const sample = Array.from(
    { length: 400 },
    (_, i) => (i * 7919) % services.length,
  );
  const warm: Record<string, number> = {};
  const undisturbed: Record<string, number> = {};
  for (const view of [...VIEWS, ...VIEWS]) {
    for (const index of sample) await ask(view, index);
  }
  for (const view of VIEWS) {
    const times: number[] = [];
    const best = sample.map(() => Infinity);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [at, index] of sample.entries()) {
        const before = performance.now();
        await ask(view, index);
        const elapsed = performance.now() - before;
        times.push(elapsed);
        best[at] = Math.min(best[at], elapsed);
      }
    }
    warm[view] = percentile(times, 0.99);
    undisturbed[view] = percentile(best, 0.99);
  }

  const ways = wayTimes(snapshot, sample);
  const way = percentile(ways.flat(), 0.99);
  const undisturbedWay = percentile(
    sample.map((_, at) => Math.min(...ways.map(times => times[at]))),
    0.99,
  );

  await service.meshServices(options);
  const listStart = performance.now();
  await service.meshServices(options);
  const listMs = performance.now() - listStart;

  const changeMs: Record<string, number> = {};
  for (const [kind, path] of CHANGES) {
    const rounds: number[] = [];
    for (let round = 0; round < CHANGES_OF_A_KIND; round += 1) {
      const version = snapshot.version;
      const before = cpuMs();
      api.stdin.write(`${path}\n`);
      await until(() => snapshot.version > version);
      const applied = cpuMs();
      // To look for what the server has changed among all objects is the bench's business.
      const changed = snapshot
        .list(kind)
        .find(({ metadata }) => metadata.labels.changed !== undefined);
      const index = services.findIndex(
        ({ metadata }) => metadata.namespace === changed?.metadata.namespace,
      );
      const found = cpuMs();
      for (const view of VIEWS) await ask(view, Math.max(0, index));
      await service.meshServices(options);
      rounds.push(cpuMs() - found + applied - before);
    }
    changeMs[kind] = percentile(rounds, 0.5);
  }

  (globalThis as { gc?: () => void }).gc?.();
  const rssMiB = process.memoryUsage().rss / 1024 / 1024;
  await clusters.stop();
  api.stdin.end();
  api.child.kill();
  return {
    bytes: api.bytes,
    parseMs,
    syncMs,
    syncCpuMs,
    warm,
    undisturbed,
    way,
    undisturbedWay,
    listMs,
    changeMs,
    rssMiB,
    pods: snapshot.list('Pod').length,
  };
}
