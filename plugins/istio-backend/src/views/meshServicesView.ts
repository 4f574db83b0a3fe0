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
  ClusterStatus,
  MeshService,
  MeshServicesView,
  SloBrief,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { MeshSnapshot, Verdict } from '@mesh-portal/mesh-model';
import type { Service } from '../entity';
import type { EntitySlo } from '../slo';
import { elsewhereOf, type Elsewhere } from './elsewhere';
import { encryptionVerdict, type SeenEncryption } from './encryption';
import {
  authorizationKinds,
  ignorance,
  MEMBERSHIP_KINDS,
  MTLS_KINDS,
  ROUTE_KINDS,
  unlessIgnorant,
} from './knowledge';
import type { ServiceTraffic } from './meshTraffic';
import {
  judgedServices,
  type JudgedService,
  type RoutesLacking,
  type ServiceVerdicts,
} from './serviceVerdicts';
import { compareStates, plainVerdict, worstVerdict } from './verdicts';

/** Which catalog entity a service belongs to, among those the caller may see. */
export interface ServiceOwner {
  entityRef: string;
  owner?: string;
  /** what the entity promises; where objectives are shown */
  slo?: EntitySlo;
}

export interface MeshInput {
  name: string;
  snapshot: MeshSnapshot;
  status: ClusterStatus;
  /** by `namespace/name`; undefined when metrics could not be read */
  traffic: ReadonlyMap<string, ServiceTraffic> | undefined;
  /** objectives by `namespace/name`; absent where no metrics are read */
  slos?: ReadonlyMap<string, SloBrief>;
  /** by `namespace/name` */
  owners: ReadonlyMap<string, ServiceOwner>;
}

/** More rows than a page can hold in reasonable size are cut off, and it says so. */
const MAX_ROWS = 20_000;

/** Share of 5xx from which a row fails; the same as the signals card uses. */
const BAD_SHARE = 0.01;

/** Requests per second below which a share says nothing. */
const MIN_REQUESTS_PER_SECOND = 0.01;

/** By code units: thousands of names are compared for every list, and collation is slow. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareRows(a: MeshService, b: MeshService): number {
  return (
    compareStates(a.state, b.state) ||
    (b.share5xx ?? 0) - (a.share5xx ?? 0) ||
    (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0) ||
    compareText(a.service.host, b.service.host) ||
    compareText(a.service.cluster, b.service.cluster)
  );
}

/** Every service of every cluster, worst first. */
export function meshServicesView(
  clusters: readonly MeshInput[],
): MeshServicesView {
  const rows = worstFirst(
    clusters.flatMap(cluster =>
      keptRows(cluster, elsewhereOf(cluster, clusters)),
    ),
  );
  return {
    services: rows.slice(0, MAX_ROWS).map(({ row }) => row),
    total: rows.length,
    truncated: rows.length > MAX_ROWS,
  };
}

/** Why the verdicts of a cluster cannot be trusted, for those where there is a reason. */
interface Ignorance {
  membership: string | undefined;
  mtls: string | undefined;
  routes: string | undefined;
  authorization: string | undefined;
}

function ignoranceOf({ status, snapshot }: MeshInput): Ignorance {
  return {
    membership: ignorance(status, MEMBERSHIP_KINDS),
    mtls: ignorance(status, MTLS_KINDS),
    routes: ignorance(status, ROUTE_KINDS),
    authorization: ignorance(status, authorizationKinds(snapshot)),
  };
}

/** What the rows of a cluster say is made of this and of verdicts alone: as long as it is the same, so are they. */
interface RowsInput {
  cluster: string;
  unread: Ignorance;
  traffic: MeshInput['traffic'];
  owners: MeshInput['owners'];
  slos: MeshInput['slos'];
  elsewhere: Elsewhere | undefined;
}

/** What one row says is made of this alone. */
interface RowInput {
  cluster: string;
  verdicts: ServiceVerdicts;
  unread: Ignorance;
  /** were metrics read at all? */
  observed: boolean;
  traffic: ServiceTraffic | undefined;
  owner: ServiceOwner | undefined;
  slo: SloBrief | undefined;
  /** what other clusters have of all that its routes lack */
  elsewhere: string | undefined;
}

