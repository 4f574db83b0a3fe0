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
  EntityResolution,
  OverviewView,
  WorkloadMembership,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  membershipOf,
  meshConfigOf,
  principal,
  proxyOfPod,
  type Membership,
  type MeshSnapshot,
  type Verdict,
  type Workload,
} from '@mesh-portal/mesh-model';
import { authorizationView } from './authorizationView';
import {
  servicesOf,
  workloadsOfCluster,
  type ClusterInput,
  type EntityInput,
} from './entityInput';
import { certain, ignorance, MEMBERSHIP_KINDS } from './knowledge';
import { exposureView } from './exposure';
import { mtlsView } from './mtlsView';
import { podRemarks } from './podRemarks';
import { routesView } from './routesView';
import { signalsOf } from './signalsView';
import { plainVerdict, worstVerdict } from './verdicts';

/** What new pods would get rests on these kinds. */
const DRIFT_KINDS = [
  ...MEMBERSHIP_KINDS,
  'Node',
  'ConfigMap',
  'Deployment',
] as const;

/** A waypoint that is broken is worse than anything about the proxies themselves. */
function membershipVerdict({ waypoint, verdict }: Membership): Verdict {
  return waypoint?.state === 'broken'
    ? { state: 'fail', reason: waypoint.reason, facts: waypoint.facts }
    : verdict;
}

function driftVerdicts(
  { drift }: Membership,
  status: ClusterStatus,
): Verdict[] {
  return ignorance(status, DRIFT_KINDS)
    ? []
    : drift.map(({ says, facts }) => ({ state: 'fail', reason: says, facts }));
}

function podsInMesh({ counts }: Membership): number {
  return counts
    .filter(({ proxy }) => proxy !== 'none')
    .reduce((sum, { pods }) => sum + pods, 0);
}

/** The identity of its pods, where proxies, or a VM, present it. */
function identityOf(
  snapshot: MeshSnapshot,
  { namespace, serviceAccount, workloadEntry }: Workload,
  inMesh: number,
): Pick<WorkloadMembership, 'principal'> {
  if (inMesh === 0 && !workloadEntry) {
    return {};
  }
  const { trustDomain } = meshConfigOf(snapshot);
  return { principal: principal(trustDomain, namespace, serviceAccount) };
}

function membership(
  cluster: ClusterInput,
  workload: Workload,
): WorkloadMembership {
  const { snapshot, status } = cluster;
  const member = membershipOf(snapshot, workload);
  const newest = workload.pods.at(-1);
  const version = newest && proxyOfPod(newest).version;
  const { waypoint } = member.waypoint ?? {};
  const inMesh = podsInMesh(member);
  const { namespace, serviceAccount } = workload;
  return {
    workload: {
      cluster: cluster.name,
      namespace,
      kind: workload.ref.kind,
      name: workload.name,
    },
    proxy: member.counts.length > 1 ? 'mixed' : member.proxy,
    wanted: member.wanted,
    ...(member.revision === undefined ? {} : { revision: member.revision }),
    ...(version === undefined ? {} : { proxyVersion: version }),
    ...(waypoint === undefined
      ? {}
      : { waypoint: `${waypoint.namespace}/${waypoint.name}` }),
    pods: { total: member.pods, ready: member.readyPods, inMesh },
    serviceAccount,
    ...identityOf(snapshot, workload, inMesh),
    version: workload.canonicalRevision,
    verdict: certain(membershipVerdict(member), status, MEMBERSHIP_KINDS),
    drift: driftVerdicts(member, status),
    health: certain(member.health, status, ['Pod', 'WorkloadEntry']),
  };
}

/** A subject inside a sentence; `mTLS` keeps its own spelling. */
function inSentence(subject: string): string {
  return subject === 'mTLS' ? subject : subject.toLowerCase();
}

