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
  ExternalHost,
  ExternalView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  clientOfWorkload,
  clientTlsFor,
  objectRefOf,
  provenanceOf,
  scopeOf,
  type Client,
  type Verdict,
  type Workload,
} from '@mesh-portal/mesh-model';
import {
  workloadsOfCluster,
  type ClusterInput,
  type EntityInput,
} from '../entityInput';
import { certain, EXTERNAL_KINDS } from '../knowledge';
import { count } from '../numbersInWords';
import { plainVerdict } from '../verdicts';
import { hostInWords, OTHERS_WORDS, outboundInWords } from './externalWords';
import { knownHostsOf, type KnownHost } from './knownHosts';
import { seenCallsOf, type SeenCalls } from './seenCalls';

type ExternalWorkload = ExternalView['workloads'][number];

/** Hosts of an answer; a mesh may declare thousands. */
const MAX_HOSTS = 50;

function verdictOfHost({ host, entry }: KnownHost, tls: string | undefined) {
  const { spec } = entry;
  const { namespace, name } = entry.metadata;
  const failed = (path: string, reason: string): Verdict => ({
    state: 'fail',
    reason,
    facts: [provenanceOf(entry, path, reason)],
  });
  const [problem] = entry.problems;
  if (problem) {
    return plainVerdict(
      'unknown',
      `ServiceEntry ${namespace}/${name} is malformed at ${problem.path}: ${problem.message}`,
    );
  }
  if (tls !== undefined) {
    return plainVerdict('fail', tls);
  }
  if (
    spec.resolution === 'STATIC' &&
    (spec.endpoints ?? []).length === 0 &&
    spec.workloadSelector === undefined
  ) {
    return failed(
      'spec.endpoints',
      `Requests to ${host} fail (503): ServiceEntry ${namespace}/${name} has resolution STATIC and no endpoint`,
    );
  }
  if (
    host.startsWith('*') &&
    (spec.resolution === 'DNS' || spec.resolution === 'DNS_ROUND_ROBIN')
  ) {
    return failed(
      'spec.resolution',
      `${host} cannot be looked up: a host with a wildcard needs resolution NONE or DYNAMIC_DNS`,
    );
  }
  return plainVerdict('not-applicable', `ServiceEntry ${namespace}/${name}`);
}

function hostOf(
  cluster: ClusterInput,
  client: Client,
  known: KnownHost,
  seen: SeenCalls | undefined,
): ExternalHost {
  const { host, entry } = known;
  const { spec } = entry;
  const tls = clientTlsFor(
    cluster.snapshot,
    client,
    host,
    spec.ports?.[0]?.number ?? 0,
  );
  const rate = seen?.get(host);
  return {
    host,
    object: objectRefOf(entry),
    location: spec.location === 'MESH_INTERNAL' ? 'inside' : 'outside',
    ports: (spec.ports ?? []).flatMap(({ number, name, protocol }) =>
      number === undefined
        ? []
        : [{ port: number, name: name ?? '', protocol: protocol ?? '' }],
    ),
    sentence: hostInWords(cluster.snapshot, client, entry, tls),
    ...useOf(rate, seen),
    verdict: verdictOfHost(known, tls.brokenBecause),
    provenance:
      tls.provenance ?? provenanceOf(entry, 'spec.hosts', `Declares ${host}`),
  };
}

function useOf(
  rate: number | undefined,
  seen: SeenCalls | undefined,
): Pick<ExternalHost, 'use' | 'requestsPerSecond'> {
  if (seen === undefined) {
    return { use: 'unknown' };
  }
  return rate === undefined || rate === 0
    ? { use: 'not-seen' }
    : { use: 'seen', requestsPerSecond: rate };
}

/** Used first, then those of its own namespace, each by name. */
function byInterest(namespace: string, seen: SeenCalls | undefined) {
  const rank = ({ host, entry }: KnownHost) => {
    if ((seen?.get(host) ?? 0) > 0) return 0;
    return entry.metadata.namespace === namespace ? 1 : 2;
  };
  return (left: KnownHost, right: KnownHost) =>
    rank(left) - rank(right) || (left.host < right.host ? -1 : 1);
}

function verdictOfWorkload(
  hosts: readonly ExternalHost[],
  total: number,
  outbound: ExternalWorkload['outbound'],
): Verdict {
  const broken =
    hosts.find(
      ({ use, verdict }) => use === 'seen' && verdict.state === 'fail',
    ) ?? hosts.find(({ verdict }) => verdict.state === 'fail');
  if (broken) {
    return broken.verdict;
  }
  const unknown = hosts.find(({ verdict }) => verdict.state === 'unknown');
  if (unknown) {
    return unknown.verdict;
  }
  const used = hosts
    .filter(({ use }) => use === 'seen')
    .map(({ host }) => host);
  const calls = used.length > 0 ? `Calls ${used.join(', ')}. ` : '';
  const knows =
    total === 0
      ? 'No external host is declared for it'
      : `It knows ${count(total, 'external host')}`;
  return plainVerdict(
    'not-applicable',
    `${calls}${knows}; ${OTHERS_WORDS[outbound.mode]}`,
  );
}

function externalOf(
  cluster: ClusterInput,
  workload: Workload,
): ExternalWorkload {
  const { snapshot, name, status } = cluster;
  const client = clientOfWorkload(snapshot, workload);
  const seen = seenCallsOf(cluster.observation, workload);
  const known = [...knownHostsOf(snapshot, client)].sort(
    byInterest(workload.namespace, seen),
  );
  const outbound = outboundInWords(client, scopeOf(snapshot, client));
  const hosts = known
    .slice(0, MAX_HOSTS)
    .map(each => hostOf(cluster, client, each, seen));
  return {
    workload: {
      cluster: name,
      namespace: workload.namespace,
      kind: workload.ref.kind,
      name: workload.name,
    },
    outbound,
    hosts,
    total: known.length,
    verdict: certain(
      verdictOfWorkload(hosts, known.length, outbound),
      status,
      EXTERNAL_KINDS,
    ),
  };
}

/** The hosts of ServiceEntries that the entity’s workloads know and call, and what happens to all other hosts. */
export function externalView(input: EntityInput): ExternalView {
  return {
    workloads: input.clusters.flatMap(cluster =>
      workloadsOfCluster(cluster).map(workload =>
        externalOf(cluster, workload),
      ),
    ),
  };
}