interface KeptRow {
  input: RowInput;
  row: MeshService;
  /** the list it was in last, and where */
  readonly place: { list: number; rank: number };
}

interface KeptNamespace {
  input: RowsInput;
  rows: readonly KeptRow[];
}

const rowsOfNamespace = new WeakMap<readonly JudgedService[], KeptNamespace>();
const rowOfService = new WeakMap<Service, KeptRow>();

function sameUnread(a: Ignorance, b: Ignorance): boolean {
  return (
    a.membership === b.membership &&
    a.mtls === b.mtls &&
    a.routes === b.routes &&
    a.authorization === b.authorization
  );
}

function sameInputs(a: RowsInput, b: RowsInput): boolean {
  return (
    a.cluster === b.cluster &&
    a.traffic === b.traffic &&
    a.owners === b.owners &&
    a.slos === b.slos &&
    sameUnread(a.unread, b.unread)
  );
}

function sameInput(a: RowInput, b: RowInput): boolean {
  return (
    a.verdicts === b.verdicts &&
    a.traffic === b.traffic &&
    a.slo === b.slo &&
    a.observed === b.observed &&
    a.owner?.entityRef === b.owner?.entityRef &&
    a.owner?.owner === b.owner?.owner &&
    a.elsewhere === b.elsewhere &&
    sameUnread(a.unread, b.unread) &&
    a.cluster === b.cluster
  );
}

/** The rows of a cluster, each the same as in the last list unless something it says is another. */
function keptRows(
  cluster: MeshInput,
  elsewhere: Elsewhere | undefined,
): KeptRow[] {
  const input: RowsInput = {
    cluster: cluster.name,
    unread: ignoranceOf(cluster),
    traffic: cluster.traffic,
    owners: cluster.owners,
    slos: cluster.slos,
    elsewhere,
  };
  return judgedServices(cluster.snapshot).flatMap(judged => {
    const known = rowsOfNamespace.get(judged);
    // What other clusters have may be another at any time.
    const lacking =
      elsewhere && judged.some(({ verdicts }) => verdicts.routesLacking);
    if (known && !lacking && sameInputs(known.input, input)) return known.rows;
    const rows = judged.map(each => keptRow(input, each));
    rowsOfNamespace.set(judged, { input, rows });
    return rows;
  });
}

function keptRow(
  { cluster, unread, traffic, owners, slos, elsewhere }: RowsInput,
  { service, verdicts }: JudgedService,
): KeptRow {
  const { namespace, name } = service.metadata;
  const key = `${namespace}/${name}`;
  const input: RowInput = {
    cluster,
    verdicts,
    unread,
    observed: traffic !== undefined,
    traffic: traffic?.get(key),
    owner: owners.get(key),
    slo: slos?.get(key),
    elsewhere: foundElsewhere(verdicts.routesLacking, elsewhere),
  };
  const known = rowOfService.get(service);
  if (known && sameInput(known.input, input)) return known;
  const kept: KeptRow = {
    input,
    row: meshServiceRow(input, service),
    place: { list: 0, rank: 0 },
  };
  rowOfService.set(service, kept);
  return kept;
}

/** What other clusters have of all that routes lack; `undefined` where they lack something of it, too. */
function foundElsewhere(
  lacking: RoutesLacking | undefined,
  elsewhere: Elsewhere | undefined,
): string | undefined {
  const found = lacking?.endpoints.map(each =>
    elsewhere?.(each, lacking.proxy),
  );
  return found?.includes(undefined) ? undefined : found?.[0];
}

/** Without what another cluster may have, a route is not certain to fail. */
function routesOf({ verdicts, elsewhere }: RowInput): Verdict {
  const { routes, routesLacking } = verdicts;
  return routesLacking === undefined || elsewhere === undefined
    ? routes
    : worstVerdict(
        [
          routesLacking.otherwise,
          plainVerdict('unknown', `${routes.reason}, ${elsewhere}`),
        ],
        routes,
      );
}