/** Worst first; of equals what hurts requests before what is only a matter of posture. */
function headlineOf(
  parts: readonly (readonly [string, Verdict])[],
  remarks: readonly Verdict[],
): string {
  for (const state of ['fail', 'unknown'] as const) {
    const found = parts.find(([, verdict]) => verdict.state === state);
    if (found) {
      return `${found[0]}: ${found[1].reason}`;
    }
  }
  if (remarks.length > 0) {
    return 'Nothing is broken, but its pods deserve a look';
  }
  const good = parts.filter(([, verdict]) => verdict.state === 'pass');
  return good.length === 0
    ? parts[0]?.[1].reason ?? 'Nothing is known'
    : `All is well: ${good.map(([name]) => inSentence(name)).join(', ')}`;
}

/** Is the entity nothing but hosts that a ServiceEntry declares? */
function onlyServiceEntries({ clusters }: EntityInput): boolean {
  return (
    clusters.some(({ match }) => match.serviceEntries.length > 0) &&
    clusters.every(({ match }) => match.services.length === 0)
  );
}

/** What is said about something for which the entity has nothing to be judged. */
function nothingFound(input: EntityInput, what: string): Verdict {
  return onlyServiceEntries(input)
    ? plainVerdict(
        'not-applicable',
        `It is a host of a ServiceEntry, without pods of its own here: ${what} is not the mesh’s to tell`,
      )
    : plainVerdict('unknown', `No Service was found, so ${what} is not known`);
}

/** The verdicts of the cards. */
type Cards = Pick<
  OverviewView,
  'membership' | 'mtls' | 'routes' | 'exposure' | 'authorization' | 'signals'
>;

function worstOf(
  judged: readonly { verdict: Verdict }[],
  ifNone: Verdict,
): Verdict {
  return worstVerdict(
    judged.map(({ verdict }) => verdict),
    ifNone,
  );
}

function cardsOf(
  input: EntityInput,
  workloads: readonly WorkloadMembership[],
): Cards {
  const none = (what: string) => nothingFound(input, what);
  return {
    membership: worstOf(workloads, none('membership')),
    mtls: worstOf(mtlsView(input).services, none('encryption')),
    routes: worstOf(routesView(input, undefined).services, none('routing')),
    exposure: worstOf(exposureView(input).services, none('exposure')),
    authorization: onlyServiceEntries(input)
      ? none('authorization')
      : authorizationView(input).verdict,
    signals: worstOf(servicesOf(input).map(signalsOf), none('traffic')),
  };
}

/** The cards by name: what hurts requests before what is only a matter of posture. */
function partsOf(cards: Cards): [string, Verdict][] {
  return [
    ['Traffic', cards.signals],
    ['Routes', cards.routes],
    ['Exposure', cards.exposure],
    // Authorization fails where callers are refused; mTLS mostly where some of the traffic is plaintext.
    ['Authorization', cards.authorization],
    ['mTLS', cards.mtls],
    ['Membership', cards.membership],
  ];
}

function unresolvedOverview({ state, remedy }: EntityResolution): OverviewView {
  const verdict = plainVerdict(
    state === 'unannotated' ? 'not-applicable' : 'unknown',
    remedy ?? 'No service was found for the entity',
  );
  return {
    headline: verdict.reason,
    state: verdict.state,
    services: [],
    workloads: [],
    remarks: [],
    membership: verdict,
    mtls: verdict,
    routes: verdict,
    exposure: verdict,
    authorization: verdict,
    signals: verdict,
  };
}

/** One sentence and the verdicts of the cards. */
export function overviewView(input: EntityInput): OverviewView {
  const { resolution } = input;
  if (resolution.state !== 'resolved') {
    return unresolvedOverview(resolution);
  }
  const workloads = input.clusters.flatMap(cluster =>
    workloadsOfCluster(cluster).map(workload => membership(cluster, workload)),
  );
  const remarks = podRemarks(workloads);
  const cards = cardsOf(input, workloads);
  const parts = partsOf(cards);
  const worst = worstVerdict(
    parts.map(([, verdict]) => verdict),
    nothingFound(input, 'anything'),
  );
  return {
    headline: headlineOf(parts, remarks),
    state: worst.state,
    services: resolution.services,
    workloads,
    remarks,
    ...cards,
  };
}
