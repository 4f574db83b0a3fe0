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

interface ClusterRemark {
  key: string;
  severity: 'info' | 'warning';
  title: string;
  details: string[];
}

/** What is to be said about a cluster that did not answer in full. A kind whose CRD is absent is no failure. */
function remarksOn(cluster: ClusterStatus): ClusterRemark[] {
  const { state, ageSeconds, message } = cluster;
  const name = cluster.title ?? cluster.name;
  const remarks: ClusterRemark[] = [];
  if (state !== 'synced') {
    const age =
      state === 'stale' && ageSeconds !== undefined
        ? ` (${formatSeconds(ageSeconds)} old)`
        : '';
    remarks.push({
      key: name,
      severity:
        state === 'syncing' || state === 'disabled' ? 'info' : 'warning',
      title: `Cluster ${name} ${STATE_WORDS[state]}${age}`,
      details: message === undefined ? [] : [message],
    });
  }
  const unread = cluster.missingKinds.filter(
    missing => missing.reason !== 'absent',
  );
  if (unread.length > 0) {
    remarks.push({
      key: `${name} kinds`,
      severity: 'warning',
      title: `Cluster ${name}: some kinds cannot be read, so answers that need them are unknown`,
      details: unread.map(missing => `${missing.kind}: ${missing.message}`),
    });
  }
  return remarks;
}

function Details(props: { lines: string[] }) {
  return (
    <>
      {props.lines.map(line => (
        <div key={line}>{line}</div>
      ))}
    </>
  );
}

/**
 * Clusters that did not answer in full.
 *
 * @param props.inFull - one remark for each; otherwise one line that opens
 */
export function PartialFailure(props: {
  clusters: ClusterStatus[];
  inFull?: boolean;
}) {
  const remarks = props.clusters.flatMap(remarksOn);
  if (remarks.length === 0) {
    return <></>;
  }
  if (!props.inFull) {
    return (
      <details>
        <summary>{remarks.map(remark => remark.title).join('. ')}</summary>
        <Details lines={remarks.flatMap(remark => remark.details)} />
      </details>
    );
  }
  return (
    <Stack>
      {remarks.map(({ key, severity, title, details }) => (
        <Notice key={key} severity={severity} title={title}>
          <Details lines={details} />
        </Notice>
      ))}
    </Stack>
  );
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
