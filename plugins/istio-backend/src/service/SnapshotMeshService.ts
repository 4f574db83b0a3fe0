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

import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  AuthService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  ClusterStatus,
  EntityViewName,
  EntityViews,
  Health,
  MeshServicesView,
  MyServicesView,
  SnapshotStatus,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import { type Clusters, type ClusterSync, messageOf } from '../cluster';
import type { PrometheusSources } from '../prometheus';
import { observedStatus } from '../views/observation';
import { catalogKnowledge } from './catalogKnowledge';
import { EntityIndex, type EntityNames } from './entityIndex';
import { viewOfEntity } from './viewOfEntity';
import type { IstioConfig } from '../config';
import { resolveEntity } from '../entity';
import { readCluster } from '../views/clusters';
import { confidenceOfView } from '../views/confidence';
import { elsewhereOf } from '../views/elsewhere';
import type { EntityInput } from '../views/entityInput';
import { meshServicesView, type ServiceOwner } from '../views/meshServicesView';
import { entitySlo, SloReader } from '../slo';
import {
  type AskedView,
  clusterInputOf,
  type ObservedCluster,
  UNOBSERVED,
} from './clusterInput';
import { entitiesOfCluster, withEntities } from './resolutionNames';
import { snapshotAge } from './snapshotAge';
import { windowOf } from './viewWindow';
import type {
  CallOptions,
  MeshService,
  MyServicesParameters,
  ViewParameters,
} from './MeshService';
import { clusterTraffic } from './clusterTraffic';
import { meshObjectives } from './meshObjectives';
import { myServices } from './myServices';

export interface SnapshotMeshServiceOptions {
  clusters: Clusters;
  prometheus: PrometheusSources;
  catalog: CatalogService;
  auth: AuthService;
  userInfo: UserInfoService;
  logger: LoggerService;
  config: IstioConfig;
}

/** Rates of the Mesh page are of the last minutes: it answers what is wrong now. */
const MESH_WINDOW = '5m';

const NO_OWNERS: ReadonlyMap<string, ServiceOwner> = new Map();

const COMPLETE: ReadonlySet<ClusterStatus['state']> = new Set([
  'synced',
  'stale',
]);

/** Answers from the warm snapshots and from Prometheus. */
export class SnapshotMeshService implements MeshService {
  private readonly entities: EntityIndex;
  private readonly slos = new SloReader();

  constructor(private readonly options: SnapshotMeshServiceOptions) {
    this.entities = new EntityIndex(options);
  }

  async entityView<N extends EntityViewName>(
    view: N,
    entityRef: string,
    parameters: ViewParameters,
    { credentials }: CallOptions,
  ): Promise<ViewEnvelope<EntityViews[N]>> {
    const entity = await this.entityOf(entityRef, credentials);
    const { clusters } = this.options;
    const statuses = clusters.statuses();
    const { resolution, matches } = resolveEntity(
      entity,
      this.resolvable(),
      clusters.absence(),
    );
    const window = windowOf(parameters);
    const names = await this.entityNames(credentials);
    const asked: AskedView = {
      view,
      window,
      details: parameters.details ?? false,
      slo: entitySlo(entity, this.options.config.slo),
      user: this.userOf(credentials),
    };
    const catalog =
      view === 'dependencies'
        ? await catalogKnowledge(
            { ...this.options, entities: this.entities },
            entity,
            this.resolvable(),
            credentials,
          )
        : undefined;
    const found = await Promise.all(
      [...matches].map(async ([name, match]) => {
        const sync = clusters.get(name);
        return sync
          ? [await clusterInputOf(this.observed(sync, names), match, asked)]
          : [];
      }),
    );
    const input: EntityInput = { resolution, clusters: found.flat() };
    const answer = viewOfEntity(view, input, {
      ...parameters,
      window,
      clusters,
      catalog,
    });
    const confidence = confidenceOfView(view, input, answer, parameters.client);
    return {
      view: answer,
      resolution: withEntities(resolution, names),
      clusters: statuses,
      snapshot: this.snapshotStatus(statuses),
      ...(!UNOBSERVED.has(view) && {
        observed: observedStatus(
          input.clusters.map(({ observation }) => observation),
          window,
        ),
      }),
      ...(confidence && { confidence }),
    };
  }

  private async entityOf(
    entityRef: string,
    credentials: CallOptions['credentials'],
  ): Promise<Entity> {
    const entity = await this.options.catalog.getEntityByRef(entityRef, {
      credentials,
    });
    if (!entity) {
      throw new NotFoundError(
        `There is no entity ${entityRef}, or you may not see it`,
      );
    }
    return entity;
  }

