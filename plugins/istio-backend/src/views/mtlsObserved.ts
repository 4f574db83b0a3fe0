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
  MtlsCaller,
  MtlsView,
} from '@mesh-portal/backstage-plugin-istio-common';
import { callerTraffic, requestRows, type Caller } from '../prometheus';
import { entityOfCaller, type ServiceInput } from './entityInput';
import { tcpCallers } from './signals';

type Observed = NonNullable<MtlsView['services'][number]['observed']>;

function callerOf(service: ServiceInput, caller: Caller) {
  const { namespace, workload, principal } = caller;
  return {
    ...entityOfCaller(service.cluster.entities, caller),
    namespace,
    workload,
    ...(principal === undefined ? {} : { principal }),
  };
}

interface Volume {
  total: number;
  encrypted: number;
}

function overall(http: Volume, tcp: Volume): Partial<Observed> {
  // Requests and connections are different things; requests say more, so connections count only where there are none.
  const { total, encrypted } = http.total > 0 ? http : tcp;
  return total > 0
    ? {
        mutualTlsShare: encrypted / total,
        plaintextPerSecond: Math.max(0, total - encrypted),
      }
    : {
        reason:
          'No traffic was seen at the server in the window, so there is no share',
      };
}

function tcpRows(service: ServiceInput): MtlsCaller[] {
  const { requests } = service.cluster.observation.answers ?? {};
  if (!requests) {
    return [];
  }
  const { namespace, name } = service.ref;
  const byCaller = new Map<string, { caller: Caller } & Volume>();
  for (const { caller, connectionsPerSecond } of tcpCallers(
    requests,
    `${namespace}/${name}`,
  )) {
    const key = `${caller.namespace}/${caller.workload}`;
    const entry = byCaller.get(key) ?? { caller, total: 0, encrypted: 0 };
    entry.total += connectionsPerSecond;
    entry.encrypted += caller.mutualTls ? connectionsPerSecond : 0;
    byCaller.set(key, entry);
  }
  return [...byCaller.values()].map(({ caller, total, encrypted }) => ({
    ...callerOf(service, caller),
    tcpConnectionsPerSecond: total,
    ...(total > 0 ? { mutualTlsShare: encrypted / total } : {}),
  }));
}

function volumeOf(
  callers: readonly MtlsCaller[],
  rate: 'requestsPerSecond' | 'tcpConnectionsPerSecond',
): Volume {
  return callers.reduce(
    (sum, caller) => {
      const total = caller[rate] ?? 0;
      return {
        total: sum.total + total,
        encrypted: sum.encrypted + total * (caller.mutualTlsShare ?? 0),
      };
    },
    { total: 0, encrypted: 0 },
  );
}

/**
 * How much of the traffic was encrypted, as the server saw it: a client’s own report does not know. M1 of
 * golden-signals, R9.9
 */
export function mtlsObserved(service: ServiceInput): Observed | undefined {
  const { answers, problems } = service.cluster.observation;
  if (!answers?.requests) {
    return problems.length > 0
      ? { callers: [], reason: problems[0] }
      : undefined;
  }
  const { namespace, name } = service.ref;
  const missing = answers.requests.missing.get(`${namespace}/${name}`);
  if (missing) return { callers: [], reason: missing.message };
  const rows = requestRows(answers.requests).filter(
    row =>
      row.part === 'now' &&
      row.service === `${namespace}/${name}` &&
      row.reporter !== 'source',
  );
  const http: MtlsCaller[] = callerTraffic(rows).map(
    ({ caller, requestsPerSecond, mutualTlsShare }) => ({
      ...callerOf(service, caller),
      requestsPerSecond,
      ...(mutualTlsShare === undefined ? {} : { mutualTlsShare }),
    }),
  );
  const tcp = tcpRows(service);
  return {
    ...overall(
      volumeOf(http, 'requestsPerSecond'),
      volumeOf(tcp, 'tcpConnectionsPerSecond'),
    ),
    callers: [...http, ...tcp],
  };
}
