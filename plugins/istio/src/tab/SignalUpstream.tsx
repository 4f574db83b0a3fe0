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

import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  SignalUpstream as Upstream,
  UpstreamClient,
} from '@mesh-portal/backstage-plugin-istio-common';
import { CompactTable, CopyableText, Section, Stack } from '../components';
import type { CompactColumn } from '../components';
import { formatNumber, formatRate, formatShare, NO_NUMBER } from '../format';

function nameOf(client: UpstreamClient) {
  const { entityRef, workload, pod } = client;
  return entityRef ? (
    <EntityRefLink entityRef={entityRef} title={pod} />
  ) : (
    `${pod}${workload ? ` (${workload})` : ''}`
  );
}

function breakerOf({ breakerOpen }: UpstreamClient): string {
  if (breakerOpen === undefined) return NO_NUMBER;
  return breakerOpen ? 'open' : 'closed';
}

function refusedOf(client: UpstreamClient): string {
  const waiting = client.pendingOverflowPerSecond;
  const connections = client.connectionOverflowPerSecond;
  return waiting === undefined && connections === undefined
    ? NO_NUMBER
    : formatRate((waiting ?? 0) + (connections ?? 0));
}

function endpointsOf({ healthyShare, ejectedNow }: UpstreamClient): string {
  const healthy = formatShare(healthyShare);
  return ejectedNow ? `${healthy}, ${ejectedNow} ejected` : healthy;
}

function retriesOf({
  retriesPerSecond,
  retrySuccessShare,
}: UpstreamClient): string {
  const rate = formatRate(retriesPerSecond);
  return retrySuccessShare === undefined
    ? rate
    : `${rate}, ${formatShare(retrySuccessShare)} helped`;
}

/** More than this many requests at the server for one of a caller are no accident of scrapes. */
const RETRIED = 1.02;

const COLUMNS: CompactColumn<UpstreamClient>[] = [
  { title: 'Pod of the caller', cell: nameOf },
  {
    title: 'Port, subset',
    cell: ({ port, subset }) => (subset ? `${port}, ${subset}` : port),
  },
  {
    title: 'Requests',
    cell: each => formatRate(each.requestsPerSecond),
    number: true,
  },
  { title: 'Breaker', cell: breakerOf },
  { title: 'Refused', cell: refusedOf, number: true },
  { title: 'Healthy endpoints', cell: endpointsOf, number: true },
  { title: 'Retries', cell: retriesOf, number: true },
  {
    title: 'Timeouts',
    cell: each => formatRate(each.timeoutsPerSecond),
    number: true,
  },
];

/** Circuit breakers, ejections and retries of the callers, or what to add so that they can be seen. */
export function SignalUpstream(props: { upstream: Upstream }) {
  const { reason, remedy, attemptsPerRequest, clients } = props.upstream;
  return (
    <Section title="Circuit breakers, ejections and retries of callers">
      <Stack tight>
        <div>{reason}</div>
        {attemptsPerRequest !== undefined && attemptsPerRequest > RETRIED && (
          <div>
            {`At the server arrive ${formatNumber(
              attemptsPerRequest,
            )} requests for each one that a meshed caller sends: callers retry.`}
          </div>
        )}
        {clients.length > 0 && (
          <CompactTable
            caption="Circuit breakers, ejections and retries by pod of the caller"
            columns={COLUMNS}
            rows={clients}
            keyOf={({ namespace, pod, port, subset }) =>
              `${namespace}/${pod} ${port} ${subset ?? ''}`
            }
          />
        )}
        {remedy && (
          <>
            <div>{remedy.says}</div>
            <CopyableText text={remedy.lines} label="Copy the lines to add" />
          </>
        )}
      </Stack>
    </Section>
  );
}