/** The number of the last list; no row has been in list 0. */
let lists = 1;

/** Rows of which most stand in the order of the last list: only the others are sorted, and put between them. */
function worstFirst(rows: readonly KeptRow[]): KeptRow[] {
  const placed: (KeptRow | undefined)[] = Array.from(rows, () => undefined);
  const others: KeptRow[] = [];
  for (const kept of rows) {
    const { list, rank } = kept.place;
    if (list === lists) placed[rank] = kept;
    else others.push(kept);
  }
  const sorted = insertedInOrder(
    placed.filter(kept => kept !== undefined),
    others.sort(compareKept),
  );
  lists += 1;
  sorted.forEach(({ place }, rank) => {
    place.list = lists;
    place.rank = rank;
  });
  return sorted;
}

function compareKept({ row: a }: KeptRow, { row: b }: KeptRow): number {
  return compareRows(a, b);
}

/** Two lists that are in order as one, for a second one that is short: it looks where each of its elements belongs. */
function insertedInOrder(
  first: readonly KeptRow[],
  second: readonly KeptRow[],
): KeptRow[] {
  const merged: KeptRow[] = [];
  let done = 0;
  for (const kept of second) {
    let [low, high] = [done, first.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (compareKept(first[middle], kept) < 0) low = middle + 1;
      else high = middle;
    }
    for (; done < low; done += 1) merged.push(first[done]);
    merged.push(kept);
  }
  return merged.concat(first.slice(done));
}

function meshServiceRow(input: RowInput, service: Service): MeshService {
  const { namespace, name } = service.metadata;
  const { cluster, verdicts, unread, traffic, owner, slo } = input;
  const membership = unlessIgnorant(verdicts.membership, unread.membership);
  const mtls = unlessIgnorant(
    encryptionVerdict(verdicts.encryption, seenOf(input)),
    unread.mtls,
  );
  const routes = unlessIgnorant(routesOf(input), unread.routes);
  const authorization = unlessIgnorant(
    verdicts.authorization,
    unread.authorization,
  );
  const all = [
    errorVerdict(traffic),
    slo?.state === 'page' ? plainVerdict('fail', slo.reason) : undefined,
    routes,
    mtls,
    membership,
    authorization,
  ].filter(each => each !== undefined);
  const worst = all.reduce((a, b) =>
    compareStates(a.state, b.state) <= 0 ? a : b,
  );
  const brief = ({ state, reason }: Verdict) => ({ state, reason });
  return {
    service: { cluster, namespace, name, host: verdicts.host },
    state: worst.state,
    headline: worst.reason,
    proxy: verdicts.proxy,
    pods: verdicts.pods,
    mtls: brief(mtls),
    mtlsSummary: verdicts.mtlsSummary,
    routes: brief(routes),
    authorization: brief(authorization),
    posture: verdicts.posture,
    ...(traffic?.requestsPerSecond !== undefined && {
      requestsPerSecond: traffic.requestsPerSecond,
      ...(traffic.share5xx !== undefined && { share5xx: traffic.share5xx }),
    }),
    ...(slo && { slo }),
    ...(owner && {
      entityRef: owner.entityRef,
      ...(owner.owner !== undefined && { owner: owner.owner }),
    }),
  };
}

function seenOf({ observed, traffic }: RowInput): SeenEncryption {
  return observed
    ? traffic?.seen ?? { reason: 'no traffic was seen' }
    : { reason: 'metrics could not be read' };
}

/** A verdict about errors only where there are any: a list does not judge health without them. */
function errorVerdict(
  traffic: ServiceTraffic | undefined,
): Verdict | undefined {
  if (
    !traffic ||
    (traffic.requestsPerSecond ?? 0) < MIN_REQUESTS_PER_SECOND ||
    (traffic.share5xx ?? 0) < BAD_SHARE
  ) {
    return undefined;
  }
  return plainVerdict(
    'fail',
    `${((traffic.share5xx ?? 0) * 100).toPrecision(
      2,
    )} % of requests fail with 5xx`,
  );
}
