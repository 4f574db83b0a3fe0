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
  ObservedStatus,
} from '@mesh-portal/backstage-plugin-istio-common';
import { formatSeconds } from '../format';
import { Notice } from './Notice';
import { Stack } from './Stack';

const STATE_WORDS: Record<ClusterStatus['state'], string> = {
  synced: 'is read',
  syncing: 'is being read for the first time',
  stale: 'does not answer; the last good answer is shown',
  unreachable: 'cannot be reached',
  unauthorized: 'refuses the portal’s credentials',
  disabled: 'is switched off in the configuration',
};

function ClusterNotice(props: { cluster: ClusterStatus }) {
  const { cluster } = props;
  const name = cluster.title ?? cluster.name;
  const age =
    cluster.state === 'stale' && cluster.ageSeconds !== undefined
      ? ` (${formatSeconds(cluster.ageSeconds)} old)`
      : '';
  return (
    <Notice
      severity={
        cluster.state === 'syncing' || cluster.state === 'disabled'
          ? 'info'
          : 'warning'
      }
      title={`Cluster ${name} ${STATE_WORDS[cluster.state]}${age}`}
    >
      {cluster.message}
    </Notice>
  );
}

function MissingKinds(props: { cluster: ClusterStatus }) {
  const { cluster } = props;
  return (
    <Notice
      severity="warning"
      title={`Cluster ${
        cluster.title ?? cluster.name
      }: some kinds cannot be read, so answers that need them are unknown`}
    >
      <ul style={{ margin: 0, paddingLeft: '1.25em' }}>
        {cluster.missingKinds.map(missing => (
          <li key={missing.kind}>{`${missing.kind}: ${missing.message}`}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** One remark for each cluster that did not answer in full. A kind whose CRD is absent is no failure. */
export function PartialFailure(props: { clusters: ClusterStatus[] }) {
  const notices = props.clusters.flatMap(cluster => {
    const unread = cluster.missingKinds.filter(
      missing => missing.reason !== 'absent',
    );
    return [
      ...(cluster.state === 'synced'
        ? []
        : [<ClusterNotice key={cluster.name} cluster={cluster} />]),
      ...(unread.length === 0
        ? []
        : [
            <MissingKinds
              key={`${cluster.name} kinds`}
              cluster={{ ...cluster, missingKinds: unread }}
            />,
          ]),
    ];
  });
  return notices.length === 0 ? <></> : <Stack>{notices}</Stack>;
}

/** Says why metrics are missing or incomplete. Nothing when all were observed. */
export function ObservedNotice(props: {
  observed: ObservedStatus | undefined;
}) {
  const { observed } = props;
  if (!observed || observed.state === 'available') {
    return <></>;
  }
  if (observed.state === 'partial') {
    return (
      <Notice severity="warning" title="Metrics are incomplete">
        {observed.partial.join(' ')}
      </Notice>
    );
  }
  return (
    <Notice
      severity={observed.state === 'unavailable' ? 'warning' : 'info'}
      title={
        observed.state === 'unavailable'
          ? 'Prometheus does not answer: only configuration is shown'
          : 'No Prometheus is configured: only configuration is shown'
      }
    >
      {observed.message}
    </Notice>
  );
}
