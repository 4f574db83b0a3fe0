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
  MtlsPath,
  MtlsPort,
  MtlsView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  membershipOf,
  meshConfigOf,
  mtlsPathOf,
  serverModesOfService,
  workloadsOfService,
  type ServicePortMode,
  type Verdict,
} from '@mesh-portal/mesh-model';
import {
  meshedClient,
  observedClients,
  unmeshedClient,
  type NamedClient,
} from './clients';
import { servicesOf, type EntityInput, type ServiceInput } from './entityInput';
import { encryptionVerdict, unseenPlaintext, withUnseen } from './encryption';
import { certain, ignorance, MTLS_KINDS, unlessIgnorant } from './knowledge';
import { malformedEncryption } from './malformedEncryption';
import { mtlsObserved } from './mtlsObserved';
import { plainVerdict, worstVerdict } from './verdicts';

type MtlsService = MtlsView['services'][number];

/** How many seen callers get a path of their own. */
const MAX_CALLERS = 20;

function outcomeOf(summary: ReturnType<typeof mtlsPathOf>['summary']) {
  switch (summary) {
    case 'mtls':
      return 'encrypted' as const;
    case 'plaintext':
      return 'unencrypted' as const;
    default:
      return summary;
  }
}

/** A client without a proxy is a thought, not a caller that was seen: it tells what the port accepts. */
function hypothetical(outcome: MtlsPath['outcome'], reason: string): Verdict {
  if (outcome === 'unknown') {
    return plainVerdict('not-applicable', reason);
  }
  return plainVerdict(
    'not-applicable',
    outcome === 'broken'
      ? `Clients without a proxy are refused. ${reason}`
      : `Clients without a proxy are let in. ${reason}`,
  );
}

function pathOf(
  service: ServiceInput,
  named: NamedClient,
  port: ServiceInput['service']['spec']['ports'][number],
): MtlsPath {
  const { snapshot } = service.cluster;
  const path = mtlsPathOf(snapshot, named.client, service.service, port);
  const unread = ignorance(service.cluster.status, MTLS_KINDS);
  const outcome = unread === undefined ? outcomeOf(path.summary) : 'unknown';
  const sent = new Set(path.groups.map(group => group.sent.transport));
  const [only] = sent;
  const by = path.groups.find(group => group.sent.by)?.sent.by;
  return {
    client: named.ref,
    sends: sent.size > 1 ? 'mixed' : only ?? 'unknown',
    ...(by === undefined ? {} : { provenance: by }),
    outcome,
    verdict:
      named.client.proxy === 'none' && named.ref.workload === undefined
        ? hypothetical(
            outcome,
            unread ?? path.groups[0]?.says ?? path.verdict.reason,
          )
        : unlessIgnorant(path.verdict, unread),
  };
}

function portOf(
  service: ServiceInput,
  mode: ServicePortMode,
  callers: readonly NamedClient[],
): MtlsPort | undefined {
  const { cluster, ref } = service;
  const port = service.service.spec.ports.find(
    each => each.port === mode.port && each.name === mode.name,
  );
  if (port === undefined || port.protocol === 'UDP') {
    return undefined;
  }
  const clients = [
    meshedClient(cluster, ref.namespace),
    unmeshedClient(cluster.name, ref.namespace),
    ...callers,
  ];
  const paths = clients.map(client => pathOf(service, client, port));
  const verdict = worstVerdict(
    paths
      .map(path => path.verdict)
      .filter(({ state }) => state !== 'not-applicable'),
    plainVerdict('unknown', 'No client is known'),
  );
  const by = mode.workloads.find(workload => workload.server.by)?.server.by;
  return {
    port: mode.port,
    name: mode.name,
    protocol: mode.protocol,
    targetPorts: [...new Set(mode.workloads.map(each => each.targetPort))],
    serverMode: mode.mode,
    ...(by === undefined ? {} : { serverModeBy: by }),
    perWorkload: mode.workloads.map(({ kind, name, server }) => ({
      workload: {
        cluster: cluster.name,
        namespace: ref.namespace,
        kind,
        name,
      },
      mode: server.mode,
      ...(server.by === undefined ? {} : { by: server.by }),
    })),
    paths,
    verdict: certain(verdict, cluster.status, MTLS_KINDS),
  };
}

function summaryOf(
  ports: readonly MtlsPort[],
  verdict: Verdict,
  observed: MtlsService['observed'],
): MtlsService['summary'] {
  const outcomes = new Set(
    ports.flatMap(({ paths }) =>
      paths
        .filter(path => path.verdict.state !== 'not-applicable')
        .map(({ outcome }) => outcome),
    ),
  );
  if (outcomes.size === 0) return 'unknown';
  if (outcomes.has('broken')) return 'broken';
  if (outcomes.has('unknown')) return 'unknown';
  if (outcomes.has('mixed') || outcomes.size > 1) return 'mixed';
  if (outcomes.has('unencrypted')) return 'plaintext';
  if ((observed?.plaintextPerSecond ?? 0) > 0) return 'mixed';
  return verdict.state === 'unknown' ? 'unknown' : 'mtls';
}

/** Server mode, what clients send and how that ends, port by port, beside what was seen. */
function mtlsOfService(service: ServiceInput): MtlsService {
  const { cluster, ref } = service;
  const { snapshot } = cluster;
  const base = {
    service: ref,
    autoMtls: meshConfigOf(snapshot).enableAutoMtls,
  };
  const observed = mtlsObserved(service);
  const withObserved = observed === undefined ? {} : { observed };
  const callers = observedClients(service).slice(0, MAX_CALLERS);
  const judged = serverModesOfService(snapshot, service.service).flatMap(
    mode => {
      const port = portOf(service, mode, callers);
      return port === undefined ? [] : [{ port, ...unseenPlaintext(mode) }];
    },
  );
  const ports = judged.map(({ port, unseen }) => ({
    ...port,
    verdict: withUnseen(port.verdict, unseen),
  }));
  const workloads = workloadsOfService(snapshot, service.service);
  const unmeshed =
    workloads.length > 0 &&
    workloads.every(
      workload => membershipOf(snapshot, workload).proxy === 'none',
    );
  const uncertain = malformedEncryption(snapshot, ref, workloads);
  const decided = encryptionVerdict(
    {
      ports: judged.map(({ port: { serverMode, paths, verdict }, unseen }) => ({
        mode: serverMode,
        broken: paths.some(
          path =>
            path.outcome === 'broken' &&
            path.verdict.state !== 'not-applicable',
        ),
        ...(unseen && { unseen }),
        verdict,
      })),
      unmeshed,
      ...(uncertain && { uncertain }),
    },
    observed,
  );
  const verdict = certain(decided, cluster.status, MTLS_KINDS);
  return {
    ...base,
    summary:
      decided.state === 'not-applicable'
        ? 'not-in-mesh'
        : summaryOf(ports, verdict, observed),
    verdict,
    ports,
    ...withObserved,
  };
}

/** Is the traffic of the entity’s services encrypted? */
export function mtlsView(input: EntityInput): MtlsView {
  return { services: servicesOf(input).map(mtlsOfService) };
}