  private observed(
    sync: ClusterSync,
    names: EntityNames | undefined,
  ): ObservedCluster {
    return {
      sync,
      source: this.options.prometheus.of(sync.name),
      slos: this.slos,
      rootNamespace: this.options.config.rootNamespace,
      entities: names && entitiesOfCluster(names, sync.name),
      elsewhere: elsewhereOf(
        readCluster(sync),
        this.options.clusters.all().map(readCluster),
      ),
    };
  }

  /** Nobody takes all places of a source: the user who waits, where there is one. */
  private userOf(credentials: CallOptions['credentials']): string | undefined {
    return this.options.auth.isPrincipal(credentials, 'user')
      ? credentials.principal.userEntityRef
      : undefined;
  }

  /** Names of entities are an addition: without the catalog's list the view stands, with plain names. */
  private async entityNames(
    credentials: CallOptions['credentials'],
  ): Promise<EntityNames | undefined> {
    try {
      return await this.entities.namesOf(this.resolvable(), credentials);
    } catch (error) {
      this.options.logger.warn(
        `Services and workloads are shown without their entities: ${messageOf(
          error,
        )}`,
      );
      return undefined;
    }
  }

  private resolvable() {
    return this.options.clusters.all().map(sync => ({
      name: sync.name,
      snapshot: sync.snapshot,
      complete: COMPLETE.has(sync.status().state),
    }));
  }

  async myServices(
    { group, latency = false, mayRead }: MyServicesParameters,
    { credentials }: CallOptions,
  ): Promise<ViewEnvelope<MyServicesView>> {
    const { auth, clusters, userInfo } = this.options;
    if (!auth.isPrincipal(credentials, 'user')) {
      throw new NotAllowedError('Only users own services: sign in as one');
    }
    const { ownershipEntityRefs } = await userInfo.getUserInfo(credentials);
    const statuses = clusters.statuses();
    const { view, observations } = await myServices(
      {
        entities: this.entities,
        prometheus: this.options.prometheus,
        slo: this.options.config.slo,
      },
      {
        clusters: this.resolvable(),
        owners: ownershipEntityRefs,
        ...(group !== undefined && { group }),
        latency,
        credentials,
        user: credentials.principal.userEntityRef,
        mayRead: mayRead ?? (async refs => new Set(refs)),
      },
    );
    return {
      view,
      clusters: statuses,
      snapshot: this.snapshotStatus(statuses),
      observed: observedStatus(observations, MESH_WINDOW),
    };
  }

  async meshServices({
    credentials,
  }: CallOptions): Promise<ViewEnvelope<MeshServicesView>> {
    const { clusters } = this.options;
    const statuses = clusters.statuses();
    const { slo: defaults } = this.options.config;
    const [owners, observed] = await Promise.all([
      this.entities.ownersOf(this.resolvable(), credentials, defaults),
      Promise.all(
        clusters
          .all()
          .map(({ name }) =>
            clusterTraffic(this.options.prometheus.of(name), MESH_WINDOW),
          ),
      ),
    ]);
    const objectives = await Promise.all(
      clusters
        .all()
        .map(sync =>
          meshObjectives(
            sync,
            this.options.prometheus.of(sync.name),
            owners.get(sync.name) ?? NO_OWNERS,
            defaults,
          ),
        ),
    );
    return {
      view: meshServicesView(
        clusters.all().map((sync, index) => ({
          name: sync.name,
          snapshot: sync.snapshot,
          status: sync.status(),
          traffic: observed[index].traffic,
          slos: objectives[index],
          owners: owners.get(sync.name) ?? NO_OWNERS,
        })),
      ),
      clusters: statuses,
      snapshot: this.snapshotStatus(statuses),
      observed: observedStatus(
        observed.map(({ observation }) => observation),
        MESH_WINDOW,
      ),
    };
  }

  async health(): Promise<Health> {
    const statuses = this.options.clusters.statuses();
    const fine =
      statuses.length > 0 && statuses.every(({ state }) => state === 'synced');
    return {
      status: fine ? 'ok' : 'degraded',
      clusters: statuses,
      prometheus: this.options.prometheus.status(
        statuses.map(({ name }) => name),
      ),
    };
  }

  private snapshotStatus(statuses: readonly ClusterStatus[]): SnapshotStatus {
    const version = this.options.clusters
      .all()
      .reduce((sum, { snapshot }) => sum + snapshot.version, 0);
    return { version, ...snapshotAge(statuses) };
  }
}
