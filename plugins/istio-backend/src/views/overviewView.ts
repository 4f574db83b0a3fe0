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
  OverviewView,
  WorkloadMembership,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  membershipOf,
  meshConfigOf,
  principal,
  proxyOfPod,
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

function membership(
  cluster: ClusterInput,
  workload: Workload,
): WorkloadMembership {
  const { snapshot, status } = cluster;
  const member = membershipOf(snapshot, workload);
  const newest = workload.pods.at(-1);
  const version = newest && proxyOfPod(newest).version;
  const { waypoint } = member.waypoint ?? {};
  const inMesh = member.counts
    .filter(({ proxy }) => proxy !== 'none')
    .reduce((sum, { pods }) => sum + pods, 0);
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
    ...(inMesh > 0 || workload.workloadEntry
      ? {
          principal: principal(
            meshConfigOf(snapshot).trustDomain,
            namespace,
            serviceAccount,
          ),
        }
      : {}),
    version: workload.canonicalRevision,
    verdict: certain(
      member.waypoint?.state === 'broken'
        ? {
            state: 'fail',
            reason: member.waypoint.reason,
            facts: member.waypoint.facts,
          }
        : member.verdict,
      status,
      MEMBERSHIP_KINDS,
    ),
    drift: ignorance(status, DRIFT_KINDS)
      ? []
      : member.drift.map(({ says, facts }) => ({
          state: 'fail',
          reason: says,
          facts,
        })),
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

/** One sentence and the verdicts of the four cards. */
export function overviewView(input: EntityInput): OverviewView {
  const { resolution } = input;
  if (resolution.state !== 'resolved') {
    const verdict = plainVerdict(
      resolution.state === 'unannotated' ? 'not-applicable' : 'unknown',
      resolution.remedy ?? 'No service was found for the entity',
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
  const none = (what: string) =>
    onlyServiceEntries(input)
      ? plainVerdict(
          'not-applicable',
          `It is a host of a ServiceEntry, without pods of its own here: ${what} is not the mesh’s to tell`,
        )
      : plainVerdict(
          'unknown',
          `No Service was found, so ${what} is not known`,
        );
  const workloads = input.clusters.flatMap(cluster =>
    workloadsOfCluster(cluster).map(workload => membership(cluster, workload)),
  );
  const remarks = podRemarks(workloads);
  const verdicts = {
    membership: worstVerdict(
      workloads.map(({ verdict }) => verdict),
      none('membership'),
    ),
    mtls: worstVerdict(
      mtlsView(input).services.map(({ verdict }) => verdict),
      none('encryption'),
    ),
    routes: worstVerdict(
      routesView(input, undefined).services.map(({ verdict }) => verdict),
      none('routing'),
    ),
    exposure: worstVerdict(
      exposureView(input).services.map(({ verdict }) => verdict),
      none('exposure'),
    ),
    authorization: onlyServiceEntries(input)
      ? none('authorization')
      : authorizationView(input).verdict,
    signals: worstVerdict(
      servicesOf(input).map(service => signalsOf(service).verdict),
      none('traffic'),
    ),
  };
  const parts = [
    ['Traffic', verdicts.signals],
    ['Routes', verdicts.routes],
    ['Exposure', verdicts.exposure],
    ['mTLS', verdicts.mtls],
    ['Authorization', verdicts.authorization],
    ['Membership', verdicts.membership],
  ] as const;
  return {
    headline: headlineOf(parts, remarks),
    state: worstVerdict(
      parts.map(([, verdict]) => verdict),
      none('anything'),
    ).state,
    services: resolution.services,
    workloads,
    remarks,
    ...verdicts,
  };
}
